"""Keeps the ten sections true when an answer or My Account changes: marks that no longer hold fall, and sections of a
submission come back when a question is asked that was not asked when they were sent (product.md B7)."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal import timeline
from portal.build import rows, snapshots
from portal.build.draft import catalog_of, draft
from portal.build.progress import DRAFTING, Draft, SectionProgress, asked_in, section_progress, status_of
from portal.build.snapshots import Sent
from portal.catalog import Catalog, applicable, certification
from portal.models.integration import Integration, Section
from portal.models.people import User
from portal.status import (
    INTEGRATION_MOVES,
    SECTION_MOVES,
    IntegrationStatus,
    SectionStatus,
    move,
)
from portal.timeline.build import SectionReopened

REVIEWED = frozenset({SectionStatus.UNDER_REVIEW, SectionStatus.APPROVED})


@dataclass(frozen=True, slots=True)
class Now:
    """An integration as it stands, read once for all ten sections."""

    catalog: Catalog
    draft: Draft
    asked: frozenset[str]


def reconcile(integration: Integration, *, by: User | None, mandatory_only: bool = False) -> None:
    """Call after anything that decides what is asked or complete has changed: answers, files, My Account (mandatory_only)."""
    sections = rows.take(integration)
    now = _now(integration)
    sent = snapshots.latest(integration) if integration.submitted_at else {}
    for row in sections:
        progress = section_progress(now.catalog, now.catalog.section(row.key), now.draft, now.asked)
        row.answered, row.total = progress.answered, progress.total
        if row.status in DRAFTING:
            _settle(integration, row, progress, by)
        elif row.key in sent:
            new = newly_asked(now, row, sent[row.key], mandatory_only=mandatory_only)
            _reopen(integration, row, new, sent[row.key], by=by, reason=_reason(now.catalog, new))
    _settle_integration(integration, sections)


def _now(integration: Integration) -> Now:
    catalog, typed = catalog_of(integration), draft(integration)
    return Now(catalog, typed, asked_in(catalog, typed))


def _settle(integration: Integration, row: Section, progress: SectionProgress, by: User | None) -> None:
    """Before the submission: the mark falls when the section is not complete any more."""
    after = status_of(progress, marked=row.marked_at is not None, stored=row.status, noted=bool(row.comment))
    if row.marked_at is not None and after is not SectionStatus.COMPLETE:
        unmark(row)
        reason = progress.missing[0].words
        timeline.record(SectionReopened(reason=reason), by=by, integration=integration, section_key=row.key)
    row.status = move(row.status, after, SECTION_MOVES)


def unmark(row: Section) -> None:
    row.marked_at = row.marked_by_id = None


def newly_asked(now: Now, row: Section, sent: Sent, *, mandatory_only: bool) -> list[str]:
    """What is asked now and was not when the section was sent.

    Through answers: every question. Through My Account alone, or because the certification has a newer version: the
    mandatory ones only.
    """
    by_answers = frozenset() if mandatory_only else applicable(now.catalog, now.draft.answers, sent.account)
    known = certification(sent.version)
    return [
        question.key
        for question in now.catalog.section(row.key).questions
        if question.key in now.asked
        and question.key not in sent.asked
        and (question.mandatory or (question.key in by_answers and question.key in known) or question.key in row.open_questions)
    ]


def _reopen(integration: Integration, row: Section, new: Sequence[str], sent: Sent, *, by: User | None, reason: str) -> None:
    """Opens what is newly asked, seals what is not asked any more, and moves the section accordingly."""
    before = list(row.open_questions)
    flagged = [key for key in before if key in sent.asked]
    row.open_questions = [*flagged, *new]
    if row.open_questions == before:
        return
    if row.status in REVIEWED:
        row.status = move(row.status, SectionStatus.ATTENTION_NEEDED, SECTION_MOVES)
        snapshots.came_back(sent)
        timeline.record(SectionReopened(reason=reason), by=by, integration=integration, section_key=row.key)
    elif not row.open_questions:
        row.status = move(row.status, snapshots.went_back(sent), SECTION_MOVES)
        unmark(row)


def _reason(catalog: Catalog, new: Sequence[str]) -> str:
    """Names the section whose answers decide about the first of these questions."""
    if not new:
        return ""
    condition = catalog.question(new[0]).condition
    subject = next(condition.subjects(), None) if condition else None
    cause = f"an answer in “{catalog.section_of(subject).title}” changed" if subject else "My Account changed"
    asked = "one more question is asked" if len(new) == 1 else f"{len(new)} more questions are asked"
    return f"{asked}, because {cause}"


def _settle_integration(integration: Integration, sections: Sequence[Section]) -> None:
    """Before the submission a confirmation falls with the first section that is not complete; after it the status follows."""
    states = {row.status for row in sections}
    if integration.status is IntegrationStatus.DRAFT:
        if states != {SectionStatus.COMPLETE}:
            integration.confirmed_at = integration.confirmed_by_id = None
        return
    if SectionStatus.ATTENTION_NEEDED in states:
        after = IntegrationStatus.CHANGES_REQUESTED
    elif integration.status is IntegrationStatus.LIVE:
        return
    else:
        after = IntegrationStatus.SUBMITTED
    integration.status = move(integration.status, after, INTEGRATION_MOVES)

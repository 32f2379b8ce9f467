"""Hands sections over to the reviewers: confirm the summary, submit, send corrected sections again."""

from collections.abc import Collection, Iterable

from sqlalchemy import bindparam, func, select, update

from portal import clock, office, timeline
from portal.build import reopening, rows, snapshots
from portal.build.disagreeing import in_integration
from portal.build.draft import catalog_of, draft
from portal.build.progress import asked_in, section_progress
from portal.build.snapshots import snapshot
from portal.catalog import Section as CatalogSection
from portal.extensions import db
from portal.models.evidence import File
from portal.models.integration import Integration, Section
from portal.models.people import User
from portal.models.review import Remark, Round, RoundSection
from portal.refusals import IllegalMove, Missing, NotReady
from portal.status import INTEGRATION_MOVES, SECTION_MOVES, FileState, IntegrationStatus, SectionStatus, move
from portal.timeline.build import SubmissionConfirmed, Submitted

_FILES = (
    select(File)
    .where(
        File.integration_id == bindparam("integration"),
        File.section_key.in_(bindparam("sections", expanding=True)),
        File.removed_at.is_(None),
        File.state == FileState.READY,
    )
    .order_by(File.uploaded_at, File.id)
)
_LAST_NUMBER = select(func.coalesce(func.max(Round.number), 0)).where(Round.integration_id == bindparam("integration"))


def confirm(integration: Integration, *, by: User) -> None:
    """The partner read the summary of all answers. Once more changes nothing; raises NotReady while a section is not complete."""
    reopening.reconcile(integration, by=by)
    if integration.status is not IntegrationStatus.DRAFT or integration.confirmed_at:
        return
    reasons = [_incomplete(integration, row) for row in rows.take(integration) if row.status is not SectionStatus.COMPLETE]
    reasons += unexplained(integration)
    if reasons:
        raise NotReady(reasons)
    integration.confirmed_at, integration.confirmed_by_id = clock.now(), by.id
    timeline.record(SubmissionConfirmed(), by=by, integration=integration)


def _incomplete(integration: Integration, row: Section) -> Missing:
    title = catalog_of(integration).section(row.key).title
    return Missing(f"Complete the section “{title}”.", "build.section", section_key=row.key)


def submit(integration: Integration, section_keys: Collection[str], *, by: User) -> Round:
    """The first submission. Raises IllegalMove unless the integration is a draft and these sections are complete."""
    taken = [row for row in rows.take(integration) if row.key in section_keys]
    if integration.status is not IntegrationStatus.DRAFT:
        raise IllegalMove("This integration was submitted already.")
    integration.status = move(integration.status, IntegrationStatus.SUBMITTED, INTEGRATION_MOVES)
    integration.submitted_at = clock.now()
    return _send(integration, taken, by)


def resubmit(integration: Integration, section_keys: Collection[str], *, by: User) -> Round | None:
    """Send corrected sections again, in a round of their own.

    What was sent a moment ago is left out; None when nothing is left. Raises NotReady with what is still missing.
    """
    reopening.reconcile(integration, by=by)
    sections = rows.take(integration)
    taken = [row for row in sections if row.key in section_keys and row.status is SectionStatus.ATTENTION_NEEDED]
    reasons = [reason for row in taken for reason in missing_corrections(integration, row)]
    reasons += unexplained(integration, {key for row in taken for key in row.open_questions})
    if reasons:
        raise NotReady(reasons)
    if not taken:
        return None
    sent = _send(integration, taken, by)
    if all(row.status is not SectionStatus.ATTENTION_NEEDED for row in sections):
        integration.status = move(integration.status, IntegrationStatus.SUBMITTED, INTEGRATION_MOVES)
    return sent


def unexplained(integration: Integration, among: Collection[str] | None = None) -> list[Missing]:
    """What a check contradicts and nobody has looked at; of these questions, or of all."""
    catalog = catalog_of(integration)
    return [
        Missing(
            f"A check contradicts the answer to “{one.question.text}” Correct the answer, run the check again or explain.",
            "build.section",
            f"against-{one.question.key}",
            catalog.section_of(one.question.key).key,
        )
        for one in in_integration(integration)
        if one.open and (among is None or one.question.key in among)
    ]


def missing_corrections(integration: Integration, row: Section) -> list[Missing]:
    """What keeps a section from being sent again: reasons in the questions that can be changed."""
    catalog, now = catalog_of(integration), draft(integration)
    progress = section_progress(catalog, catalog.section(row.key), now)
    mendable = {f"{place}-{key}" for place in ("answer", "comment", "files") for key in row.open_questions}
    return [reason for reason in progress.missing if reason.anchor in mendable]


def _send(integration: Integration, taken: Iterable[Section], by: User) -> Round:
    sent = _round(integration, by)
    taken = list(taken)
    frozen = _frozen(integration, taken)
    _superseded(integration, [row.key for row in taken])
    for row in taken:
        row.status = move(row.status, SectionStatus.UNDER_REVIEW, SECTION_MOVES)
        row.open_questions = []
        reopening.unmark(row)
        sent.sections.append(RoundSection(section_key=row.key, snapshot=frozen[row.key]))
    db.session.flush()
    happening = Submitted(round_number=sent.number, sections=[row.key for row in taken])
    timeline.record(happening, by=by, integration=integration)
    return sent


def _round(integration: Integration, by: User) -> Round:
    at = clock.now()
    made = Round(
        integration_id=integration.id,
        number=db.session.scalars(_LAST_NUMBER, {"integration": integration.id}).one() + 1,
        catalog_version=integration.catalog_version,
        submitted_at=at,
        submitted_by_id=by.id,
    )
    made.due_at = made.due_in(office.current(), office.review_days())
    db.session.add(made)
    return made


def _frozen(integration: Integration, taken: Iterable[Section]) -> dict[str, dict[str, object]]:
    catalog, now = catalog_of(integration), draft(integration)
    asked = asked_in(catalog, now)
    comments = {row.key: row.comment for row in taken}
    values = {"integration": integration.id, "sections": list(comments)}
    files = db.session.scalars(_FILES, values).all()

    def freeze(section: CatalogSection) -> dict[str, object]:
        own = [file for file in files if file.section_key == section.key]
        return snapshot(section, now, own, asked=asked, comment=comments[section.key], version=catalog.version)

    return {key: freeze(catalog.section(key)) for key in comments}


def _superseded(integration: Integration, keys: list[str]) -> None:
    """What earlier rounds said of these sections is answered by sending them again."""
    for key, sent in snapshots.latest(integration).items():
        if key in keys:
            snapshots.came_back(sent)
    db.session.execute(
        update(Remark)
        .where(
            Remark.integration_id == integration.id,
            Remark.section_key.in_(keys),
            Remark.sent_at.is_not(None),
            Remark.resolved_at.is_(None),
        )
        .values(resolved_at=clock.now())
    )

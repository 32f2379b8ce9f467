"""Moves an integration to a newer version of the certification; what was sent stays readable in its own (product.md B12)."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select, update

from portal import timeline
from portal.build import reopening, rows
from portal.build.draft import catalog_of, draft
from portal.catalog import Catalog, CatalogChanges, Value, certification, compare
from portal.catalog import carry_over as carried
from portal.extensions import db
from portal.models.evidence import File
from portal.models.integration import Answer, Integration, Section
from portal.models.people import User
from portal.refusals import IllegalMove
from portal.status import SECTION_MOVES, SectionStatus, move
from portal.timeline.build import CatalogMoved, DraftSaved, SectionReopened

S = SectionStatus


def carry_over(integration: Integration, to_version: str, *, by: User) -> CatalogChanges:
    """Answers stay by their key where they still fit; what is new or asks for more has to be looked at again.

    Once more changes nothing. Raises IllegalMove while a section is with the reviewers, or for an older version.
    """
    sections = rows.take(integration)
    old, new = catalog_of(integration), certification(to_version)
    changes = compare(old, new)
    if new.version == old.version:
        return changes
    if new.version < old.version or any(row.status is S.UNDER_REVIEW for row in sections):
        raise IllegalMove("The certification can be changed to a newer version while nothing is with the reviewers.")
    _forget(integration, carried(old, new, draft(integration).answers).dropped, by)
    _follow(integration, new)
    integration.previous_version, integration.catalog_version = old.version, new.version
    integration.confirmed_at = integration.confirmed_by_id = None
    weighty = [*changes.added, *(change.key for change in changes.changed if change.requirement)]
    for row in _sections(integration, sections, new):
        again = [question.key for question in new.section(row.key).questions if question.key in weighty]
        if again:
            _look_again(integration, row, again, new, by=by)
    happening = CatalogMoved(old.version, new.version, list(changes.added), [change.key for change in changes.changed])
    timeline.record(happening, by=by, integration=integration)
    reopening.reconcile(integration, by=by)
    return changes


def _forget(integration: Integration, dropped: Any, by: User) -> None:
    """Answers that the new version cannot hold; the history keeps them, and the comment stays."""
    if not dropped:
        return
    found = db.session.scalars(select(Answer).where(Answer.integration_id == integration.id, Answer.question_key.in_(dropped)))
    before: dict[str, Value | None] = {}
    for answer in found:
        before[answer.question_key] = answer.value
        answer.value, answer.version = None, answer.version + 1
    happening = DraftSaved(
        before={key: {"value": value} for key, value in before.items()},
        after={key: {"value": None, "why": dropped[key]} for key in before},
    )
    timeline.record(happening, by=by, integration=integration)


def _follow(integration: Integration, new: Catalog) -> None:
    """Answers and evidence go with their question into its new section."""
    for section in new:
        keys = [question.key for question in section.questions]
        for noun in (Answer, File):
            astray = (noun.integration_id == integration.id, noun.question_key.in_(keys), noun.section_key != section.key)
            db.session.execute(update(noun).where(*astray).values(section_key=section.key))


def _sections(integration: Integration, before: Sequence[Section], new: Catalog) -> list[Section]:
    """The sections of the new version in its order; rows of sections that it does not have go."""
    known = {row.key: row for row in before}
    for position, section in enumerate(new):
        row = known.pop(section.key, None)
        if row is None:
            row = Section(integration_id=integration.id, key=section.key, status=S.NOT_STARTED)
            db.session.add(row)
        row.position = position
    for gone in known.values():
        db.session.delete(gone)
    return rows.take(integration)


def _look_again(integration: Integration, row: Section, again: Sequence[str], new: Catalog, *, by: User) -> None:
    """The mark falls; in a section that was sent the mandatory ones among these questions open."""
    reason = f"version {new.version} of the certification asks for more here"
    if row.status is S.COMPLETE:
        reopening.unmark(row)
    elif row.status in (S.APPROVED, S.ATTENTION_NEEDED):
        opened = [key for key in again if new.question(key).mandatory and key not in row.open_questions]
        if not opened:
            return
        row.open_questions = [*row.open_questions, *opened]
        row.status = move(row.status, S.ATTENTION_NEEDED, SECTION_MOVES)
        reopening.unmark(row)
    else:
        return
    timeline.record(SectionReopened(reason), by=by, integration=integration, section_key=row.key)

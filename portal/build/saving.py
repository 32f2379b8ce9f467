"""Saves what was typed into a section, valid or not, and never over what somebody else saved meanwhile."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from portal import clock, timeline
from portal.build import reopening, rows
from portal.build.draft import value_of
from portal.build.progress import may_edit_question
from portal.build.typed import NOTE, Fate, Stored, Typed, TypedAnswer, fate
from portal.catalog import Section
from portal.extensions import db
from portal.models.integration import Answer, Integration
from portal.models.integration import Section as SectionRow
from portal.models.people import User
from portal.status import IntegrationStatus
from portal.timeline.build import DraftSaved

_ANSWERS = (
    select(Answer)
    .where(Answer.integration_id == bindparam("integration"), Answer.section_key == bindparam("section"))
    .order_by(Answer.id)
    .execution_options(populate_existing=True)
)
_NAMES = select(User.id, User.name).where(User.id.in_(bindparam("ids", expanding=True)))


@dataclass(frozen=True, slots=True)
class Differing:
    """An answer that was not taken: what is stored now, and what was typed."""

    key: str
    stored: Stored
    typed: TypedAnswer
    stored_by: str = ""
    sealed: bool = False


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a posted form."""

    at: datetime
    taken: Mapping[str, Stored]
    """As they are stored now, with their new versions."""
    conflicts: tuple[Differing, ...] = ()
    sealed: tuple[Differing, ...] = ()

    @property
    def refused(self) -> tuple[Differing, ...]:
        return (*self.conflicts, *self.sealed)


def save_draft(integration: Integration, section: Section, typed: Typed, *, by: User) -> Saved:
    """Store every answer that may be stored; the others come back as conflicts or as sealed, and nothing of theirs changes.

    Posting the same once more changes nothing. A confirmation given before is void when an answer changed.
    """
    sections = rows.take(integration)
    row = rows.one(sections, section.key)
    answers = {answer.question_key: answer for answer in db.session.scalars(_ANSWERS, _of(integration, section))}
    before = {key: _stored(answers.get(key)) for key in typed} | {NOTE: Stored(None, row.comment, row.comment_version)}
    fates = {key: fate(one, before[key], may_edit=_may_edit(row, key)) for key, one in typed.items()}
    taken = [key for key in typed if fates[key] is Fate.TAKEN]
    for key in taken:
        _store(integration, row, answers.get(key), key=key, typed=typed[key], by=by)
    if taken:
        _happened(integration, section, {key: (before[key], typed[key]) for key in taken}, by)
    return Saved(
        at=clock.now(),
        taken={key: Stored(typed[key].value, typed[key].comment, before[key].version + 1, by.id) for key in taken},
        conflicts=_differing(Fate.CONFLICT, fates, before, typed),
        sealed=_differing(Fate.SEALED, fates, before, typed),
    )


def may_edit(integration: Integration, section_key: str, question_key: str | None) -> bool:
    """Whether this place can be changed now; without a question, the section's own comments and files."""
    statement = select(SectionRow).where(SectionRow.integration_id == integration.id, SectionRow.key == section_key)
    row = db.session.scalars(statement).one_or_none()
    return row is not None and may_edit_question(row.status, row.open_questions, question_key)


def _of(integration: Integration, section: Section) -> dict[str, object]:
    return {"integration": integration.id, "section": section.key}


def _may_edit(row: SectionRow, key: str) -> bool:
    return may_edit_question(row.status, row.open_questions, None if key == NOTE else key)


def _stored(answer: Answer | None) -> Stored:
    if answer is None:
        return Stored()
    value = None if answer.value is None else value_of(answer.value)
    return Stored(value, answer.comment, answer.version, answer.updated_by_id, answer.updated_at)


def _store(integration: Integration, row: SectionRow, answer: Answer | None, *, key: str, typed: TypedAnswer, by: User) -> None:
    if key == NOTE:
        row.comment, row.comment_version = typed.comment, row.comment_version + 1
        return
    if answer is None:
        answer = Answer(integration_id=integration.id, section_key=row.key, question_key=key, version=0)
        db.session.add(answer)
    answer.value = list(typed.value) if isinstance(typed.value, tuple) else typed.value
    answer.comment, answer.version = typed.comment, answer.version + 1
    answer.updated_at, answer.updated_by_id = clock.now(), by.id


def _happened(integration: Integration, section: Section, changes: Mapping[str, tuple[Stored, TypedAnswer]], by: User) -> None:
    if integration.status is IntegrationStatus.DRAFT:
        integration.confirmed_at = integration.confirmed_by_id = None
    happening = DraftSaved(
        before={key: _plain(before) for key, (before, _) in changes.items()},
        after={key: _plain(after) for key, (_, after) in changes.items()},
    )
    timeline.record(happening, by=by, integration=integration, section_key=section.key)
    reopening.reconcile(integration, by=by)


def _plain(one: Stored | TypedAnswer) -> dict[str, Any]:
    value = list(one.value) if isinstance(one.value, tuple) else one.value
    return {"value": value, "comment": one.comment}


def _differing(wanted: Fate, fates: Mapping[str, Fate], before: Mapping[str, Stored], typed: Typed) -> tuple[Differing, ...]:
    keys = [key for key in typed if fates[key] is wanted]
    names = _names({before[key].by_id for key in keys} - {None})
    return tuple(
        Differing(key, before[key], typed[key], names.get(before[key].by_id, ""), sealed=wanted is Fate.SEALED) for key in keys
    )


def _names(ids: set[int | None]) -> dict[int | None, str]:
    rows_ = db.session.execute(_NAMES, {"ids": sorted(filter(None, ids))}) if ids else ()
    return {user_id: name for user_id, name in rows_}  # noqa: C416 - rows are no pairs for the type checker

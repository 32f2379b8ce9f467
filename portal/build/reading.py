"""What the pages of Build read: prebuilt statements that give rows, a fixed number for each page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CursorResult,
    Executable,
    Row,
    String,
    Text,
    bindparam,
    case,
    cast,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute

from portal.build.draft import account_facts, value_of
from portal.build.typed import Stored
from portal.catalog import AccountFacts, Catalog, Condition, Section, Value, applicable
from portal.extensions import db
from portal.models.columns import Utc
from portal.models.event import Event
from portal.models.integration import Answer, Integration
from portal.models.integration import Section as SectionRow
from portal.models.people import User
from portal.models.review import Remark
from portal.status import RemarkKind
from portal.timeline.build import MessagePosted


def _own_text(column: InstrumentedAttribute[Any]) -> ColumnElement[str]:
    """JSON as it is written, of the one section that is shown: it is read only when the section is drawn anew."""
    return cast(case((SectionRow.key == bindparam("section"), column)), Text)


_SECTIONS = (
    select(
        SectionRow.key,
        SectionRow.status,
        SectionRow.marked_at,
        SectionRow.answered,
        SectionRow.total,
        SectionRow.open_questions,
        SectionRow.comment,
        SectionRow.comment_version,
        _own_text(SectionRow.proofs).label("proofs"),
        _own_text(SectionRow.explanations).label("explanations"),
    )
    .where(SectionRow.integration_id == bindparam("integration"))
    .order_by(SectionRow.position, SectionRow.id)
)
_ANSWERS = (
    select(
        Answer.question_key,
        Answer.section_key,
        Answer.value,
        Answer.comment,
        Answer.version,
        Answer.updated_by_id,
        Answer.updated_at,
    )
    .where(Answer.integration_id == bindparam("integration"))
    .order_by(Answer.id)
)
_OWN_ANSWERS = _ANSWERS.where(Answer.section_key == bindparam("section"))
_MORE_ANSWERS = _ANSWERS.where(
    or_(Answer.section_key == bindparam("section"), Answer.question_key.in_(bindparam("subjects", expanding=True)))
)
MESSAGES = 100
_REMARKS = (
    select(
        cast(Remark.kind, String).label("kind"),
        Remark.question_key.label("question_key"),
        Remark.text.label("text"),
        Remark.sent_at.label("at"),
        Remark.resolved_at.label("resolved_at"),
        User.name.label("author"),
        Remark.id.label("id"),
    )
    .join(User, User.id == Remark.author_id)
    .where(
        Remark.integration_id == bindparam("integration"),
        Remark.section_key == bindparam("section"),
        Remark.sent_at.is_not(None),
        Remark.withdrawn_at.is_(None),
        Remark.kind != RemarkKind.INTERNAL,
    )
)
_ABOUT_QUESTIONS = (
    select(
        literal("message").label("kind"),
        Event.question_key,
        Event.payload["text"].as_string(),
        Event.at,
        cast(null(), Utc),  # PostgreSQL wants to know what kind of nothing
        Event.actor_name,
        Event.id,
    )
    .where(
        Event.integration_id == bindparam("integration"),
        Event.section_key == bindparam("section"),
        Event.kind == MessagePosted.kind,
        Event.question_key.is_not(None),
    )
    .order_by(Event.id.desc())
    .limit(MESSAGES)
    .subquery()
)
_SAID = union_all(_REMARKS, select(_ABOUT_QUESTIONS)).order_by("at", "id")


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers of a section as they are stored, and which of its questions are asked."""

    stored: Mapping[str, Stored]
    asked: frozenset[str]

    def of(self, key: str) -> Stored:
        return self.stored.get(key, NEVER_SAVED)


NEVER_SAVED = Stored()


def run(statement: Executable, values: Mapping[str, object]) -> CursorResult[Any]:
    """Column rows straight from the connection, after what is pending was written: the session's own way takes twice as long."""
    db.session.flush()
    return db.session.connection().execute(statement, values)


def section_rows(integration: Integration, section_key: str = "") -> Sequence[Row[Any]]:
    """The ten sections in order; of the one with this key its proofs and explanations too, as JSON text. One statement."""
    return run(_SECTIONS, {"integration": integration.id, "section": section_key}).all()


def section_answers(integration: Integration, catalog: Catalog, section: Section) -> Answers:
    """One statement, and one more where a question of the section depends on My Account."""
    subjects, asks_account = dependencies(catalog, section.key)
    values: dict[str, object] = {"integration": integration.id, "section": section.key}
    elsewhere = subjects - {question.key for question in section.questions}
    more = {"subjects": sorted(elsewhere)}
    rows = (run(_MORE_ANSWERS, values | more) if elsewhere else run(_OWN_ANSWERS, values)).all()
    answers: dict[str, Value] = {row.question_key: value_of(row.value) for row in rows if row.value}
    account = account_facts(integration.partner_id) if asks_account else AccountFacts()
    own = [row for row in rows if row.section_key == section.key]
    return Answers(
        stored={
            row.question_key: Stored(answers.get(row.question_key), row.comment, row.version, row.updated_by_id, row.updated_at)
            for row in own
        },
        asked=applicable(catalog, answers, account),
    )


def said(integration: Integration, section_key: str) -> Sequence[Row[Any]]:
    """What reviewers said of a section and its questions, and the messages about single questions; oldest first.

    Only what partners may read; `kind` is that of the remark, or "message". One statement.
    """
    return run(_SAID, {"integration": integration.id, "section": section_key}).all()


def dependencies(catalog: Catalog, section_key: str) -> tuple[set[str], bool]:
    """The questions that decide, directly or through others, what a section asks; and whether My Account does too."""
    found: set[str] = set()
    account = False
    waiting = [question.condition for question in catalog.section(section_key).questions if question.condition]
    while waiting:
        condition = waiting.pop()
        account = account or _asks_account(condition)
        for key in set(condition.subjects()) - found:
            found.add(key)
            further = catalog.question(key).condition
            waiting += [further] if further else []
    return found, account


def _asks_account(condition: Condition) -> bool:
    return bool(condition.account) or any(_asks_account(part) for part in condition.parts)

"""Lists of cases, for the partner and for the desk, and everything that was said in one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, literal, select, tuple_
from sqlalchemy.orm import aliased, joinedload

from portal import clock
from portal.extensions import db
from portal.models.case import Case, CaseFile, CaseMessage
from portal.models.evidence import File
from portal.models.partner import Partner
from portal.models.people import User
from portal.status import Ball, CaseCategory
from portal.support import words

PAGE = 30
CAP = 200
"""Cases beyond this many are not counted one by one."""
_assigned = aliased(User)
_ROWS = (
    select(
        Case.id, Case.key, Case.number, Case.subject, Case.category, Case.status, Case.ball, Case.sorted_at, Case.created_at,
        Partner.name.label("partner"), Partner.key.label("partner_key"), _assigned.name.label("assigned"),
    )
    .join(Partner, Partner.id == Case.partner_id)
    .outerjoin(_assigned, _assigned.id == Case.assigned_to_id)
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Desk:
    """What the desk looks for; empty fields do not filter. `ball` None: all of them, newest first."""

    ball: Ball | None = Ball.GOCARDLESS
    category: CaseCategory | None = None
    assigned: int | None = None
    """A colleague's row; 0: nobody's."""
    partner_id: int | None = None
    overdue: bool = False
    text: str = ""

    @property
    def by_time(self) -> bool:
        """A search, and all of them, go by number, newest first; the queue goes by time."""
        return self.ball is not None and not self.text


@dataclass(frozen=True, slots=True)
class Page:
    rows: Sequence[Row[Any]]
    next: str
    """Cursor of the next page; empty at the end."""


def own(partner_id: int, *, ball: Ball | None, text: str, before: int | None) -> Page:
    """A partner's cases, newest first."""
    statement = words.narrowed(_ROWS, text, partner_id=partner_id, before=before).where(Case.partner_id == partner_id)
    return _page(statement.where(Case.ball == ball) if ball is not None else statement, lambda row: str(row.id))


def desk(asked: Desk, *, after: str) -> Page:
    """The queue: what is due first on top, what ended last on top; a search by number."""
    statement = _ROWS.where(*_conditions(asked))
    if not asked.by_time:
        before = int(after) if after.isascii() and after.isdecimal() and len(after) < 11 else None
        return _page(words.narrowed(statement, asked.text, partner_id=None, before=before), lambda row: str(row.id))
    place, since = tuple_(Case.sorted_at, Case.id), _moment(after)
    if asked.ball is Ball.NOBODY:
        statement = statement.where(place < since) if since is not None else statement
        statement = statement.order_by(Case.sorted_at.desc(), Case.id.desc())
    else:
        statement = statement.where(place > since) if since is not None else statement
        statement = statement.order_by(Case.sorted_at, Case.id)
    return _page(statement, lambda row: f"{row.sorted_at.isoformat()}~{row.id}")


def _conditions(asked: Desk) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = []
    if asked.ball is not None:
        where.append(Case.ball == asked.ball)
    if asked.category is not None:
        where.append(Case.category == asked.category)
    if asked.assigned is not None:
        where.append(Case.assigned_to_id.is_not_distinct_from(asked.assigned or None))
    if asked.partner_id is not None:
        where.append(Case.partner_id == asked.partner_id)
    if asked.overdue:
        where += [Case.ball == Ball.GOCARDLESS, Case.sorted_at < clock.now()]
    return where


def _page(statement: Select[Any], cursor: Any) -> Page:
    found = db.session.execute(statement.limit(PAGE + 1)).all()
    return Page(found[:PAGE], cursor(found[PAGE - 1]) if len(found) > PAGE else "")


def _moment(cursor: str) -> Any:
    """The place that a cursor names; None for anything else that stands in the URL."""
    at, _, row = cursor.partition("~")
    try:
        moment = datetime.fromisoformat(at)
        number = int(row)
    except ValueError:
        return None
    if moment.tzinfo is None or not 0 <= number < 2**31:
        return None
    return tuple_(literal(moment, Case.sorted_at.type), literal(number))


def waiting() -> tuple[int, int, int]:
    """How many wait for us, of these overdue, and how many for partners; each counted to CAP. One statement."""
    now = clock.now()
    late = select(Case.id).where(Case.ball == Ball.GOCARDLESS, Case.sorted_at < now)
    counts = [
        _capped(select(Case.id).where(Case.ball == Ball.GOCARDLESS)),
        _capped(late),
        _capped(select(Case.id).where(Case.ball == Ball.PARTNER)),
    ]
    ours, overdue, theirs = db.session.execute(select(*counts)).one()
    return ours, overdue, theirs


def _capped(statement: Select[tuple[int]]) -> Any:
    return select(func.count()).select_from(statement.limit(CAP + 1).subquery()).scalar_subquery()


def said(case: Case, *, to_staff: bool) -> Sequence[CaseMessage]:
    """Oldest first; partners do not get internal notes."""
    statement = select(CaseMessage).where(CaseMessage.case_id == case.id).order_by(CaseMessage.id)
    return db.session.scalars(statement if to_staff else statement.where(CaseMessage.internal.is_(False))).all()


def files(case: Case) -> dict[int, list[File]]:
    """The files of each message by its id. One statement."""
    statement = (
        select(CaseFile.message_id, File)
        .join(File, File.id == CaseFile.file_id)
        .where(CaseFile.case_id == case.id)
        .options(joinedload(File.uploaded_by))
        .order_by(File.id)
    )
    found: dict[int, list[File]] = {}
    for message_id, file in db.session.execute(statement):
        found.setdefault(message_id, []).append(file)
    return found

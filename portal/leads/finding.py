"""Lists of leads, for the partner and for sales: pages by key, a board, the pipeline in figures, all of them for a spreadsheet."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, select, union_all
from sqlalchemy.orm import aliased

from portal import clock, sheets, transaction
from portal.extensions import db
from portal.leads.service import ENDED
from portal.models.lead import Lead, LeadUpdate
from portal.models.partner import Partner
from portal.models.people import User
from portal.status import LEAD, LeadStatus

PAGE = 50
COLUMN = 20
"""Leads that a column of the board shows."""
PIECE = 1000
ON_BOARD = tuple(status for status in LeadStatus if status not in ENDED and status is not LeadStatus.DRAFT)
_owner = aliased(User)
_COLUMNS = (
    Lead.id, Lead.key, Lead.number, Lead.company, Lead.country, Lead.status, Lead.currency, Lead.yearly_volume, Lead.updated_at,
    Lead.next_update_at, Lead.submitted_at, Partner.name.label("partner"), _owner.name.label("owner"),
)  # fmt: skip
_ROWS = select(*_COLUMNS).join(Partner, Partner.id == Lead.partner_id).outerjoin(_owner, _owner.id == Lead.owner_id)
HEAD = (
    "lead",
    "partner",
    "company",
    "country",
    "status",
    "currency",
    "yearly_volume",
    "owner",
    "submitted",
    "updated",
    "next_update",
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for; empty fields do not filter. Drafts are the partner's own."""

    partner_id: int | None = None
    status: LeadStatus | None = None
    owner: int | None = None
    """A colleague's row; 0: nobody's."""
    overdue: bool = False
    drafts: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    rows: Sequence[Row[Any]]
    older: int | None


def own(partner_id: int, status: LeadStatus | None, before: int | None) -> Page:
    """A partner's leads with its drafts, newest first."""
    statement = _ROWS.where(Lead.partner_id == partner_id)
    if status is not None:
        statement = statement.where(Lead.status == status)
    return _page(statement, before)


def desk(asked: Asked, before: int | None) -> Page:
    """What sales see, newest first."""
    return _page(_narrowed(_ROWS, asked), before)


def overdue(limit: int = PAGE) -> Sequence[Row[Any]]:
    """Leads whose partner should have heard by now, the longest first."""
    late = _ROWS.where(Lead.next_update_at < clock.now()).order_by(Lead.next_update_at, Lead.id)
    return db.session.execute(late.limit(limit)).all()


def board(owner: int | None) -> dict[LeadStatus, list[Row[Any]]]:
    """The newest leads of every open stage. One statement."""
    columns = [_column(status, owner) for status in ON_BOARD]
    found: dict[LeadStatus, list[Row[Any]]] = {status: [] for status in ON_BOARD}
    for row in db.session.execute(union_all(*columns)):
        found[row.status].append(row)
    return found


def _column(status: LeadStatus, owner: int | None) -> Select[Any]:
    statement = _ROWS.where(Lead.status == status)
    if owner is not None:
        statement = statement.where(Lead.owner_id == owner)
    newest = statement.order_by(Lead.id.desc()).limit(COLUMN).subquery()
    return select(newest)


def pipeline(partner_id: int | None) -> Sequence[Row[Any]]:
    """Number and yearly volume by stage and currency; currencies are never added up."""
    statement = select(Lead.status, Lead.currency, func.count().label("number"), func.sum(Lead.yearly_volume).label("volume"))
    statement = statement.where(Lead.status != LeadStatus.DRAFT)
    if partner_id is not None:
        statement = statement.where(Lead.partner_id == partner_id)
    found = db.session.execute(statement.group_by(Lead.status, Lead.currency)).all()
    order = list(LeadStatus)
    return sorted(found, key=lambda row: (order.index(row.status), row.currency))


def news(lead: Lead, *, to_staff: bool) -> Sequence[LeadUpdate]:
    """All that was said, newest first; partners do not get internal notes."""
    statement = select(LeadUpdate).where(LeadUpdate.lead_id == lead.id).order_by(LeadUpdate.id.desc())
    return db.session.scalars(statement if to_staff else statement.where(LeadUpdate.internal.is_(False))).all()


def csv(asked: Asked) -> Iterator[str]:
    """All that fit, piece by piece: no transaction and little memory is held on the way."""
    yield sheets.lines([HEAD])
    before: int | None = None
    while True:
        statement = _narrowed(_ROWS, asked).order_by(Lead.id.desc()).limit(PIECE)
        found = db.session.execute(statement.where(Lead.id < before) if before else statement).all()
        transaction.release()
        if found:
            yield sheets.lines(_cells(row) for row in found)
        if len(found) < PIECE:
            return
        before = found[-1].id


def _cells(row: Row[Any]) -> list[object]:
    return [
        row.number, row.partner, row.company, row.country, LEAD[row.status].words, row.currency, row.yearly_volume, row.owner or "",
        row.submitted_at or "", row.updated_at, row.next_update_at or "",
    ]  # fmt: skip


def _narrowed(statement: Select[Any], asked: Asked) -> Select[Any]:
    where: list[ColumnElement[bool]] = []
    if asked.partner_id is not None:
        where.append(Lead.partner_id == asked.partner_id)
    if asked.status is not None:
        where.append(Lead.status == asked.status)
    elif not asked.drafts:
        where.append(Lead.status != LeadStatus.DRAFT)
    if asked.owner is not None:
        where.append(Lead.owner_id.is_not_distinct_from(asked.owner or None))
    if asked.overdue:
        where.append(Lead.next_update_at < clock.now())
    return statement.where(*where)


def _page(statement: Select[Any], before: int | None) -> Page:
    statement = statement.order_by(Lead.id.desc()).limit(PAGE + 1)
    found = db.session.execute(statement.where(Lead.id < before) if before else statement).all()
    return Page(found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else None)

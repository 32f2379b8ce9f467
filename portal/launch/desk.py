"""What partner managers see of listings: those that wait, oldest first, and the others by state."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, or_, select

from portal.extensions import db
from portal.models.listing import Listing
from portal.models.partner import Partner
from portal.status import ListingStatus

PAGE = 50
WAITING = (ListingStatus.READY, ListingStatus.UPDATE_PENDING)
_COLUMNS = (Listing.id, Listing.key, Listing.status, Listing.pending_at, Listing.published_at, Listing.updated_at, Partner.name)


def waiting(*, after: Row[Any] | None) -> list[Row[Any]]:
    """One page of those that wait for a decision and one row more, the longest waiting first."""
    statement = (
        select(*_COLUMNS)
        .join(Partner, Partner.id == Listing.partner_id)
        .where(Listing.status.in_(WAITING))
        .order_by(Listing.pending_at, Listing.id)
        .limit(PAGE + 1)
    )
    if after is not None:
        later: datetime = after.pending_at
        statement = statement.where(or_(Listing.pending_at > later, and_(Listing.pending_at == later, Listing.id > after.id)))
    return list(db.session.execute(statement))


def in_state(status: ListingStatus, *, after: Row[Any] | None) -> list[Row[Any]]:
    """One page of a state and one row more, newest first."""
    statement = (
        select(*_COLUMNS)
        .join(Partner, Partner.id == Listing.partner_id)
        .where(Listing.status == status)
        .order_by(Listing.id.desc())
        .limit(PAGE + 1)
    )
    return list(db.session.execute(statement.where(Listing.id < after.id) if after is not None else statement))


def place(key: str) -> Row[Any] | None:
    """Where a page ended."""
    return db.session.execute(select(Listing.id, Listing.pending_at).where(Listing.key == key)).one_or_none() if key else None

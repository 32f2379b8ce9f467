"""The statements behind the log's pages: walks along ids, between two of them, in either direction."""

from functools import lru_cache
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, bindparam, func, select
from sqlalchemy.orm import aliased

from portal.extensions import Base
from portal.models.columns import Utc
from portal.models.delivery import Delivery, DeliveryValue

CAP = 501
"""Counts end here: the page says "500+". Counting further costs more than it tells."""
WINDOW = 2_000
"""Ids that one page looks at when filters are combined that seldom meet; the next page goes on behind them."""
Way = Literal["older", "newer"]

COLUMNS = tuple(
    getattr(Delivery, name)
    for name in (
        "id", "key", "app_id", "received_at", "signature", "reason", "answer", "milliseconds", "size", "parsed_at", "problem",
        "events", "summary",
    )
)  # fmt: skip
"""What a list needs; headers and body stay where they are."""

_FIRST = Base.metadata.tables["delivery_value"]
_MINE = Delivery.partner_id == bindparam("partner")
_UNREAD = Delivery.partner_id + 0 == bindparam("partner"), Delivery.parsed_at.is_(None)
"""The sum keeps SQLite from walking along all of the partner's deliveries, when the index of what is not read yet is nearly empty."""
VERSION = select(
    select(func.max(Delivery.id)).where(_MINE).scalar_subquery(),
    select(func.min(Delivery.id)).where(*_UNREAD).scalar_subquery(),
)
ENDS = select(
    select(Delivery.id)
    .where(_MINE, Delivery.received_at < bindparam("since", type_=Utc))
    .order_by(Delivery.received_at.desc(), Delivery.id.desc())
    .limit(1)
    .scalar_subquery(),
    select(Delivery.id)
    .where(_MINE, Delivery.received_at > bindparam("until", type_=Utc))
    .order_by(Delivery.received_at, Delivery.id)
    .limit(1)
    .scalar_subquery(),
)
"""The last delivery before a time and the first after another; nothing compares with None."""


@lru_cache(maxsize=64)
def counts(many: int) -> Select[Any]:
    """How many deliveries each value has, counted to the cap."""
    return select(*(_capped(place) for place in range(many)))


def _capped(place: int) -> ColumnElement[int]:
    some = select(DeliveryValue.value).where(DeliveryValue.value == bindparam(f"value{place}")).limit(CAP).subquery()
    return select(func.count()).select_from(some).scalar_subquery()


@lru_cache(maxsize=256)
def walk(many: int, way: Way, since: bool, until: bool, only_ids: bool) -> Select[Any]:  # noqa: FBT001 - the key of a cache
    """Deliveries along their ids, or along those of the first value in which the others are looked up."""
    columns = (Delivery.id,) if only_ids else COLUMNS
    statement = select(*columns).where(_MINE)
    along: ColumnElement[int] = Delivery.id.expression
    if many:
        along = _FIRST.c.delivery_id
        statement = statement.join(_FIRST, along == Delivery.id).where(_FIRST.c.value == bindparam("value0"))
        statement = statement.where(*(_has(place, along) for place in range(1, many)))
    statement = statement.where(along > bindparam("low"), along < bindparam("high"))
    if since:
        statement = statement.where(Delivery.received_at >= bindparam("since", type_=Utc))
    if until:
        statement = statement.where(Delivery.received_at < bindparam("until", type_=Utc))
    return statement.order_by(along.desc() if way == "older" else along).limit(bindparam("limit"))


@lru_cache(maxsize=64)
def met(many: int) -> Select[Any]:
    """The ids that have all of these values: the partner is part of each, so that no delivery need be looked at."""
    along = _FIRST.c.delivery_id
    statement = select(along).where(_FIRST.c.value == bindparam("value0"), along > bindparam("low"), along < bindparam("high"))
    return statement.where(*(_has(place, along) for place in range(1, many))).limit(bindparam("limit"))


@lru_cache(maxsize=2)
def beyond(way: Way) -> Select[Any]:
    """The first id behind the window of those that have the first value."""
    along = _FIRST.c.delivery_id
    statement = select(along).where(_FIRST.c.value == bindparam("value0"), along > bindparam("low"), along < bindparam("high"))
    return statement.order_by(along.desc() if way == "older" else along).offset(bindparam("window")).limit(1)


def _has(place: int, delivery_id: ColumnElement[int]) -> ColumnElement[bool]:
    """Looked up id by id: PostgreSQL makes a join of an EXISTS, and reads all that has the value."""
    other = aliased(DeliveryValue)
    looked_up = (
        select(other.delivery_id).where(other.value == bindparam(f"value{place}"), other.delivery_id == delivery_id).limit(1)
    )
    return looked_up.scalar_subquery().is_not(None)

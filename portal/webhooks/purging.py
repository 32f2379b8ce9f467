"""Webhooks that are older than they are kept go, with their events, their tries and all that they were found by."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, delete, select

from portal.extensions import Base, db
from portal.models.delivery import Delivery
from portal.transaction import writing
from portal.webhooks import apart, values

BATCH = 100
"""In one transaction, so that nobody waits for long."""
_OLDEST = select(Delivery.id, Delivery.received_at, Delivery.found_by).order_by(Delivery.id).limit(BATCH)
_OF = (
    select(Delivery.id, Delivery.found_by).where(Delivery.partner_id == bindparam("partner")).order_by(Delivery.id).limit(BATCH)
)
_TABLE = Base.metadata.tables["delivery_value"]
_VALUE = delete(_TABLE).where(_TABLE.c.value == bindparam("value"), _TABLE.c.delivery_id == bindparam("delivery"))


def purge(before: datetime) -> int:
    """Forget what was received before; says how many deliveries that were. Needs no open transaction."""
    count = 0
    while gone := _some(before):
        count += gone
    return count


def purge_of(partner_id: int) -> int:
    """Forget everything that one partner received. Needs no open transaction."""
    count = 0
    while True:
        with apart.reading(db.engine) as connection:
            some = connection.execute(_OF, {"partner": partner_id}).all()
        if not some:
            return count
        count += _forget(some)


def _some(before: datetime) -> int:
    """The oldest hundred, as far as they are old enough: ids are in the order of time, so nobody need look for them."""
    with apart.reading(db.engine) as connection:
        return _forget([row for row in connection.execute(_OLDEST) if row.received_at < before])


def _forget(rows: Sequence[Row[Any]]) -> int:
    """These, with their events and tries; says how many they were."""
    if not rows:
        return 0
    numbers = [{"value": number, "delivery": row.id} for row in rows for number in values.unpacked(row.found_by)]
    with apart.turn(db.engine), writing():
        if numbers:
            db.session.connection().execute(_VALUE, numbers)
        db.session.execute(delete(Delivery).where(Delivery.id.in_([row.id for row in rows])))
    return len(rows)

"""What the worker does with stored webhooks: reads them, explains them, and stores what was found, each exactly once.

The delivery itself is the row that waits: `parsed_at` is empty until all that follows from it is stored in one transaction. Bodies
are read before that transaction begins, so that nobody waits for a large one.
"""

from collections.abc import Sequence

import structlog
from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import OperationalError

from portal import clock
from portal.extensions import db
from portal.models.delivery import Delivery
from portal.transaction import writing
from portal.webhooks import apart, explaining, forwarding, understanding
from portal.webhooks.understanding import COLUMNS, Read

BATCH, BYTES = 100, 4_000_000
"""Deliveries in one transaction, and bytes of their bodies (of one at least)."""
UNREADABLE = "The portal could not read this webhook."
log = structlog.get_logger("portal.webhooks")
_DUE = select(Delivery.id, Delivery.size).where(Delivery.parsed_at.is_(None)).order_by(Delivery.id).limit(BATCH)
_WHOLE = select(*COLUMNS).where(Delivery.id.in_(bindparam("ids", expanding=True))).order_by(Delivery.id)
_STILL = select(Delivery.id).where(Delivery.id.in_(bindparam("ids", expanding=True)), Delivery.parsed_at.is_(None))


def catch_up() -> int:
    """Read all that waits; says how many that were. Needs an application context and no open transaction."""
    count = 0
    while some := read_some():
        count += some
    return count


def read_some() -> int:
    """The oldest that wait, a hundred at most; 0 when none does. Raises OperationalError when the database is busy or away."""
    ids = _due()
    if ids and not _read(ids):
        for one in ids:
            if not _read([one]):
                _give_up(one)
    return len(ids)


def _due() -> list[int]:
    """Ids of the oldest, until their bodies are too many bytes."""
    found: list[int] = []
    taken = 0
    with apart.reading(db.engine) as connection:
        waiting = connection.execute(_DUE).all()
    for delivery_id, size in waiting:
        taken += size
        if found and taken > BYTES:
            break
        found.append(delivery_id)
    return found


def _read(ids: Sequence[int]) -> bool:
    """Whether it went well: a defect of ours must not keep those that come after from being read."""
    try:
        _store(_understood(ids))
    except OperationalError:
        raise  # nothing was stored, and all are due again
    except Exception as error:  # whatever it is
        db.session.rollback()
        log.exception("webhooks not read", first=ids[0], webhooks=len(ids), error=type(error).__name__)
        return False
    return True


def _understood(ids: Sequence[int]) -> list[Read]:
    with apart.reading(db.engine) as connection:
        whole = connection.execute(_WHOLE, {"ids": ids}).all()
    return explaining.explained([understanding.understood(row) for row in whole])


def _store(read: Sequence[Read]) -> None:
    """In one transaction, those that no other worker has read meanwhile."""
    with apart.turn(db.engine), writing():
        apart.alone(db.session.connection(), apart.UNDERSTANDING)
        still = set(db.session.scalars(_STILL, {"ids": [one.id for one in read]}))
        mine = [one for one in read if one.id in still]
        understanding.store(mine)
        forwarding.follow((one.id, one.row.app_id, one.row.signature) for one in mine)


def _give_up(delivery_id: int) -> None:
    with writing():
        values = {"parsed_at": clock.now(), "problem": UNREADABLE}
        db.session.execute(update(Delivery).where(Delivery.id == delivery_id, Delivery.parsed_at.is_(None)).values(values))

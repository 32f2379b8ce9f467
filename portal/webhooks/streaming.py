"""What programs ask for with an API key: webhooks in the order in which they came, from a place on; and how they were answered."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from threading import BoundedSemaphore
from typing import Any

from sqlalchemy import bindparam, func, select

from portal import transaction
from portal.extensions import db, rows
from portal.models.delivery import Delivery, Forward
from portal.refusals import Refusal
from portal.status import ForwardKind
from portal.webhooks import searching, telling
from portal.webhooks.searching import Filters

LONGEST = 10.0
"""Seconds that one question may be held while nothing comes: shorter than a server takes to stop."""
LOOK = 0.25
AT_ONCE = 100
MOST_ATTEMPTS = 100
KEPT_ATTEMPTS = 50
"""Attempts of one webhook that are kept of what listeners tell."""
LONGEST_TO, LONGEST_ERROR = 500, 300
_NEWEST = select(func.max(Delivery.id)).where(Delivery.partner_id == bindparam("partner"))
_KNOWN = (
    select(Delivery.key, Delivery.id, func.count(Forward.id).label("attempts"))
    .outerjoin(Forward, Forward.delivery_id == Delivery.id)
    .where(Delivery.partner_id == bindparam("partner"), Delivery.key.in_(bindparam("keys", expanding=True)))
    .group_by(Delivery.key, Delivery.id)
)


class Unknown(Refusal):
    """One of the webhooks is not there, or not theirs."""

    status = 404


class NotUnderstood(Refusal):
    """It is no list of attempts."""

    status = 422


def newest(partner_id: int) -> int:
    """Where the stream ends now; 0 while it is empty."""
    return int(rows(_NEWEST, {"partner": partner_id}).scalar_one() or 0)


def after(partner_id: int, cursor: int) -> list[dict[str, Any]]:
    """What came after a place, oldest first: ids become visible in their order, so that nothing is ever passed over."""
    found = searching.page(partner_id, Filters(), after=cursor, limit=AT_ONCE).rows[::-1]
    return telling.whole(telling.fitting(found))


class Seats:
    """So many threads of this process may wait at a time; the others of the server answer people."""

    def __init__(self, threads: int) -> None:
        self._free = BoundedSemaphore(max(1, threads // 4))

    @contextmanager
    def one(self) -> Iterator[bool]:
        """Whether there was a seat."""
        got = self._free.acquire(blocking=False)
        try:
            yield got
        finally:
            if got:
                self._free.release()


def wait(partner_id: int, cursor: int, *, seconds: float) -> None:
    """Back when something came after the cursor, or after that time; no transaction is open in between."""
    end = time.monotonic() + min(seconds, LONGEST)
    while newest(partner_id) <= cursor and time.monotonic() < end:
        transaction.release()
        time.sleep(LOOK)
    transaction.release()


def tell(partner_id: int, sent: object) -> int:
    """Keep how webhooks were answered on somebody's machine; how many were kept. Raises NotUnderstood or Unknown."""
    attempts = [_attempt(one) for one in _listed(sent)]
    keys = sorted({one["webhook"] for one in attempts})
    known = {row.key: row for row in rows(_KNOWN, {"partner": partner_id, "keys": keys})} if keys else {}
    if len(known) < len(keys):
        raise Unknown("One of these webhooks is not here.")
    kept = [one for one in attempts if known[one["webhook"]].attempts < KEPT_ATTEMPTS]
    db.session.add_all(_row(partner_id, known[one["webhook"]].id, one) for one in kept)
    return len(kept)


def _row(partner_id: int, delivery_id: int, one: Mapping[str, Any]) -> Forward:
    return Forward(
        partner_id=partner_id, delivery_id=delivery_id, kind=ForwardKind.LISTENER, to=one["to"], status=one["status"],
        error=one["error"], milliseconds=one["milliseconds"],
    )  # fmt: skip


def _listed(sent: object) -> Sequence[object]:
    listed = sent.get("attempts") if isinstance(sent, dict) else None
    if not isinstance(listed, list) or len(listed) > MOST_ATTEMPTS:
        raise NotUnderstood(f"Send {{“attempts”: […]}} with at most {MOST_ATTEMPTS} of them.")
    return listed


def _attempt(one: object) -> dict[str, Any]:
    """The attempt with every part of the right kind."""
    if not isinstance(one, dict):
        raise NotUnderstood("An attempt is an object.")
    status, took = one.get("status"), one.get("milliseconds")
    right = (
        isinstance(one.get("webhook"), str)
        and (status is None or (isinstance(status, int) and not isinstance(status, bool) and 100 <= status <= 599))
        and (took is None or (isinstance(took, int | float) and not isinstance(took, bool) and 0 <= took < 10_000_000))
    )
    if not right:
        raise NotUnderstood("An attempt has webhook (its key), to, status (100 to 599, or null), error and milliseconds.")
    return {
        "webhook": _plain(one["webhook"], 64),
        "to": _plain(one.get("to"), LONGEST_TO) or "a listener",
        "status": status,
        "error": _plain(one.get("error"), LONGEST_ERROR),
        "milliseconds": took,
    }


def _plain(value: object, most: int) -> str:
    """Printable text: it stands in a table later."""
    return "".join(char for char in value if char.isprintable())[:most] if isinstance(value, str) else ""

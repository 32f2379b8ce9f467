"""Faults on order: the next calls of an organisation fail in the way that a lever has asked for."""

import time
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select, update

from portal.sandbox.errors import internal, timed_out, usage
from portal.sandbox.store.tables import faults, organisations

API_KINDS = ("429", "500", "timeout", "slow", "html", "empty")
WEBHOOK_KINDS = ("duplicated", "reordered", "delayed", "wrongly_signed")


@dataclass(frozen=True)
class Fault:
    """One fault, taken from the pile."""

    kind: str
    seconds: float


class Broken(Exception):
    """The answer is not the API's at all: some other body, or none."""

    def __init__(self, text: str, status: int, content_type: str) -> None:
        self.text, self.status, self.content_type = text, status, content_type


def order(conn: Connection, organisation: str, target: str, kind: str, *, count: int, seconds: float) -> None:
    """Lays ``count`` faults on the pile of this organisation; they are taken oldest first."""
    row = {"organisation": organisation, "target": target, "kind": kind, "left": count, "seconds": seconds}
    conn.execute(insert(faults), row)
    _count(conn, organisation, target, count)


def take(conn: Connection, organisation: str, target: str) -> Fault | None:
    """The oldest fault of this organisation, counted down; None when there is none."""
    oldest = select(faults).where(faults.c.organisation == organisation, faults.c.target == target)
    row = conn.execute(oldest.order_by(faults.c.seq).limit(1).with_for_update()).first()
    if row is None:
        return None
    if row.left > 1:
        conn.execute(update(faults).where(faults.c.seq == row.seq).values(left=row.left - 1))
    else:
        conn.execute(delete(faults).where(faults.c.seq == row.seq))
    _count(conn, organisation, target, -1)
    return Fault(row.kind, row.seconds)


def suffer(fault: Fault, longest: float) -> None:
    """Makes this call go wrong; ``slow`` only waits and returns."""
    time.sleep(min(fault.seconds, longest) if fault.kind in ("slow", "timeout") else 0)
    answers: dict[str, Exception] = {
        "429": usage(429, "rate_limit_exceeded", "Rate limit exceeded"),
        "500": internal(),
        "timeout": timed_out(),
        "html": Broken("<html><body>Bad gateway</body></html>", 502, "text/html"),
        "empty": Broken("", 200, "application/json"),
    }
    if fault.kind in answers:
        raise answers[fault.kind]


def _count(conn: Connection, organisation: str, target: str, change: int) -> None:
    """Keeps the number that the token look-up reads, so that healthy calls cost nothing more."""
    if target != "api":
        return
    here = update(organisations).where(organisations.c.id == organisation)
    conn.execute(here.values(faults=organisations.c.faults + change))

"""Faults on order: the next calls of an organisation fail in the way that a lever has asked for."""

import time
from dataclasses import asdict, dataclass

from sqlalchemy import ColumnElement, Connection, delete, insert, or_, select, update

from portal.sandbox.api.limits import Exceeded, told_to_wait
from portal.sandbox.errors import internal, invalid, state, timed_out
from portal.sandbox.ids import hashed
from portal.sandbox.store.tables import fault_aims, faults, organisations

API_KINDS = ("429", "500", "timeout", "slow", "html", "empty", "lost", "invalid_state", "validation_failed", "none")
TOKEN_KINDS = ("500", "timeout", "slow", "html", "empty", "none")
WEBHOOK_KINDS = ("duplicated", "reordered", "delayed", "wrongly_signed", "none")
TOKEN = "token"  # noqa: S105 - what a fault is for
NONE = "none"
"""No fault: those that wait are taken away."""


@dataclass(frozen=True)
class Fault:
    """One fault, taken from the pile."""

    kind: str
    seconds: float


@dataclass(frozen=True)
class Aim:
    """Which calls a fault is for; of a call that was made, what it is. None: any."""

    method: str | None = None
    resource: str | None = None
    client_id: str | None = None


ANY = Aim()


class Broken(Exception):
    """The answer is not the API's at all: some other body, or none."""

    def __init__(self, text: str, status: int, content_type: str) -> None:
        self.text, self.status, self.content_type = text, status, content_type


def order(conn: Connection, organisation: str, target: str, kind: str, *, count: int, seconds: float, aim: Aim = ANY) -> None:
    """Lays ``count`` faults on the pile of this organisation; they are taken oldest first."""
    row = {"organisation": organisation, "target": target, "kind": kind, "left": count, "seconds": seconds}
    made = conn.execute(insert(faults).returning(faults.c.seq), row).scalar_one()
    if aim != ANY:
        conn.execute(insert(fault_aims), {"fault": made, **asdict(aim)})
    _count(conn, organisation, target, count)


def of_app(client_id: str) -> str:
    """Whose fault it is where an app's calls fail, not an organisation's; short enough for the column."""
    return f"app {hashed(client_id)[:32]}"


def forget(conn: Connection, organisation: str, target: str) -> None:
    """Takes away what was ordered and has not happened."""
    mine = select(faults.c.seq).where(faults.c.organisation == organisation, faults.c.target == target)
    left = list(conn.execute(mine).scalars())
    conn.execute(delete(fault_aims).where(fault_aims.c.fault.in_(left)))
    conn.execute(delete(faults).where(faults.c.seq.in_(left)))
    if target == "api":
        conn.execute(update(organisations).where(organisations.c.id == organisation).values(faults=0))


def take(conn: Connection, organisation: str, target: str, call: Aim = ANY) -> Fault | None:
    """The oldest fault of this organisation that is for such a call, counted down; None when there is none."""
    mine = select(faults).where(faults.c.organisation == organisation, faults.c.target == target)
    aimed = mine.outerjoin(fault_aims, fault_aims.c.fault == faults.c.seq).where(*_fits(call))
    row = conn.execute(aimed.order_by(faults.c.seq).limit(1).with_for_update(of=faults)).first()
    if row is None:
        return None
    if row.left > 1:
        conn.execute(update(faults).where(faults.c.seq == row.seq).values(left=row.left - 1))
    else:
        conn.execute(delete(fault_aims).where(fault_aims.c.fault == row.seq))
        conn.execute(delete(faults).where(faults.c.seq == row.seq))
    _count(conn, organisation, target, -1)
    return Fault(row.kind, row.seconds)


def _fits(call: Aim) -> list[ColumnElement[bool]]:
    known = asdict(call).items()
    return [or_(fault_aims.c[name].is_(None), fault_aims.c[name] == value) for name, value in known]


def suffer(fault: Fault, longest: float, resource: str) -> None:
    """Makes this call go wrong; ``slow`` only waits and returns, and ``lost`` is the caller's to lose."""
    time.sleep(min(fault.seconds, longest) if fault.kind in ("slow", "timeout") else 0)
    answers: dict[str, Exception] = {
        "429": Exceeded(told_to_wait(fault.seconds)),
        "500": internal(),
        "timeout": timed_out(),
        "html": Broken("<html><body>Bad gateway</body></html>", 502, "text/html"),
        "empty": Broken("", 200, "application/json"),
        "invalid_state": state("mandate_is_inactive", "The mandate is cancelled: nothing can be collected on it"),
        "validation_failed": invalid((f"/{resource}/description", "is too long (maximum is 140 characters)")),
    }
    if fault.kind in answers:
        raise answers[fault.kind]


def _count(conn: Connection, organisation: str, target: str, change: int) -> None:
    """Keeps the number that the token look-up reads, so that healthy calls cost nothing more."""
    if target != "api":
        return
    here = update(organisations).where(organisations.c.id == organisation)
    conn.execute(here.values(faults=organisations.c.faults + change))

"""Makes the few rows that a page adds up out of all payments of a connection."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Date, Row, and_, bindparam, delete, func, insert, select

from portal import clock, transaction
from portal.extensions import db, rows
from portal.models.payment import PaymentFact, PaymentFigure, PayoutFact, Unit
from portal.payments.figures import Outcome, back, outcome_of, start_of

SHOWN = {Unit.WEEK: 26, Unit.MONTH: 24}
"""How many periods up to the present one a page shows; later ones, of payments still to be charged, too."""
_PAID = and_(PayoutFact.connection_id == PaymentFact.connection_id, PayoutFact.payout_id == PaymentFact.payout_id)
_ALIKE = (
    PaymentFact.currency,
    PaymentFact.charge_date,
    PaymentFact.status,
    PaymentFact.cause,
    PaymentFact.retries,
    PayoutFact.arrives_on,
)
_GROUPS = (
    select(*_ALIKE, func.count().label("payments"), func.sum(PaymentFact.amount).label("amount"))
    .select_from(PaymentFact)
    .outerjoin(PayoutFact, _PAID)
    .where(PaymentFact.connection_id == bindparam("connection"), PaymentFact.charge_date >= bindparam("since", type_=Date))
    .group_by(*_ALIKE)
)


class Key(NamedTuple):
    """What payments of one figure have in common."""

    unit: Unit
    starts_on: date
    currency: str
    outcome: Outcome
    cause: str
    retried: bool
    days: int | None


def sum_up(connection_id: int) -> None:
    """Replaces the figures of this connection with those of the payments as they are stored now. Stores what was changed before."""
    with transaction.reading():
        sums = _sums(connection_id)
    db.session.execute(delete(PaymentFigure).where(PaymentFigure.connection_id == connection_id))
    if sums:
        db.session.execute(insert(PaymentFigure), list(_figures(connection_id, sums)))


def _sums(connection_id: int) -> Counter[tuple[Key, str]]:
    """Of the periods that a page may still show."""
    oldest = {unit: since(unit) for unit in Unit}
    sums: Counter[tuple[Key, str]] = Counter()
    for row in rows(_GROUPS, {"connection": connection_id, "since": min(oldest.values())}):
        for key in _keys(row):
            if key.starts_on >= oldest[key.unit]:
                sums[key, "payments"] += row.payments
                sums[key, "retries"] += row.retries * row.payments
                sums[key, "amount"] += int(row.amount)
    return sums


def _keys(row: Row[Any]) -> Iterator[Key]:
    outcome, days = outcome_of(row.status), days_to_payout(row.status, row.charge_date, row.arrives_on)
    for unit in Unit:
        yield Key(unit, start_of(row.charge_date, unit), row.currency, outcome, row.cause, row.retries > 0, days)


def since(unit: Unit) -> date:
    """Where the periods begin that are shown now."""
    return back(start_of(clock.now().date(), unit), unit, SHOWN[unit] - 1)


def days_to_payout(status: str, charge_date: date, arrives_on: date | None) -> int | None:
    """A simulator may pay out before the charge date; that counts as no day."""
    return max(0, (arrives_on - charge_date).days) if arrives_on and status == "paid_out" else None


def _figures(connection_id: int, sums: Counter[tuple[Key, str]]) -> Iterator[dict[str, Any]]:
    for key in {key for key, _ in sums}:
        measured = {name: sums[key, name] for name in ("payments", "retries", "amount")}
        yield {"connection_id": connection_id, **key._asdict(), **measured}

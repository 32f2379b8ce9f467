"""The payments of a connection as CSV, piece by piece: no transaction and little memory is held on the way."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Row, and_, bindparam, select

from portal import sheets, transaction
from portal.extensions import rows
from portal.models.payment import PaymentFact, PayoutFact
from portal.payments.figures import outcome_of
from portal.payments.summing import days_to_payout

PIECE = 1000
HEAD = (
    "payment",
    "created_at",
    "charge_date",
    "currency",
    "amount",
    "status",
    "outcome",
    "failures",
    "cause",
    "retries",
    "recovered",
    "payout",
    "payout_arrives_on",
    "days_to_payout",
)
_PIECE = (
    select(PaymentFact, PayoutFact.arrives_on)
    .outerjoin(
        PayoutFact,
        and_(PayoutFact.connection_id == PaymentFact.connection_id, PayoutFact.payout_id == PaymentFact.payout_id),
    )
    .where(PaymentFact.connection_id == bindparam("connection"), PaymentFact.id > bindparam("after"))
    .order_by(PaymentFact.id)
    .limit(bindparam("piece"))
)


def lines(connection_id: int) -> Iterator[str]:
    """The head, then a line for every payment."""
    yield sheets.lines([HEAD])
    after, more = 0, True
    while more:
        found = rows(_PIECE, {"connection": connection_id, "after": after, "piece": PIECE}).all()
        transaction.release()
        if found:
            yield sheets.lines(_cells(row) for row in found)
            after = found[-1].id
        more = len(found) == PIECE


def _cells(row: Row[Any]) -> list[object]:
    outcome = outcome_of(row.status)
    days = days_to_payout(row.status, row.charge_date, row.arrives_on)
    amount = f"{row.amount // 100}.{row.amount % 100:02}"
    return [
        row.payment_id,
        row.created_at,
        row.charge_date,
        row.currency,
        amount,
        row.status,
        outcome.value,
        row.failures,
        row.cause,
        row.retries,
        "yes" if row.retries and outcome.value == "succeeded" else "no",
        row.payout_id,
        row.arrives_on or "",
        "" if days is None else days,
    ]

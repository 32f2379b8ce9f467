"""The payments of a connection as CSV, piece by piece: no transaction and little memory is held on the way."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Row, and_, bindparam, select

from portal import transaction
from portal.extensions import rows
from portal.models.payment import PaymentFact, PayoutFact
from portal.payments.figures import outcome_of
from portal.payments.summing import days_to_payout

PIECE = 1000
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for a formula at the beginning of a cell."""
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
    .limit(PIECE)
)


def lines(connection_id: int) -> Iterator[str]:
    """The head, then a line for every payment."""
    yield _csv([HEAD])
    after, more = 0, True
    while more:
        found = rows(_PIECE, {"connection": connection_id, "after": after}).all()
        transaction.release()
        if found:
            yield _csv(_cells(row) for row in found)
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


def _csv(table: Iterable[Iterable[object]]) -> str:
    written = io.StringIO()
    csv.writer(written).writerows([safe(cell) for cell in line] for line in table)
    return written.getvalue()


def safe(cell: object) -> object:
    """Text that a spreadsheet would calculate begins with an apostrophe instead."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell

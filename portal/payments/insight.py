"""What the insight page shows of one connection: which currencies there are, and the figures of one of them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import Date, Row, bindparam, func, select
from sqlalchemy.orm import joinedload

from portal.extensions import db, rows
from portal.models.partner_app import Connection, PartnerApp
from portal.models.payment import PaymentFigure, PaymentReading, Unit
from portal.payments import figures
from portal.payments.figures import Cell, Outcome, Tally
from portal.payments.summing import since

MOST_CONNECTIONS = 200
_CONNECTIONS = (
    select(Connection.key, Connection.creditor_name, Connection.organisation_id, Connection.status, PartnerApp.environment)
    .join(PartnerApp, PartnerApp.id == Connection.app_id)
    .where(Connection.partner_id == bindparam("partner"))
    .order_by(Connection.id.desc())
    .limit(MOST_CONNECTIONS)
)
_READING = select(PaymentReading).options(joinedload(PaymentReading.connection).joinedload(Connection.app))
_SINCE = (
    PaymentFigure.connection_id == bindparam("connection"),
    PaymentFigure.unit == bindparam("unit"),
    PaymentFigure.starts_on >= bindparam("since", type_=Date),
)
_CURRENCIES = (
    select(
        PaymentFigure.currency,
        PaymentFigure.outcome,
        func.sum(PaymentFigure.payments).label("payments"),
        func.sum(PaymentFigure.amount).label("amount"),
    )
    .where(*_SINCE)
    .group_by(PaymentFigure.currency, PaymentFigure.outcome)
)
_CELLS = (
    select(
        PaymentFigure.starts_on,
        PaymentFigure.outcome,
        PaymentFigure.cause,
        PaymentFigure.retried,
        PaymentFigure.days,
        PaymentFigure.payments,
        PaymentFigure.retries,
        PaymentFigure.amount,
    )
    .where(*_SINCE, PaymentFigure.currency == bindparam("currency"))
    .order_by(PaymentFigure.starts_on, PaymentFigure.id)
)


@dataclass(frozen=True)
class Insight:
    """The figures of one currency over the periods that are shown."""

    currency: str
    unit: Unit
    cells: Sequence[Cell]

    @cached_property
    def tally(self) -> Tally:
        return figures.tally(self.cells)

    @cached_property
    def retries(self) -> figures.Retries:
        return figures.retries(self.cells)

    @cached_property
    def to_payout(self) -> figures.ToPayout:
        return figures.to_payout(self.cells)

    @cached_property
    def causes(self) -> list[figures.Cause]:
        return figures.causes(self.cells)

    @cached_property
    def periods(self) -> list[figures.Period]:
        return figures.periods(self.cells, self.unit)


def connections(partner_id: int) -> Sequence[Row[Any]]:
    """The connected accounts of a partner, the newest first."""
    return rows(_CONNECTIONS, {"partner": partner_id}).all()


def reading_of(connection_key: str) -> PaymentReading | None:
    """How far that connection has been read; None when nobody has asked yet."""
    found = _READING.join(PaymentReading.connection).where(Connection.key == connection_key)
    return db.session.scalars(found).one_or_none()


def currencies(connection_id: int, unit: Unit) -> dict[str, Tally]:
    """Each currency by itself, the one with most payments first: amounts of two are never added."""
    found: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for row in rows(_CURRENCIES, {"connection": connection_id, "unit": unit, "since": since(unit)}):
        found[row.currency][row.outcome] = int(row.payments)
        if row.outcome == Outcome.SUCCEEDED:
            found[row.currency]["amount"] = int(row.amount)
    told = {currency: Tally(**counts) for currency, counts in found.items()}
    return dict(sorted(told.items(), key=lambda pair: (-pair[1].payments, pair[0])))


def of(connection_id: int, currency: str, unit: Unit) -> Insight:
    """One statement over what was kept; it grows with periods and causes, not with payments."""
    asked = {"connection": connection_id, "unit": unit, "since": since(unit), "currency": currency}
    cells = [Cell(row[0], Outcome(row[1]), *row[2:]) for row in rows(_CELLS, asked)]
    return Insight(currency, unit, cells)

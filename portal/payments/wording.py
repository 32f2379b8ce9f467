"""Amounts, days and shares as a person reads them."""

from datetime import date
from decimal import Decimal

from babel.dates import format_date
from babel.numbers import format_currency

from portal.models.payment import Unit

NOTHING = "–"


def money(amount: int, currency: str) -> str:
    """'£12.50' of 1250 and GBP: the API counts in minor units, and all of its currencies have a hundred of them."""
    return str(format_currency(Decimal(amount) / 100, currency, locale="en_GB"))


def day(on: date) -> str:
    return str(format_date(on, "d MMM y", locale="en_GB"))


def period(start: date, unit: Unit, today: date) -> str:
    """A column's name: '2 Nov' or 'Nov 2026', with the year of a week that is not in this one."""
    pattern = "MMM y" if unit is Unit.MONTH else "d MMM" if start.year == today.year else "d MMM y"
    return str(format_date(start, pattern, locale="en_GB"))


def percent(share: float | None) -> str:
    return NOTHING if share is None else f"{share:.1f} %"


def number(count: int | None) -> str:
    return NOTHING if count is None else f"{count:,}"

"""Working days of the banks, and the dates that follow from them."""

from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

from portal.sandbox.schemes import Scheme

CUT_OFF_HOUR = 16
ZONES = {
    "GB-ENG": "Europe/London",
    "ECB": "Europe/Brussels",
    "US": "America/New_York",
    "SE": "Europe/Stockholm",
    "DK": "Europe/Copenhagen",
    "AU": "Australia/Sydney",
    "NZ": "Pacific/Auckland",
    "CA": "America/Toronto",
}


def is_working(on: date, calendar: str) -> bool:
    return on.weekday() < 5 and on not in _holidays(calendar)


def roll(on: date, calendar: str) -> date:
    """The day itself, or the next working day."""
    while not is_working(on, calendar):
        on += timedelta(days=1)
    return on


def add_working(on: date, days: int, calendar: str) -> date:
    """``days`` working days after ``on``; negative ones go back."""
    step = timedelta(days=1 if days >= 0 else -1)
    for _ in range(abs(days)):
        on += step
        while not is_working(on, calendar):
            on += step
    return on


def next_charge_date(now: datetime, scheme: Scheme, *, active: bool) -> date:
    """The earliest day a payment can be charged: counted from the working day whose cut-off is not yet past."""
    local = now.astimezone(ZoneInfo(ZONES[scheme.calendar]))
    start = local.date() + timedelta(days=1 if local.hour >= CUT_OFF_HOUR else 0)
    return add_working(roll(start, scheme.calendar), scheme.active_days if active else scheme.new_days, scheme.calendar)


def add_months(start: date, months: int, day: int | None = None) -> date:
    """The same day ``months`` later, cut to the month's length; ``day`` replaces it, -1 being the month's last."""
    month = start.month - 1 + months
    year, month = start.year + month // 12, month % 12 + 1
    last = (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day
    wanted = last if day == -1 else (day or start.day)
    return date(year, month, min(wanted, last))


@lru_cache
def _holidays(calendar: str) -> "holidays.HolidayBase":
    if calendar == "ECB":
        return holidays.financial_holidays("XECB")
    country, _, part = calendar.partition("-")
    return holidays.country_holidays(country, subdiv=part or None)

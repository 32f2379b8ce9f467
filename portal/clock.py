"""The only clock, and the working time of the review office.

Working time is counted in whole minutes: a moment counts as the minute in which it lies. That way the minutes
before and after a pause always add up, whatever the seconds were.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from types import MappingProxyType
from zoneinfo import ZoneInfo

import holidays
from babel.dates import format_date, format_time

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
_set_to: ContextVar[datetime | None] = ContextVar("set_to", default=None)


@dataclass(frozen=True, slots=True)
class Office:
    """When the review office works; raises ValueError for a place or hours that cannot be."""

    country: str = "GB"
    subdivision: str = "ENG"
    zone: str = "Europe/London"
    opens: str = "09:00"
    closes: str = "17:00"
    extra_days_off: frozenset[date] = frozenset()
    worked_holidays: frozenset[date] = frozenset()
    """Public holidays on which it works all the same; weekends stay free."""

    def __post_init__(self) -> None:
        if time.fromisoformat(self.opens) >= time.fromisoformat(self.closes):
            raise ValueError(f"the office opens at {self.opens}, not before it closes at {self.closes}")
        ZoneInfo(self.zone)
        try:
            public_holidays(self.country, self.subdivision, 2026)
        except NotImplementedError as error:
            raise ValueError(str(error)) from error


@dataclass(frozen=True, slots=True)
class Described:
    """The pieces of a moment as a person reads it; `left` and `overdue` only where an office was asked."""

    day: str
    time: str
    left: int | None = None  # working days, 0 on the day itself
    overdue: bool = False

    def __str__(self) -> str:
        moment = f"{self.day}, {self.time}"
        if self.left is None:
            return moment
        if self.overdue:
            return f"{moment} (overdue)"
        days = "today" if not self.left else f"{self.left} working day{'s' * (self.left != 1)} left"
        return f"{moment} ({days})"


def now() -> datetime:
    """The current moment, in UTC; inside `at`, the moment that it names."""
    return _set_to.get() or datetime.now(UTC)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Time stands still at a moment: for data about the past, such as the demo's."""
    token = _set_to.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _set_to.reset(token)


def is_working_day(day: date, office: Office) -> bool:
    return (
        day.weekday() < 5
        and day not in office.extra_days_off
        and (day in office.worked_holidays or day not in public_holidays(office.country, office.subdivision, day.year))
    )


def day_zero(submitted_at: datetime, office: Office) -> date:
    """The working day that counts as the day of submission: after closing or on a day off it is the next one."""
    local = submitted_at.astimezone(ZoneInfo(office.zone))
    day = local.date()
    if is_working_day(day, office) and local.time() <= time.fromisoformat(office.closes):
        return day
    return _working_day(day, 1, office)


def due(submitted_at: datetime, office: Office, days: int = 5) -> datetime:
    """Closing time of the working day that many after day zero, in UTC."""
    return _hours(_working_day(day_zero(submitted_at, office), days, office), office)[1]


def working_minutes_between(start: datetime, end: datetime, office: Office) -> int:
    """Working minutes from start to end; below zero when end comes first."""
    if end < start:
        return -working_minutes_between(end, start, office)
    first, last = _minute(start), _minute(end)
    spans = (_hours(day, office) for day in _days(first, last, office))
    return sum(max(timedelta(), min(last, closes) - max(first, opens)) // MINUTE for opens, closes in spans)


def add_working_minutes(at: datetime, minutes: int, office: Office) -> datetime:
    """The moment when that many working minutes have passed since `at`; below zero it looks back.

    What ends with a working day ends at closing time, not at the next opening; looking back the other way round.
    """
    moment = _minute(at)
    if not minutes:
        return moment
    step = 1 if minutes > 0 else -1
    left = abs(minutes)
    day = moment.astimezone(ZoneInfo(office.zone)).date()
    while True:
        opens, closes = _hours(day, office)
        begin = max(opens, moment) if step > 0 else min(closes, moment)
        there = (closes - begin if step > 0 else begin - opens) // MINUTE
        if there >= left:
            return begin + step * left * MINUTE
        left -= max(there, 0)
        day = _working_day(day, step, office)


def remaining(at: datetime, due_at: datetime, office: Office) -> int:
    """Working minutes until a due date; below zero when it has passed."""
    return working_minutes_between(at, due_at, office)


def pause(at: datetime, due_at: datetime, office: Office) -> int:
    """Stops a clock: the working minutes left, to be stored and handed to `resume`."""
    return remaining(at, due_at, office)


def resume(at: datetime, minutes_left: int, office: Office) -> datetime:
    """Starts a clock again: the new due date, in UTC."""
    return add_working_minutes(at, minutes_left, office)


def reminder_at(due_at: datetime, office: Office) -> datetime:
    """The same time of day, one working day before a due date."""
    local = due_at.astimezone(ZoneInfo(office.zone))
    return datetime.combine(_working_day(local.date(), -1, office), local.timetz()).astimezone(UTC)


def working_days_left(at: datetime, due_at: datetime, office: Office) -> int:
    """Working days after today up to and with the due day: 0 on that day and after it."""
    zone = ZoneInfo(office.zone)
    day, last, count = at.astimezone(zone).date(), due_at.astimezone(zone).date(), 0
    while day < last:
        day += DAY
        count += is_working_day(day, office)
    return count


def describe(
    at: datetime, zone: str, *, seen_at: datetime | None = None, office: Office | None = None, locale: str = "en"
) -> Described:
    """A moment in the reader's zone; with an office, also how many working days are left until it."""
    local, today = at.astimezone(ZoneInfo(zone)), (seen_at or now()).astimezone(ZoneInfo(zone))
    pattern = "EEE d MMM" if local.year == today.year else "EEE d MMM y"
    return Described(
        day=format_date(local, pattern, locale=locale),
        time=format_time(local, "HH:mm", tzinfo=local.tzinfo, locale=locale),
        left=working_days_left(today, at, office) if office else None,
        overdue=office is not None and today > at,
    )


def _minute(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError(f"{at!r} has no time zone")
    return at.astimezone(UTC).replace(second=0, microsecond=0)


def _working_day(day: date, steps: int, office: Office) -> date:
    """So many working days after this day, or before it."""
    one = DAY if steps > 0 else -DAY
    for _ in range(abs(steps)):
        day += one
        while not is_working_day(day, office):
            day += one
    return day


def _days(first: datetime, last: datetime, office: Office) -> Iterator[date]:
    zone = ZoneInfo(office.zone)
    day, end = first.astimezone(zone).date(), last.astimezone(zone).date()
    while day <= end:
        yield day
        day += DAY


@lru_cache(maxsize=4096)
def _hours(day: date, office: Office) -> tuple[datetime, datetime]:
    """When the office opens and closes on this day, in UTC; on a day off the two are the same."""
    zone = ZoneInfo(office.zone)
    opens = datetime.combine(day, time.fromisoformat(office.opens), zone).astimezone(UTC)
    if not is_working_day(day, office):
        return opens, opens
    return opens, datetime.combine(day, time.fromisoformat(office.closes), zone).astimezone(UTC)


@lru_cache(maxsize=256)
def public_holidays(country: str, subdivision: str, year: int) -> Mapping[date, str]:
    """By day, with their names. Raises NotImplementedError for a place that nobody has written down."""
    return MappingProxyType(dict(holidays.country_holidays(country, subdiv=subdivision or None, years=year)))

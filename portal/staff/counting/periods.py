"""The periods of the figures, and the columns into which their rows fall."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from portal.clock import Office

WEEK = timedelta(days=7)
WEEKS, MONTHS, LONGEST = 13, 12, 36


class Period(StrEnum):
    """Which past the figures are about."""

    QUARTER = "quarter"
    YEAR = "year"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Span:
    """A period seen from now: it began at `since` and has columns that begin on these days of the office."""

    period: Period
    since: datetime
    now: datetime
    place: Office
    columns: tuple[date, ...]

    def column(self, moment: datetime) -> date | None:
        """The beginning of the column that a moment falls into; None before the first."""
        day = moment.astimezone(ZoneInfo(self.place.zone)).date()
        begin = day - timedelta(days=day.weekday()) if self.period is Period.QUARTER else day.replace(day=1)
        return begin if begin >= self.columns[0] else None


def span(period: Period, now: datetime, place: Office) -> Span:
    """The last 13 weeks, the last 12 months, each with the present one; or everything, in months of which 36 are shown."""
    zone = ZoneInfo(place.zone)
    today = now.astimezone(zone).date()
    columns = _weeks(today) if period is Period.QUARTER else _months(today, MONTHS if period is Period.YEAR else LONGEST)
    since = datetime.combine(columns[0], time(), zone).astimezone(UTC)
    return Span(period, datetime(1970, 1, 1, tzinfo=UTC) if period is Period.ALL else since, now, place, tuple(columns))


def _weeks(today: date) -> Sequence[date]:
    monday = today - timedelta(days=today.weekday())
    return [monday - number * WEEK for number in range(WEEKS - 1, -1, -1)]


def _months(today: date, many: int) -> Sequence[date]:
    months = today.year * 12 + today.month - 1
    return [date(number // 12, number % 12 + 1, 1) for number in range(months - many + 1, months + 1)]

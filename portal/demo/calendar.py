"""Moments of the past, told in working days of the review office, so that the data never looks stale."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from portal import clock
from portal.clock import Office


@dataclass(slots=True)
class Calendar:
    """Counts back from now."""

    now: datetime
    office: Office
    _days: list[date] = field(default_factory=list)

    def moment(self, told: str) -> datetime:
        """'12d 10:05' is that time on the twelfth working day before today, '48m' so many minutes ago."""
        count, _, at = told.partition(" ")
        if count.endswith("m"):
            return self.now - timedelta(minutes=int(count[:-1]))
        return datetime.combine(self._day(int(count[:-1])), time.fromisoformat(at or "10:00"), ZoneInfo(self.office.zone))

    def _day(self, count: int) -> date:
        """The working day so many before today."""
        day = self._days[-1] if self._days else self.now.astimezone(ZoneInfo(self.office.zone)).date()
        while len(self._days) < count:
            day -= clock.DAY
            if clock.is_working_day(day, self.office):
                self._days.append(day)
        return self._days[count - 1]

"""Working days between two moments, told from a table: figures ask for it a hundred thousand times."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from math import ceil
from zoneinfo import ZoneInfo

from portal import clock
from portal.clock import Office


class Workdays:
    """Counts as portal.clock does: days after the first moment's up to and with the last one's; 0 on the same day."""

    def __init__(self, place: Office, first: date, last: date) -> None:
        self._zone = ZoneInfo(place.zone)
        self._first = first
        self._passed = [0]
        """Working days up to and with each day since the first."""
        for number in range(1, (last - first).days + 2):
            works = clock.is_working_day(first + timedelta(days=number), place)
            self._passed.append(self._passed[-1] + works)

    def between(self, start: datetime, end: datetime) -> int:
        """Below zero never: what happened in another order took no time."""
        return max(0, self._until(end) - self._until(start))

    def _until(self, moment: datetime) -> int:
        number = (moment.astimezone(self._zone).date() - self._first).days
        return self._passed[min(max(number, 0), len(self._passed) - 1)]


def half(days: Sequence[int], share: float = 0.5) -> int | None:
    """What this share took at most, by the nearest rank; None of nothing."""
    return sorted(days)[ceil(share * len(days)) - 1] if days else None

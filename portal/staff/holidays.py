"""Days on which the review office does not work: public holidays of its country, and where an administrator departs from them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select, text

from portal import clock, office, timeline
from portal.clock import Office
from portal.extensions import db
from portal.models.calendar import OfficeDay
from portal.models.people import User
from portal.refusals import Invalid
from portal.reviews.service import Moved, move_due_dates, moved_by
from portal.timeline.desk import OfficeDayChanged

BACK, AHEAD = timedelta(days=31), timedelta(days=731)
"""How far from today a day may lie that is changed."""
NAME = 80
WORDS = {True: "a working day", False: "a day off"}


@dataclass(frozen=True, slots=True)
class DayOff:
    """One line of the list. `public`: the calendar of the country says so; `works`: the office works all the same."""

    day: date
    name: str
    public: bool
    works: bool


@dataclass(frozen=True, slots=True)
class Change:
    """A day that would become a working day or a day off, and the rounds whose feedback would be due at another time."""

    day: date
    name: str
    works: bool
    moved: Sequence[Moved]


def listing(today: date) -> list[DayOff]:
    """All from today on to the end of next year, and those of the last month, in order. At most two statements."""
    first, last = today - BACK, date(today.year + 1, 12, 31)
    own = {row.day: row for row in db.session.scalars(select(OfficeDay).where(OfficeDay.day.between(first, last)))}
    public = dict(_public(office.current(), first, last))
    days = [DayOff(day, row.name, public=day in public, works=row.opened) for day, row in own.items()]
    days += [DayOff(day, name, public=True, works=False) for day, name in public.items() if day not in own]
    return sorted(days, key=lambda one: one.day)


def _public(place: Office, first: date, last: date) -> Iterator[tuple[date, str]]:
    """Those on weekends free nobody."""
    for year in range(first.year, last.year + 1):
        for day, name in clock.public_holidays(place.country, place.subdivision, year).items():
            if first <= day <= last and day.weekday() < 5:
                yield day, name


def look(day: date, name: str, *, works: bool, today: date) -> Change:
    """What a change would do, before it is made. Raises Invalid, by field."""
    _check(day, name, works=works, today=today)
    departures = {one: opened for one, opened in _departures() if one != day}
    if _public_name(day) is not None or not works:
        departures[day] = works
    return Change(day, name or _public_name(day) or "", works, moved_by(office.departing(departures.items())))


def change(day: date, name: str, *, works: bool, today: date, by: User) -> int:
    """Make it a working day or a day off; all due dates follow. The number of rounds that moved. Raises Invalid, by field."""
    _one_after_the_other()
    _check(day, name, works=works, today=today)
    row, public = db.session.get(OfficeDay, day), _public_name(day)
    known = name or (row.name if row else "") or public or ""
    if row is not None:
        db.session.delete(row)
        db.session.flush()
    if works == (public is not None):
        db.session.add(OfficeDay(day=day, opened=works, name=known, by_id=by.id))
    db.session.flush()
    office.forget()
    moved = move_due_dates()
    timeline.record(OfficeDayChanged(day.isoformat(), known, WORDS[not works], WORDS[works], moved), by=by)
    return moved


def _check(day: date, name: str, *, works: bool, today: date) -> None:
    if day.weekday() > 4:
        raise Invalid({"day": "This is a weekend: the office is closed anyway."})
    if not today - BACK <= day <= today + AHEAD:
        raise Invalid({"day": "Choose a day from a month ago to two years ahead."})
    if clock.is_working_day(day, office.current()) == works:
        raise Invalid({"day": f"This is {WORDS[works]} already."})
    if not works and not name and _public_name(day) is None:
        raise Invalid({"name": "Say why, so that everybody understands it later."})
    if len(name) > NAME:
        raise Invalid({"name": f"Use at most {NAME} characters."})


def _departures() -> list[tuple[date, bool]]:
    place = office.current()
    return [*((day, False) for day in place.extra_days_off), *((day, True) for day in place.worked_holidays)]


def _public_name(day: date) -> str | None:
    place = office.current()
    return clock.public_holidays(place.country, place.subdivision, day.year).get(day)


def _one_after_the_other() -> None:
    """Two administrators at once take turns; on SQLite all writers do."""
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(text("LOCK TABLE office_day IN SHARE ROW EXCLUSIVE MODE"))
        office.forget()

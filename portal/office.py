"""The review office of this installation: when it works, and how many working days it has for an answer.

Place, hours and the calendar of public holidays come from the settings; where the office departs from that calendar is data.
"""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from zoneinfo import ZoneInfo

from sqlalchemy import Integer, String, cast, event, literal, select
from sqlalchemy.orm import Session

from portal import clock
from portal.clock import Office
from portal.config import Settings
from portal.extensions import db
from portal.models.calendar import OfficeDay

DAYS = 5
SUPPORT_HOURS = 8
LEAD_UPDATE_DAYS = 10
_DEPARTURES = select(OfficeDay.day, OfficeDay.opened).order_by(OfficeDay.day)
Days = frozenset[date]


class _Current:
    place = ("GB", "ENG", "Europe/London", "09:00", "17:00")
    days = DAYS
    support_hours = SUPPORT_HOURS
    lead_update_days = LEAD_UPDATE_DAYS


def configure(settings: Settings) -> None:
    """Called once, when the portal is assembled; raises ValueError for a place or hours that cannot be."""
    _Current.place = (
        settings.office_country,
        settings.office_subdivision,
        settings.office_zone,
        settings.office_opens,
        settings.office_closes,
    )
    departing(())
    _Current.days = settings.review_days
    _Current.support_hours = settings.support_hours
    _Current.lead_update_days = settings.lead_update_days


def current() -> Office:
    """As its calendar stands in the open transaction: one statement, once in each."""
    info = db.session().info
    if "office" not in info:
        info["office"] = departing(db.session.connection().execute(_DEPARTURES).tuples())
    found: Office = info["office"]
    return found


BESIDE = select(literal("office"), cast(OfficeDay.day, String), cast(OfficeDay.opened, Integer))
"""The departures as a part of another statement; what it found goes to `adopt`."""


def adopt(found: Iterable[tuple[str, int]]) -> None:
    """The calendar of this transaction, as days (ISO 8601) and whether the office works then."""
    db.session().info["office"] = departing(sorted((date.fromisoformat(day), bool(opened)) for day, opened in found))


def today() -> date:
    """The day that it is there."""
    return clock.now().astimezone(ZoneInfo(_Current.place[2])).date()


def departing(days: Iterable[tuple[date, bool]]) -> Office:
    """The office that departs from its calendar on these days: True where it works although it is a public holiday."""
    known = tuple(days)
    off, on = (frozenset(day for day, opened in known if opened is which) for which in (False, True))
    return _office(*_Current.place, off, on)


def forget() -> None:
    """The calendar was changed in this transaction."""
    db.session().info.pop("office", None)


@event.listens_for(Session, "after_commit")
@event.listens_for(Session, "after_rollback")
def _another_transaction(session: Session) -> None:
    session.info.pop("office", None)


@lru_cache(maxsize=64)
def _office(country: str, subdivision: str, zone: str, opens: str, closes: str, off: Days, on: Days) -> Office:
    return Office(country, subdivision, zone, opens, closes, extra_days_off=off, worked_holidays=on)


def review_days() -> int:
    """Working days until feedback is due."""
    return _Current.days


def support_minutes() -> int:
    """Working minutes until a support case is answered."""
    return _Current.support_hours * 60


def lead_update_days() -> int:
    """Working days after which a partner hears of an open lead at the latest."""
    return _Current.lead_update_days

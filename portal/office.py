"""The review office of this installation: when it works, and how many working days it has for an answer."""

from functools import lru_cache

from portal.clock import Office
from portal.config import Settings

DAYS = 5
SUPPORT_HOURS = 8
LEAD_UPDATE_DAYS = 10


class _Current:
    office = Office()
    days = DAYS
    support_hours = SUPPORT_HOURS
    lead_update_days = LEAD_UPDATE_DAYS


def configure(settings: Settings) -> None:
    """Called once, when the portal is assembled; raises ValueError for a place or hours that cannot be."""
    _Current.office = _office(
        settings.office_country,
        settings.office_subdivision,
        settings.office_zone,
        settings.office_opens,
        settings.office_closes,
    )
    _Current.days = settings.review_days
    _Current.support_hours = settings.support_hours
    _Current.lead_update_days = settings.lead_update_days


@lru_cache
def _office(country: str, subdivision: str, zone: str, opens: str, closes: str) -> Office:
    return Office(country=country, subdivision=subdivision, zone=zone, opens=opens, closes=closes)


def current() -> Office:
    return _Current.office


def review_days() -> int:
    """Working days until feedback is due."""
    return _Current.days


def support_minutes() -> int:
    """Working minutes until a support case is answered."""
    return _Current.support_hours * 60


def lead_update_days() -> int:
    """Working days after which a partner hears of an open lead at the latest."""
    return _Current.lead_update_days

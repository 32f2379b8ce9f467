"""Time in the sandbox: real time plus the shift that the clock lever keeps, always UTC, always written one way."""

from datetime import UTC, date, datetime, timedelta


def real_now() -> datetime:
    return datetime.now(UTC)


def shifted(seconds: float) -> datetime:
    """The sandbox's present: real time moved by what the clock lever has added."""
    return real_now() + timedelta(seconds=seconds)


def stamp(moment: datetime) -> str:
    """``2014-01-01T12:00:00.000Z``, which also sorts as text."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")[:-6] + "Z"


def parse(text: str) -> datetime:
    """A date-time as callers write it; a missing zone means UTC.

    Raises ValueError when it is none.
    """
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def day(text: str) -> date:
    """A ``YYYY-MM-DD`` date; raises ValueError for any other form."""
    if len(text) != 10:
        raise ValueError(text)
    return date.fromisoformat(text)


def morning(on: date, hour: int = 8) -> datetime:
    """The hour at which the banks' files of that day are worked through."""
    return datetime(on.year, on.month, on.day, hour, tzinfo=UTC)

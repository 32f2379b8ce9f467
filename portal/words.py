"""Words and numbers on the page: translation, dates in the reader's zone, sizes."""

from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache
from typing import cast
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from flask import Flask, g
from flask_login import current_user
from jinja2 import StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from portal import clock
from portal.status import look


def init_app(app: Flask) -> None:
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_null_translations(newstyle=True)  # type: ignore[attr-defined]  # the i18n extension adds it
    ngettext = cast("Callable[..., str]", app.jinja_env.globals["ngettext"])
    app.jinja_env.globals.update(_=translated, look=look, ngettext=_counting(ngettext))
    app.jinja_env.filters.update(when=when, day=day, ago=ago, size=size, zone=zone_of, calendar_day=calendar_day)


def translated(text: str, **values: object) -> str:
    """The text in the reader's language, as plain text: unlike the extension's own `_` it is escaped like any other value.

    `{% trans %}` blocks stand in templates only and may hold markup; this also takes words from tables.
    """
    return text % values if values else text


def _counting(ngettext: Callable[..., str]) -> Callable[..., str]:
    """The extension's own, but "3 of them" is put together once, however often a page says it."""

    @pass_context
    def counting(context: Context, singular: str, plural: str, number: int, **values: object) -> str:
        return ngettext(context, singular, plural, number, **values) if values else _counted(singular, plural, number)

    return counting


@lru_cache(maxsize=1024)
def _counted(singular: str, plural: str, number: int) -> Markup:
    """Both are words of our own templates, which may hold markup; the number cannot."""
    return Markup((singular if number == 1 else plural) % {"num": int(number)})  # noqa: S704 - see above


def zone_of(user: object | None = None) -> ZoneInfo:
    """The reader's own time zone; London for visitors."""
    zone: ZoneInfo | None = g.get("zone")
    if zone is None:
        reader = current_user if user is None else user
        zone = g.zone = ZoneInfo(getattr(reader, "time_zone", "") or "Europe/London")
    return zone


def when(at: datetime) -> str:
    """'Tue 24 Nov, 17:00' in the reader's zone; with the year when it is another."""
    local = at.astimezone(zone_of())
    return _format(local, "EEE d MMM, HH:mm", "EEE d MMM y, HH:mm")


def day(at: datetime) -> str:
    local = at.astimezone(zone_of())
    return _format(local, "EEE d MMM", "EEE d MMM y")


def _format(local: datetime, this_year: str, another: str) -> str:
    same = local.year == clock.now().astimezone(local.tzinfo).year
    return _told(local.replace(second=0, microsecond=0, tzinfo=None), this_year if same else another)


@lru_cache(maxsize=4096)
def _told(local: datetime, pattern: str) -> str:
    """Pages tell the same moments again and again, and spelling one out takes as long as drawing a card.

    `local` has no zone: two zones' words for one moment are equal as aware times, and one would be told in the other's.
    """
    return format_datetime(local, pattern, locale="en_GB")


@lru_cache(maxsize=1024)
def calendar_day(on: date) -> str:
    """'31 Jan 2027': a day that is the same in every zone."""
    return format_date(on, "d MMM y", locale="en_GB")


AGES: tuple[tuple[int, Callable[[int], str]], ...] = (
    (60, lambda _: "just now"),
    (3600, lambda s: f"{s // 60} min ago"),
    (86400, lambda s: f"{s // 3600} h ago"),
)


def ago(at: datetime) -> str:
    """'5 min ago' for today, otherwise the date."""
    seconds = int((clock.now() - at).total_seconds())
    return next((words(seconds) for limit, words in AGES if seconds < limit), None) or day(at)


def size(count: int) -> str:
    """Bytes in the unit a person would use."""
    return f"{count / 1_000_000:.1f} MB" if count >= 1_000_000 else f"{max(1, round(count / 1000))} KB"

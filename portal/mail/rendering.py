"""Turns mail templates into text: an environment of its own, so that no request is needed."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context, select_autoescape
from jinja2.runtime import Context

from portal.mail.links import address, link


@lru_cache(maxsize=1)
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("portal", "templates"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.install_null_translations(newstyle=True)  # type: ignore[attr-defined]  # the i18n extension adds it
    made.globals.update(link=link, address=address)
    made.filters["when"], made.filters["day"] = _when, _day
    return made


def render(template: str, words: Mapping[str, object], *, zone: str) -> str:
    """One part of a mail; times are told in `zone`."""
    return _environment().get_template(template).render({**words, "zone": zone})


def content(template: str, words: Mapping[str, object], *, zone: str) -> str:
    """What a mail says, without greeting and foot."""
    made = _environment().get_template(template)
    context = made.new_context({**words, "zone": zone})
    return "".join(made.blocks["content"](context)).strip()


@pass_context
def _when(context: Context, at: datetime) -> str:
    """'Tue 24 Nov 2026, 17:00 GMT': a mail is read later and elsewhere, so year and zone are said."""
    return format_datetime(_local(context, at), "EEE d MMM y, HH:mm z", locale="en_GB")


@pass_context
def _day(context: Context, at: datetime) -> str:
    return format_datetime(_local(context, at), "EEE d MMM y", locale="en_GB")


def _local(context: Context, at: datetime) -> datetime:
    return at.astimezone(ZoneInfo(str(context["zone"])))

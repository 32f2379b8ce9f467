"""What the address of the audit log asks for, and what of it could not be understood."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row
from werkzeug.datastructures import MultiDict

from portal import timeline
from portal.account.forms import clean
from portal.staff import audit
from portal.staff.audit import Asked
from portal.web import number

FIELDS = ("who", "partner", "kind", "from", "to", "q")
MOST = 100
"""Characters of a filter."""
YEARS = range(2000, 2100)
BY_ITSELF = "-"
"""In the field of names: what the portal did by itself."""


@dataclass(slots=True)
class Filters:
    """As typed, what it means, and for each field what is wrong with it."""

    typed: Mapping[str, str]
    asked: Asked = field(default_factory=Asked)
    problems: dict[str, str] = field(default_factory=dict)
    who: Sequence[Row[Any]] = ()
    partners: Sequence[Row[Any]] = ()
    """Several that may be meant."""

    @property
    def kept(self) -> dict[str, str]:
        """For addresses of other pages of the same question."""
        return {name: words for name, words in self.typed.items() if words}


def read(args: MultiDict[str, str], zone: ZoneInfo) -> Filters:
    """At most four statements, none of them when no name was typed."""
    filters = Filters({name: clean(args.get(name, ""))[:MOST] for name in FIELDS})
    typed, since, until = filters.typed, _day(filters, "from", zone), _day(filters, "to", zone)
    if typed["kind"] and typed["kind"] not in timeline.KINDS:
        filters.problems["kind"] = "Choose one of the list."
    if since and until and since > until:
        filters.problems["to"] = "The last day lies before the first."
    filters.asked = Asked(
        kind=typed["kind"],
        actor=_actor(filters),
        partner=_partner(filters),
        text=typed["q"],
        since=since,
        until=until and until + timedelta(days=1),
    )
    return filters


def before(args: MultiDict[str, str]) -> int | None:
    """The cursor of a page."""
    return args.get("before", type=number)


def _day(filters: Filters, name: str, zone: ZoneInfo) -> datetime | None:
    """Midnight in the reader's zone at the beginning of a day."""
    if not (typed := filters.typed[name]):
        return None
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        day = None
    if day is None or day.year not in YEARS:
        filters.problems[name] = "Enter a day, such as 2026-11-24."
        return None
    return datetime.combine(day, time(), zone)


def _actor(filters: Filters) -> int | None:
    typed = filters.typed["who"]
    if not typed or typed == BY_ITSELF:
        return 0 if typed else None
    found = audit.people(typed)
    if len(found) > 1:
        filters.who = found
    filters.problems |= _which(found, "who", "Nobody here has this name.")
    return found[0].id if len(found) == 1 else None


def _partner(filters: Filters) -> int | None:
    typed = filters.typed["partner"]
    found = audit.partners(typed) if typed else []
    if len(found) > 1:
        filters.partners = found
    filters.problems |= _which(found, "partner", "No partner has this name.") if typed else {}
    return found[0].id if len(found) == 1 else None


def _which(found: Sequence[Row[Any]], name: str, nobody: str) -> dict[str, str]:
    return {} if len(found) == 1 else {name: "Several have this name. Choose one below." if found else nobody}

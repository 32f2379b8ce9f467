"""From the log's address to plain filters and back: what is asked for is always in the URL."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeVar
from zoneinfo import ZoneInfo

from portal.status import Signature
from portal.web import number
from portal.webhooks.reasons import Reason
from portal.webhooks.searching import Filters
from portal.webhooks.values import Mark

NAMES = ("q", "verdict", "reason", "event", "type", "resource", "organisation", "answer", "app", "mark", "since", "until")
"""Of the filters in the URL, in the order of the form."""
LONGEST = 200
Args = Mapping[str, str]
Code = TypeVar("Code", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Asked:
    """What was understood of it: the filters, and the same as it stands in the URL."""

    filters: Filters
    typed: Mapping[str, str]

    def without(self, name: str) -> dict[str, str]:
        return {known: value for known, value in self.typed.items() if known != name}


def filters(args: Args, apps: Mapping[str, int], zone: ZoneInfo) -> Asked:
    """`apps` are the ids of the partner's apps by key. What cannot be understood is left out, and out of the URL too."""
    given = {name: _plain(args.get(name, "")) for name in NAMES}
    verdict, reason, mark = _member(Signature, given["verdict"]), _member(Reason, given["reason"]), _member(Mark, given["mark"])
    answer, since, until = _answer(given["answer"]), _moment(given["since"], zone), _moment(given["until"], zone)
    understood = Filters(
        verdict=verdict, reason=reason.value if reason else "", mark=mark, answer=answer, since=since, until=until,
        event=given["event"], resource_type=given["type"], resource=given["resource"], organisation=given["organisation"],
        app_id=apps.get(given["app"], 0) if given["app"] else None, text=given["q"],
    )  # fmt: skip
    closed = {"verdict": verdict, "reason": reason, "mark": mark, "answer": answer, "since": since, "until": until}
    typed = {name: value for name, value in given.items() if value and closed.get(name, value) is not None}
    return Asked(understood, typed)


def _plain(value: str) -> str:
    """One line of what a database can be asked for."""
    return "".join(char for char in value if char.isprintable()).strip()[:LONGEST]


def _member(of: type[Code], code: str) -> Code | None:
    return next((member for member in of if member.value == code), None)


def _answer(given: str) -> int | None:
    try:
        return number(given)
    except ValueError:
        return None


def _moment(given: str, zone: ZoneInfo) -> datetime | None:
    """A day, or a day and a time, in the reader's zone unless it names its own."""
    try:
        moment = datetime.fromisoformat(given)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)

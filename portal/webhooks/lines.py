"""One webhook as the list shows it: plain values, made from a row of the log."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row

from portal.status import Look, Signature, look

TEST = "WBTEST"
"""How the ids of the portal's own test webhooks begin; GoCardless's begin with WB and are random."""
BEING_READ = "being read"
MARKS = (
    ("repeated", "seen before", "neutral"),
    ("late", "out of order", "warning"),
    ("unknown", "unknown type", "warning"),
)
"""Key of the summary, words, tone."""


@dataclass(frozen=True, slots=True)
class Line:
    """`more` counts the events beside the first; `marks` are (words, tone)."""

    key: str
    at: datetime
    time: str
    events: str
    more: int
    resource: str
    organisation: str
    verdict: Look
    answer: int
    milliseconds: float
    app_id: int
    marks: tuple[tuple[str, str], ...]
    settled: bool
    """Whether it was read; until then a list asks again."""


def line(row: Row[Any], zone: ZoneInfo) -> Line:
    summary: Mapping[str, Any] = row.summary
    return Line(
        key=row.key,
        at=row.received_at,
        time=moment(row.received_at, zone),
        events=_events(row, summary),
        more=max(row.events - 1, 0),
        resource=summary.get("resource", ""),
        organisation=summary.get("organisation", ""),
        verdict=look(Signature(row.signature)),
        answer=row.answer,
        milliseconds=row.milliseconds,
        app_id=row.app_id,
        marks=tuple(_marks(row, summary)),
        settled=row.parsed_at is not None,
    )


def moment(at: datetime, zone: ZoneInfo) -> str:
    """'24 Nov 17:00:05': a log counts seconds."""
    local = at.astimezone(zone)
    return f"{local.day} {local:%b %H:%M:%S}"


def is_test(summary: Mapping[str, Any]) -> bool:
    return str(summary.get("webhook", "")).startswith(TEST)


def event_words(name: str) -> str:
    """'payments.paid_out' as 'payments paid out'."""
    return name.replace(".", " ", 1).replace("_", " ")


def _events(row: Row[Any], summary: Mapping[str, Any]) -> str:
    if name := summary.get("event"):
        return event_words(name)
    return "no events" if row.parsed_at else BEING_READ


def _marks(row: Row[Any], summary: Mapping[str, Any]) -> list[tuple[str, str]]:
    marks = [("test", "info")] if is_test(summary) else []
    marks += [(words, tone) for key, words, tone in MARKS if summary.get(key)]
    return [*marks, ("problem", "danger")] if row.problem else marks

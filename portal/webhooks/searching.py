"""Pages of the log by any filters together, as quick among a million deliveries as among a thousand.

Ids are given out in the order of time, so every page is a walk along ids. Without filters the walk is along the partner's
deliveries, with filters along the rarest of the values asked for, while the others are looked up for each id.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, func, select

from portal.extensions import rows
from portal.status import Signature
from portal.webhooks import walks
from portal.webhooks.values import Kind, Mark, number, words
from portal.webhooks.walks import Way

MOST_WORDS = 10
"""Words of a search that count."""
SKEW = timedelta(seconds=10)
"""How far the order of ids may differ from the order of arrival: longer than anybody waits for the database."""
NEWEST = 2**31 - 1
"""The largest id that PostgreSQL has for a delivery."""
TIMES = datetime(1970, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)
"""Whatever is asked for, nothing was received before or will be after."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What is asked for; what is None or empty is not asked. All of it together must hold."""

    verdict: Signature | None = None
    reason: str = ""
    event: str = ""
    """resource type and action: payments.failed"""
    resource_type: str = ""
    resource: str = ""
    """Exactly this id, of what an event is about or links to."""
    organisation: str = ""
    answer: int | None = None
    app_id: int | None = None
    mark: Mark | None = None
    text: str = ""
    """Every one of these words, anywhere in the body, in any order."""
    since: datetime | None = None
    until: datetime | None = None
    """Received from this moment on, and before that one."""

    @property
    def empty(self) -> bool:
        return self == Filters()


KINDS = {
    "verdict": Kind.VERDICT, "reason": Kind.REASON, "event": Kind.EVENT, "resource_type": Kind.RESOURCE_TYPE, "resource": Kind.RESOURCE,
    "organisation": Kind.ORGANISATION, "answer": Kind.ANSWER, "app_id": Kind.APP, "mark": Kind.MARK,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Page:
    """Rows with walks.COLUMNS, newest first. The cursors are ids: for `before` and `after`, None when nothing is that way."""

    rows: Sequence[Row[Any]]
    older: int | None
    newer: int | None
    unfinished: bool = False
    """There may be more behind `older`, although this page is not full: looking for rare combinations is done piece by piece."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many there are; with `more` at least that many."""

    number: int
    more: bool


def page(partner_id: int, filters: Filters, *, before: int | None = None, after: int | None = None, limit: int = 50) -> Page:
    """The newest, or those just before or just after an id. At most four statements, usually one."""
    way: Way = "older" if after is None else "newer"
    search = _search(partner_id, filters, way, before=before, after=after)
    found = search.take(limit + 1)
    more = len(found) > limit
    shown = found[:limit] if way == "older" else found[:limit][::-1]
    ahead = shown[-1 if way == "older" else 0].id if more else search.goes_on
    behind = (before if way == "older" else after) is not None
    return _page(shown, way, ahead=ahead, behind=behind, unfinished=ahead is not None and not more)


def _page(shown: Sequence[Row[Any]], way: Way, *, ahead: int | None, behind: bool, unfinished: bool) -> Page:
    """`ahead` is where to go on; behind lies what the reader came from, when there was a cursor."""
    older, newer = (ahead, None) if way == "older" else (None, ahead)
    if shown and behind:
        older, newer = (older, shown[0].id) if way == "older" else (shown[-1].id, newer)
    return Page(shown, older, newer, unfinished)


def count(partner_id: int, filters: Filters) -> Count:
    """All that fit, counted to five hundred."""
    search = _search(partner_id, filters, "older")
    found = search.counted()
    if found >= walks.CAP:
        return Count(walks.CAP - 1, more=True)
    return Count(found, more=search.goes_on is not None)


def version(partner_id: int) -> str:
    """Changes when a delivery comes or is read: one statement, so that a poll with nothing new costs next to nothing."""
    newest, unread = rows(walks.VERSION, {"partner": partner_id}).one()
    return f"{newest or 0}-{unread or 0}"


@dataclass(frozen=True, slots=True)
class _Search:
    """Numbers to look for, rarest first, between two ids (neither of them included)."""

    partner_id: int
    numbers: tuple[int, ...]
    way: Way
    low: int
    high: int
    since: datetime | None
    until: datetime | None
    goes_on: int | None = None
    """The cursor for what lies behind the window, when there is more than the window."""

    def values(self, **more: object) -> Mapping[str, object]:
        ends = {"since": self.since, "until": self.until}
        given = {name: end for name, end in ends.items() if end is not None}
        return {"partner": self.partner_id, "low": self.low, "high": self.high, **_named(self.numbers), **given, **more}

    def take(self, limit: int) -> Sequence[Row[Any]]:
        return rows(self._statement(only_ids=False), self.values(limit=limit)).all()

    def counted(self) -> int:
        timeless = len(self.numbers) == 1 and self.since is None and self.until is None
        inner = (walks.met(len(self.numbers)) if timeless else self._statement(only_ids=True)).subquery()
        return int(rows(select(func.count()).select_from(inner), self.values(limit=walks.CAP)).scalar_one())

    def windowed(self) -> "_Search":
        """Only as far as one page looks, when several values must meet."""
        if len(self.numbers) < 2:
            return self
        values = {"value0": self.numbers[0], "low": self.low, "high": self.high, "window": walks.WINDOW}
        beyond = rows(walks.beyond(self.way), values).scalar_one_or_none()
        if beyond is None:
            return self
        return (
            replace(self, low=beyond, goes_on=beyond + 1)
            if self.way == "older"
            else replace(self, high=beyond, goes_on=beyond - 1)
        )

    def _statement(self, *, only_ids: bool) -> Select[Any]:
        return walks.walk(len(self.numbers), self.way, self.since is not None, self.until is not None, only_ids)


def _search(partner_id: int, filters: Filters, way: Way, *, before: int | None = None, after: int | None = None) -> _Search:
    since, until = _possible(filters.since), _possible(filters.until)
    low, high = _between(partner_id, since, until)
    numbers = _rarest_first(_numbers(partner_id, filters))
    return _Search(partner_id, numbers, way, max(low, after or 0), min(high, before or NEWEST), since, until).windowed()


def _named(numbers: Sequence[int]) -> dict[str, int]:
    return {f"value{place}": value for place, value in enumerate(numbers)}


def _numbers(partner_id: int, filters: Filters) -> list[int]:
    asked = {field.name: getattr(filters, field.name) for field in fields(filters)}
    found = [number(partner_id, kind, asked[name]) for name, kind in KINDS.items() if asked[name] not in (None, "")]
    looked_for = list(dict.fromkeys(words(filters.text)))[:MOST_WORDS] or filters.text.split()  # signs alone: found nowhere
    return found + [number(partner_id, Kind.WORD, word) for word in looked_for]


def _rarest_first(numbers: list[int]) -> tuple[int, ...]:
    if len(numbers) < 2:
        return tuple(numbers)
    counts = rows(walks.counts(len(numbers)), _named(numbers)).one()
    return tuple(value for _, value in sorted(zip(counts, numbers, strict=True)))


def _possible(moment: datetime | None) -> datetime | None:
    return moment and min(max(moment, TIMES[0]), TIMES[1])


def _between(partner_id: int, since: datetime | None, until: datetime | None) -> tuple[int, int]:
    """Ids around the times asked for: wide enough, because the rows are asked for their time as well."""
    if since is None and until is None:
        return 0, NEWEST
    ends = {"since": since and since - SKEW, "until": until and until + SKEW, "partner": partner_id}
    low, high = rows(walks.ENDS, ends).one()
    return low or 0, high or NEWEST

"""The audit log: every happening, who caused it, what changed from what to what; as quick with a million as with a hundred.

Every page is a walk along ids, newest first: of all happenings, or of the rarest thing that is asked for, while the others are
looked up. Ids are given in the order of time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from portal.extensions import db
from portal.models.event import Event, EventWord
from portal.models.partner import Partner
from portal.models.people import User
from portal.search import words
from portal.timeline.finding import BY_ITSELF, number

PAGE = 50
COUNTED = 201
"""What is rarer is found by counting to here."""
WINDOW = 500
"""Ids that one page looks at when several things are asked for that seldom meet; the next page goes on behind them."""
SKEW = timedelta(hours=1)
"""How far the order of ids may differ from the order of time: longer than anything is worked on in one transaction."""
NEWEST = 2**31 - 1
CHOICES = 10
"""People or partners that are offered when a name is not the name of one."""
_COLUMNS = (
    Event.id, Event.at, Event.kind, Event.actor_id, Event.actor_name, Event.section_key, Event.question_key, Event.payload,
    Event.request_id, Partner.name.label("partner"), Partner.key.label("partner_key"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for; what is None or empty does not filter. All of it together must hold."""

    kind: str = ""
    actor: int | None = None
    """Of a person; 0: the portal by itself."""
    partner: int | None = None
    text: str = ""
    """Every one of these words, anywhere in the happening."""
    since: datetime | None = None
    until: datetime | None = None
    """From this moment on, and before that one."""


@dataclass(frozen=True, slots=True)
class Page:
    """`older` is the cursor of the next page; `unfinished`: not full, because it looked only so far."""

    rows: Sequence[Row[Any]]
    older: int | None
    unfinished: bool = False


@dataclass(frozen=True, slots=True)
class _Wanted:
    """One thing that must hold: a column's value, or a word's number."""

    value: Any
    column: InstrumentedAttribute[Any] | None = None

    @property
    def along(self) -> ColumnElement[int]:
        return EventWord.event_id.expression if self.column is None else Event.id.expression

    @property
    def holds(self) -> ColumnElement[bool]:
        """For the walk along its index."""
        column: InstrumentedAttribute[Any] = EventWord.word if self.column is None else self.column
        found: ColumnElement[bool] = column == self.value
        return found

    def looked_up(self, event_id: ColumnElement[int]) -> ColumnElement[bool]:
        """For each id of another walk: written so that no database is tempted by an index."""
        if self.column is not None:
            empty: Any = "" if isinstance(self.value, str) else 0
            found: ColumnElement[bool] = func.coalesce(self.column, empty) == self.value
            return found
        other = aliased(EventWord)
        one = select(other.event_id).where(other.word == self.value, other.event_id == event_id).limit(1)
        return one.scalar_subquery().is_not(None)


@dataclass(frozen=True, slots=True)
class Search:
    """What is asked for, the rarest first, between two ids (neither of them included)."""

    asked: Asked
    wanted: tuple[_Wanted, ...]
    low: int
    high: int

    def page(self, *, before: int | None = None, limit: int = PAGE) -> Page:
        """The newest that fit, or those below an id. At most two statements."""
        high = min(self.high, before or NEWEST)
        low, goes_on = self._window(high)
        found = db.session.execute(self._walk(low, high).limit(limit + 1)).all()
        more = len(found) > limit
        return Page(found[:limit], found[limit - 1].id if more else goes_on, unfinished=goes_on is not None and not more)

    def _window(self, high: int) -> tuple[int, int | None]:
        """How far down one page looks, and the cursor of what lies behind."""
        if len(self.wanted) < 2:
            return self.low, None
        first = self.wanted[0]
        ids = select(first.along).where(first.holds, first.along > self.low, first.along < high)
        last = db.session.scalar(ids.order_by(first.along.desc()).offset(WINDOW).limit(1))
        return (self.low, None) if last is None else (last, last + 1)

    def _walk(self, low: int, high: int) -> Select[Any]:
        along = self.wanted[0].along if self.wanted else Event.id.expression
        statement = select(*_COLUMNS)
        if self.wanted and self.wanted[0].column is None:
            statement = statement.select_from(EventWord).join(Event, Event.id == EventWord.event_id)
        statement = statement.outerjoin(Partner, Partner.id == Event.partner_id).where(along > low, along < high)
        statement = statement.where(*(one.holds for one in self.wanted[:1]))
        statement = statement.where(*(one.looked_up(along) for one in self.wanted[1:]))
        if self.asked.since is not None:
            statement = statement.where(Event.at >= self.asked.since)
        if self.asked.until is not None:
            statement = statement.where(Event.at < self.asked.until)
        return statement.order_by(along.desc())


def search(asked: Asked) -> Search:
    """At most two statements: what is rarest, and which ids belong to the times."""
    return Search(asked, _rarest_first(_wanted(asked)), *_between(asked.since, asked.until))


def _wanted(asked: Asked) -> list[_Wanted]:
    found = [_Wanted(number(word)) for word in dict.fromkeys(words(asked.text))]
    if asked.text and not found:
        found.append(_Wanted(number(asked.text)))  # signs alone: found nowhere
    if asked.actor is not None:
        found.append(_Wanted(asked.actor, Event.actor_id) if asked.actor else _Wanted(number(BY_ITSELF)))
    if asked.partner is not None:
        found.append(_Wanted(asked.partner, Event.partner_id))
    return [*found, _Wanted(asked.kind, Event.kind)] if asked.kind else found


def _rarest_first(wanted: list[_Wanted]) -> tuple[_Wanted, ...]:
    if len(wanted) < 2:
        return tuple(wanted)
    counts = [select(func.count()).select_from(select(one.along).where(one.holds).limit(COUNTED).subquery()) for one in wanted]
    found = db.session.execute(select(*(count.scalar_subquery() for count in counts))).one()
    return tuple(one for _, one in sorted(zip(found, wanted, strict=True), key=lambda pair: pair[0]))


def _between(since: datetime | None, until: datetime | None) -> tuple[int, int]:
    """Ids around the times asked for: wide enough, because the rows are asked for their time as well."""
    if since is None and until is None:
        return 0, NEWEST
    last = select(Event.id).where(Event.at < since - SKEW) if since else select(Event.id).where(Event.id < 0)
    first = select(Event.id).where(Event.at > until + SKEW) if until else select(Event.id).where(Event.id < 0)
    low, high = db.session.execute(
        select(
            last.order_by(Event.at.desc(), Event.id.desc()).limit(1).scalar_subquery(),
            first.order_by(Event.at, Event.id).limit(1).scalar_subquery(),
        )
    ).one()
    return low or 0, high or NEWEST


def people(text: str) -> Sequence[Row[Any]]:
    """Who is meant: the one with this username or e-mail address, otherwise everybody whose name holds the text."""
    columns = (User.id, User.name, User.username)
    exact = select(*columns).where(or_(User.username == text.lower(), User.email == text.lower())).order_by(User.id)
    named = select(*columns).where(func.lower(User.name).contains(text.lower(), autoescape=True)).order_by(User.name, User.id)
    return db.session.execute(exact).all() or db.session.execute(named.limit(CHOICES)).all()


def partners(text: str) -> Sequence[Row[Any]]:
    """Which is meant: the one with this key or exactly this name, otherwise all whose name holds the text."""
    columns = (Partner.id, Partner.name, Partner.key)
    exact = select(*columns).where(or_(Partner.key == text, Partner.name == text)).order_by(Partner.id)
    named = select(*columns).where(func.lower(Partner.name).contains(text.lower(), autoescape=True))
    return db.session.execute(exact).all() or db.session.execute(named.order_by(Partner.name, Partner.id).limit(CHOICES)).all()

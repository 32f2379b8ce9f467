"""The feed of a section: messages, files and changes of state in one time line, read a page at a time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Row,
    Select,
    String,
    and_,
    bindparam,
    func,
    literal_column,
    select,
    union_all,
)

from portal import timeline
from portal.build.reading import run
from portal.models.event import Audience, Event, FeedRead
from portal.models.feed import EVERYTHING, some_unread
from portal.models.integration import Integration
from portal.models.people import ROLE_WORDS, User
from portal.timeline.build import CatalogMoved, Certified, MessagePosted, Submitted

PAGE = 10
WHOLE = (Submitted.kind, Certified.kind, CatalogMoved.kind)
"""What concerns the whole integration stands in the feed of each section."""
NO_END = 2**31 - 1
_TONES = {
    "attention_needed": "warning",
    "remark_sent": "warning",
    "section_reopened": "warning",
    "section_approved": "success",
    "certified": "success",
    "submitted": "info",
    "section_marked_complete": "success",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One happening, ready to be shown; `kind` is message, change or note (for staff only)."""

    key: str
    kind: str
    author: str
    role: str
    staff: bool
    at: datetime
    text: str
    tone: str
    question_key: str | None
    mine: bool
    link: str = ""
    link_words: str = ""


@dataclass(frozen=True, slots=True)
class Feed:
    """Entries newest first; `unread` of them are new to the reader, `older` continues where they end."""

    entries: tuple[Entry, ...]
    unread: int = 0
    older: int | None = None

    @property
    def newest(self) -> int:
        return int(self.entries[0].key) if self.entries else 0


_READ = select(func.coalesce(func.max(FeedRead.last_event_id), 0)).where(
    FeedRead.user_id == bindparam("reader"),
    FeedRead.integration_id == bindparam("integration"),
    FeedRead.section_key.in_([bindparam("section"), EVERYTHING]),
)


def _codes(codes: Iterable[str]) -> list[ColumnElement[str]]:
    """Our own codes, written into the statement: a list of parameters would be spelled out anew for every page."""
    return [literal_column(f"'{code}'", String) for code in sorted(codes)]


def _some(where: ColumnElement[bool], kinds: Iterable[str]) -> Select[Any]:
    found = (
        select(Event)
        .where(
            Event.integration_id == bindparam("integration"),
            where,
            Event.kind.in_(_codes(kinds)),
            Event.id < bindparam("before"),
            Event.id > bindparam("after"),
        )
        .order_by(Event.id.desc())
        .limit(PAGE + 1)
        .subquery()
    )
    return select(found)


def _page(audience: Audience) -> Select[Any]:
    """Two short walks along the index, one for the section and one for the whole integration."""
    audiences = (Audience.PARTNER,) if audience is Audience.PARTNER else tuple(Audience)
    for_them = Event.audience.in_(_codes(audiences))
    own = _some(and_(Event.section_key == bindparam("section"), for_them), timeline.feed_kinds(audience))
    whole = _some(and_(Event.section_key.is_(None), for_them), WHOLE)
    both: CompoundSelect[Any] = union_all(own, whole)
    rows = both.subquery()
    return (
        select(
            rows.c.id,
            rows.c.at,
            rows.c.kind,
            rows.c.audience,
            rows.c.actor_id,
            rows.c.actor_name,
            rows.c.question_key,
            rows.c.payload,
            User.staff_role,
            _READ.scalar_subquery().label("read_up_to"),
        )
        .outerjoin(User, User.id == rows.c.actor_id)
        .order_by(rows.c.id.desc())
        .limit(PAGE + 1)
    )


_PAGES = {audience: _page(audience) for audience in Audience}


def section_feed(integration: Integration, section_key: str, *, reader: User, before: int = NO_END, after: int = 0) -> Feed:
    """One statement. Partners see what is for them, staff see everything."""
    audience = Audience.STAFF if reader.is_staff else Audience.PARTNER
    values = {"integration": integration.id, "section": section_key, "reader": reader.id}
    values |= {"before": min(before, NO_END), "after": min(after, NO_END)}
    rows = run(_PAGES[audience], values).all()
    shown = rows[:PAGE]
    return Feed(
        entries=tuple(_entry(row, reader.id) for row in shown),
        unread=sum(row.id > row.read_up_to and row.actor_id != reader.id for row in shown),
        older=shown[-1].id if len(rows) > PAGE else None,
    )


def _entry(row: Row[Any], reader_id: int) -> Entry:
    happened = timeline.read(row.kind, row.payload)
    message = isinstance(happened, MessagePosted)
    internal = row.audience is Audience.STAFF
    said = str(row.payload.get("text", ""))
    return Entry(
        key=str(row.id),
        kind="message" if message else "note" if internal and said else "change",
        author=row.actor_name,
        role=ROLE_WORDS[row.staff_role] if row.staff_role else "",
        staff=row.staff_role is not None,
        at=row.at,
        text=said if message or (internal and said) else _sentence(happened, said),
        tone=_TONES.get(row.kind, ""),
        question_key=row.question_key,
        mine=row.actor_id == reader_id,
    )


def _sentence(happened: timeline.Happening, said: str) -> str:
    sentence = happened.sentence()
    sentence = sentence[:1].upper() + sentence[1:]
    return f"{sentence}: {said}" if said else f"{sentence}."


_SOME_UNREAD = some_unread(timeline.feed_kinds(Audience.PARTNER))
_UNREAD = select(_SOME_UNREAD.c.section_key, func.count()).group_by(_SOME_UNREAD.c.section_key)


def unread_by_section(integration: Integration, *, reader: User) -> dict[str | None, int]:
    """How many entries of each section's feed the reader has not seen. One statement."""
    values = {"user": reader.id, "partner": integration.partner_id}
    return {key: count for key, count in run(_UNREAD, values)}  # noqa: C416 - rows are no pairs for mypy

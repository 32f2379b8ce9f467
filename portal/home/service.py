"""What happened lately, in words; and marking it as read."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, func, select

from portal import timeline
from portal.catalog import certification
from portal.extensions import db, rows
from portal.models.columns import among
from portal.models.event import Audience, Event, FeedRead
from portal.models.feed import EVERYTHING
from portal.models.integration import Integration
from portal.models.people import User


@dataclass(frozen=True, slots=True)
class Entry:
    """One happening, ready to be read."""

    id: int
    at: datetime
    actor: str
    sentence: str
    text: str
    place: str
    """The section's title, empty for what belongs to none."""
    section_key: str | None
    question_key: str | None


_KINDS = timeline.feed_kinds(Audience.PARTNER)
_COLUMNS = (Event.id, Event.at, Event.kind, Event.actor_name, Event.section_key, Event.question_key, Event.payload)


_NEWEST = 2**31 - 1
_LATELY = (
    select(*_COLUMNS)
    .where(Event.partner_id == bindparam("partner"), Event.audience == Audience.PARTNER, among(Event.kind, _KINDS))
    .where(Event.id < bindparam("before"))
    .order_by(Event.id.desc())
    .limit(bindparam("limit"))
)


def lately(partner_id: int, *, limit: int, before: int | None = None) -> list[Entry]:
    """The partner's happenings, newest first, those before an id. One statement."""
    values = {"partner": partner_id, "before": before or _NEWEST, "limit": limit}
    return [_entry(row) for row in rows(_LATELY, values)]


def _entry(row: Row[Any]) -> Entry:
    return Entry(
        id=row.id,
        at=row.at,
        actor=row.actor_name,
        sentence=timeline.read(row.kind, row.payload).sentence(),
        text=str(row.payload.get("text", "")),
        place=next((section.title for section in certification() if section.key == row.section_key), row.section_key or ""),
        section_key=row.section_key,
        question_key=row.question_key,
    )


def mark_all_read(integration: Integration, *, up_to: int, by: User) -> None:
    """Never back: what was read stays read. An id from the future is cut to what there is."""
    newest = db.session.scalar(select(func.max(Event.id)).where(Event.partner_id == integration.partner_id)) or 0
    mark = db.session.get(FeedRead, (by.id, integration.id, EVERYTHING), with_for_update=True)
    if mark is None:
        mark = FeedRead(user_id=by.id, integration_id=integration.id, section_key=EVERYTHING, last_event_id=0)
        db.session.add(mark)
    mark.last_event_id = max(mark.last_event_id, min(up_to, newest))

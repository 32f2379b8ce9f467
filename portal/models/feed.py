"""What of a partner's happenings a person has not read yet; one rule for the bell, the tiles and the feeds."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, Select, Subquery, and_, bindparam, func, or_, select
from sqlalchemy.orm import aliased

from portal.models.columns import among
from portal.models.event import Audience, Event, FeedRead
from portal.models.integration import Integration

EVERYTHING = ""
"""The section key under which "mark all as read" is kept."""
MOST_COUNTED = 100


def _read_up_to() -> ColumnElement[int]:
    mark = aliased(FeedRead)
    everything = (
        select(mark.last_event_id)
        .join(Integration, Integration.id == mark.integration_id)
        .where(
            mark.user_id == bindparam("user"), Integration.partner_id == bindparam("partner"), mark.section_key == EVERYTHING
        )
        .scalar_subquery()
    )
    return func.coalesce(everything, 0)


def unread(kinds: Collection[str]) -> Select[tuple[int, str | None]]:
    """Ids and sections of what is unread; takes the parameters user and partner."""
    return (
        select(Event.id, Event.section_key)
        .outerjoin(
            FeedRead,
            and_(
                FeedRead.user_id == bindparam("user"),
                FeedRead.integration_id == Event.integration_id,
                FeedRead.section_key == Event.section_key,
            ),
        )
        .where(
            Event.partner_id == bindparam("partner"),
            Event.audience == Audience.PARTNER,
            among(Event.kind, kinds),
            or_(Event.actor_id.is_(None), Event.actor_id != bindparam("user")),
            Event.id > func.coalesce(FeedRead.last_event_id, 0),
            Event.id > _read_up_to(),
        )
    )


def some_unread(kinds: Collection[str]) -> Subquery:
    """The same, capped: "100+" costs no more than 100."""
    return unread(kinds).order_by(Event.id.desc()).limit(MOST_COUNTED).subquery()

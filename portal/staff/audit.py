"""The audit log: every happening, who caused it, what changed from what to what."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select

from portal.extensions import db
from portal.models.event import Event
from portal.models.partner import Partner

PAGE = 50


@dataclass(frozen=True, slots=True)
class Question:
    """What is looked for; empty fields do not filter."""

    kind: str = ""
    actor: int | None = None
    partner: str = ""
    before: int | None = None


def entries(asked: Question) -> list[Row[Any]]:
    """One page and one row more, newest first."""
    statement = (
        select(
            Event.id, Event.at, Event.kind, Event.actor_id, Event.actor_name, Event.section_key, Event.question_key,
            Event.payload, Event.request_id, Partner.name.label("partner"), Partner.key.label("partner_key"),
        )
        .outerjoin(Partner, Partner.id == Event.partner_id)
        .order_by(Event.id.desc())
        .limit(PAGE + 1)
    )  # fmt: skip
    if asked.kind:
        statement = statement.where(Event.kind == asked.kind)
    if asked.actor is not None:
        statement = statement.where(Event.actor_id == asked.actor)
    if asked.partner:
        statement = statement.where(
            Event.partner_id == select(Partner.id).where(Partner.key == asked.partner).scalar_subquery()
        )
    if asked.before:
        statement = statement.where(Event.id < asked.before)
    return list(db.session.execute(statement))

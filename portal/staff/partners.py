"""What staff see of partners: the list, and of one partner people, rounds and what happened lately."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, func, or_, select

from portal.extensions import db
from portal.models.event import Event
from portal.models.integration import Integration
from portal.models.partner import Partner, Profile
from portal.models.people import Membership, User
from portal.models.review import Round
from portal.status import IntegrationStatus

PAGE, LISTED, LATELY = 50, 20, 10
_COLUMNS = (
    Partner.id,
    Partner.key,
    Partner.name,
    Partner.created_at,
    Profile.complete,
    Integration.status,
    Integration.submitted_at,
)


@dataclass(frozen=True, slots=True)
class Found:
    """One page of partners; `next_name` and `next_id` continue it."""

    rows: list[Row[Any]]
    after: str


def search(*, text: str, status: IntegrationStatus | None, after: str) -> Found:
    """Partners by name, 50 a page; `after` is the place where the last page ended."""
    statement = (
        select(*_COLUMNS)
        .join(Profile, Profile.partner_id == Partner.id)
        .join(Integration, Integration.partner_id == Partner.id)
        .order_by(Partner.name, Partner.id)
        .limit(PAGE + 1)
    )
    if text:
        statement = statement.where(func.lower(Partner.name).contains(text.lower(), autoescape=True))
    if status:
        statement = statement.where(Integration.status == status)
    place = db.session.execute(select(Partner.name, Partner.id).where(Partner.key == after)).one_or_none() if after else None
    if place:
        statement = statement.where(or_(Partner.name > place.name, (Partner.name == place.name) & (Partner.id > place.id)))
    rows = list(db.session.execute(statement))
    return Found(rows[:PAGE], rows[PAGE - 1].key if len(rows) > PAGE else "")


def people(partner: Partner) -> list[Row[Any]]:
    statement = (
        select(User.name, User.username, User.email, Membership.role, User.active)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.partner_id == partner.id)
        .order_by(User.name, User.id)
        .limit(LISTED)
    )
    return list(db.session.execute(statement))


def rounds(integration: Integration) -> list[Row[Any]]:
    statement = (
        select(Round.key, Round.number, Round.status, Round.submitted_at, Round.due_at, Round.days_taken)
        .where(Round.integration_id == integration.id)
        .order_by(Round.number.desc())
        .limit(LISTED)
    )
    return list(db.session.execute(statement))


def lately(partner: Partner) -> list[Row[Any]]:
    """The last happenings, those for staff only among them."""
    statement = (
        select(Event.id, Event.at, Event.kind, Event.actor_name, Event.section_key, Event.payload)
        .where(Event.partner_id == partner.id)
        .order_by(Event.id.desc())
        .limit(LATELY)
    )
    return list(db.session.execute(statement))

"""What staff see of partners: the list, and one partner's page with journey, people, rounds and what happened."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, func, or_, select

from portal.extensions import db
from portal.models.event import Event
from portal.models.integration import Integration
from portal.models.partner import Partner, Profile
from portal.models.people import Invitation, Membership, User
from portal.models.review import Round
from portal.status import IntegrationStatus

PAGE = 50
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
    )
    return list(db.session.execute(statement))


def invitations(partner: Partner) -> list[Row[Any]]:
    """Those still open, also when they have expired."""
    statement = (
        select(Invitation.name, Invitation.email, Invitation.partner_role, Invitation.expires_at)
        .where(Invitation.partner_id == partner.id, Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None))
        .order_by(Invitation.id)
    )
    return list(db.session.execute(statement))


def rounds(integration: Integration) -> list[Row[Any]]:
    statement = (
        select(Round.key, Round.number, Round.status, Round.submitted_at, Round.due_at, Round.days_taken)
        .where(Round.integration_id == integration.id)
        .order_by(Round.number.desc())
        .limit(20)
    )
    return list(db.session.execute(statement))


def lately(partner: Partner) -> list[Row[Any]]:
    """The last happenings, those for staff only among them."""
    statement = (
        select(Event.id, Event.at, Event.kind, Event.actor_name, Event.section_key, Event.payload)
        .where(Event.partner_id == partner.id)
        .order_by(Event.id.desc())
        .limit(15)
    )
    return list(db.session.execute(statement))

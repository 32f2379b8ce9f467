"""To whom mails go: a partner's team with the contacts who asked for them, or the staff of one role."""

from collections.abc import Iterable

from sqlalchemy import bindparam, select

from portal.extensions import db
from portal.mail.address import Recipient, deliverable
from portal.models.partner import Contact
from portal.models.people import Membership, StaffRole, User

_TEAM = (
    select(User.email, User.name, User.time_zone, User.id, Membership.partner_id)
    .join(Membership, Membership.user_id == User.id)
    .where(Membership.partner_id == bindparam("partner"), User.active)
    .order_by(User.id)
)
_CONTACTS = (
    select(Contact.email, Contact.first_name, Contact.last_name)
    .where(Contact.partner_id == bindparam("partner"), Contact.review_mails)
    .order_by(Contact.position, Contact.id)
)
_STAFF = (
    select(User.email, User.name, User.time_zone, User.id)
    .where(User.staff_role == bindparam("role"), User.active)
    .order_by(User.id)
)


def team(partner_id: int) -> list[Recipient]:
    """The active members of a partner and the contacts who want review mails, each address once."""
    members = [Recipient(*row) for row in db.session.execute(_TEAM, {"partner": partner_id})]
    contacts = db.session.execute(_CONTACTS, {"partner": partner_id}).all()
    return _each_once([*members, *(_contact(partner_id, *row) for row in contacts)])


def _contact(partner_id: int, email: str, first: str, last: str) -> Recipient:
    return Recipient(email, f"{first} {last}".strip(), partner_id=partner_id)


def person(user: User) -> Recipient:
    """One person with an account."""
    partner_id = user.membership.partner_id if user.membership else None
    return Recipient(user.email, user.name, user.time_zone, user.id, partner_id)


def staff(role: StaffRole) -> list[Recipient]:
    return [Recipient(*row) for row in db.session.execute(_STAFF, {"role": role})]


def _each_once(recipients: Iterable[Recipient]) -> list[Recipient]:
    """Contacts are drafts: what is no address yet is left out."""
    first: dict[str, Recipient] = {}
    for one in recipients:
        if deliverable(one.email):
            first.setdefault(one.email.strip().casefold(), one)
    return list(first.values())

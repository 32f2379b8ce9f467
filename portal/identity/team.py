"""A partner's team and the staff: who is in it, with which role; one admin always stays."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, bindparam, func, select

from portal import timeline
from portal.extensions import db
from portal.identity import sessions
from portal.models.partner import Partner
from portal.models.people import ROLE_WORDS, Membership, PartnerRole, StaffRole, User, UserSession
from portal.refusals import IllegalMove
from portal.timeline.account import MemberRemoved, RoleChanged, SecurityEvent

_LAST_SEEN = (
    select(func.max(UserSession.seen_at))
    .where(UserSession.user_id == User.id)
    .correlate(User)
    .scalar_subquery()
    .label("seen_at")
)
_TEAM = (
    select(User.key, User.name, User.username, User.email, Membership.role, _LAST_SEEN)
    .join(Membership, Membership.user_id == User.id)
    .where(Membership.partner_id == bindparam("partner"))
    .order_by(User.name, User.id)
)
_STAFF = (
    select(User.key, User.name, User.username, User.email, User.staff_role.label("role"), User.active, _LAST_SEEN)
    .where(User.staff_role.is_not(None))
    .order_by(User.active.desc(), User.name, User.id)
)


def members(partner: Partner) -> Sequence[Row[Any]]:
    """key, name, username, email, role and when last seen, by name."""
    return db.session.execute(_TEAM, {"partner": partner.id}).all()


def staff() -> Sequence[Row[Any]]:
    """The same of everybody who is or was on the staff; those switched off at the end."""
    return db.session.execute(_STAFF).all()


def change_role(member: User, role: PartnerRole, *, by: User) -> None:
    """Raises IllegalMove when the team would be left without an admin."""
    membership = _membership(member)
    if membership.role is role:
        return
    if role is not PartnerRole.ADMIN:
        _another_admin(membership)
    before, membership.role = membership.role, role
    timeline.record(RoleChanged(member.name, ROLE_WORDS[before], ROLE_WORDS[role]), by=by, partner=membership.partner)


def remove(member: User, *, by: User) -> None:
    """Out of the team and signed out everywhere; what the person wrote stays. Raises IllegalMove for the last admin."""
    membership = _membership(member)
    _another_admin(membership)
    timeline.record(MemberRemoved(member.name), by=by, partner=membership.partner)
    db.session.delete(membership)
    member.active = False
    sessions.end_all(member)


def change_staff_role(member: User, role: StaffRole, *, by: User) -> None:
    """Raises IllegalMove when nobody could look after the staff any more."""
    if member.staff_role is None or member.staff_role is role:
        return
    if role is not StaffRole.ADMINISTRATOR:
        _another_administrator(member)
    before, member.staff_role = member.staff_role, role
    timeline.record(RoleChanged(member.name, ROLE_WORDS[before], ROLE_WORDS[role]), by=by)


def switch_off(member: User, *, by: User) -> None:
    """A staff account that may no longer sign in. Raises IllegalMove for the last administrator."""
    _another_administrator(member)
    member.active = False
    sessions.end_all(member)
    timeline.record(SecurityEvent(f"switched off the account of {member.name}"), by=by)


def switch_on(member: User, *, by: User) -> None:
    member.active = True
    timeline.record(SecurityEvent(f"switched on the account of {member.name}"), by=by)


def _membership(member: User) -> Membership:
    if member.membership is None:
        raise IllegalMove(f"{member.name} is in no team.")
    return member.membership


def _another_admin(membership: Membership) -> None:
    """The admins' rows are locked: of two who leave at the same moment, the second is refused."""
    admins = select(Membership.id).where(Membership.partner_id == membership.partner_id, Membership.role == PartnerRole.ADMIN)
    if {*db.session.scalars(admins.order_by(Membership.id).with_for_update())} == {membership.id}:
        raise IllegalMove("This is the only admin of the team. Make somebody else an admin first.")


def _another_administrator(member: User) -> None:
    administrators = select(User.id).where(User.staff_role == StaffRole.ADMINISTRATOR, User.active)
    if {*db.session.scalars(administrators.order_by(User.id).with_for_update())} == {member.id}:
        raise IllegalMove("This is the only administrator. Make somebody else an administrator first.")

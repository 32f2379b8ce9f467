"""Invitations: an expiring link, used once, into a partner's team or into the staff."""

import secrets
from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload

from portal import clock, mail, timeline
from portal.extensions import db
from portal.identity import accounts, typed
from portal.identity.locking import lock
from portal.identity.sessions import hashed
from portal.models.event import Event
from portal.models.partner import Partner
from portal.models.people import ROLE_WORDS, Invitation, PartnerRole, StaffRole, User
from portal.refusals import Gone, IllegalMove
from portal.timeline.account import InvitationResent, InvitationWithdrawn, Invited, Joined

DAYS = 14


class State(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


WHY_GONE = {
    State.ACCEPTED: "This invitation was used already. Sign in with the username or the address that it was sent to.",
    State.WITHDRAWN: "This invitation was withdrawn. Ask whoever invited you if that is a mistake.",
    State.EXPIRED: "This invitation has expired. Ask whoever invited you to send it again.",
}
_BY_TOKEN = select(Invitation).where(Invitation.token_hash == bindparam("token_hash")).options(joinedload(Invitation.partner))
_PENDING = (
    select(Invitation)
    .where(Invitation.partner_id.is_not_distinct_from(bindparam("partner")))
    .where(Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None))
    .order_by(Invitation.id)
)


def invite(
    *,
    email: str,
    name: str,
    role: PartnerRole | StaffRole,
    by: User | None,
    partner: Partner | None = None,
    username: str = "",
    days: int = DAYS,
) -> Invitation:
    """Send an invitation into a partner's team (with a PartnerRole) or into the staff (with a StaffRole).

    Raises Invalid for what cannot be taken. An address that has an account elsewhere gets the mail like any other:
    whoever invites learns nothing about it.
    """
    typed.refuse({"name": typed.check_name(name), "email": typed.check_email(email) or _known_here(email, partner)})
    invitation = Invitation(
        email=typed.identity(email),
        username=accounts.free_username(username or email.partition("@")[0]),
        name=typed.one_line(name),
        partner=partner,
        partner_role=role if isinstance(role, PartnerRole) else None,
        staff_role=role if isinstance(role, StaffRole) else None,
        invited_by_id=by.id if by else None,
    )
    token = _renew(invitation, days)
    db.session.add(invitation)
    db.session.flush()
    event = timeline.record(Invited(invitation.name, ROLE_WORDS[role]), by=by, partner=partner)
    _send(invitation, token, by=by, event=event)
    return invitation


def resend(invitation: Invitation, *, by: User, days: int = DAYS) -> None:
    """A new link by mail; the old one stops working. Raises IllegalMove when the invitation is used or withdrawn."""
    _still_pending(invitation)
    token = _renew(invitation, days)
    event = timeline.record(InvitationResent(invitation.name), by=by, partner=invitation.partner)
    _send(invitation, token, by=by, event=event)


def withdraw(invitation: Invitation, *, by: User) -> None:
    """The link stops working. Raises IllegalMove when the invitation is used or withdrawn."""
    _still_pending(invitation)
    invitation.withdrawn_at = clock.now()
    timeline.record(InvitationWithdrawn(invitation.name), by=by, partner=invitation.partner)


def opened(token: str) -> Invitation | None:
    """The invitation of a link, None when there never was one. Raises Gone with what to do when it no longer works."""
    invitation = db.session.scalar(_BY_TOKEN, {"token_hash": hashed(token)})
    if invitation is not None and state(invitation) is not State.OPEN:
        raise Gone(WHY_GONE[state(invitation)])
    return invitation


def accept(invitation: Invitation, *, name: str, time_zone: str, password_hash: str) -> User:
    """The account that the invitation was for. Of two who accept at the same moment, one gets it; the other is told Gone.

    Raises Invalid when the address has an account already: it says so only to whoever holds the link from that mailbox.
    """
    typed.refuse({"name": typed.check_name(name), "time_zone": typed.check_zone(time_zone)})
    lock(invitation)
    if state(invitation) is not State.OPEN:
        raise Gone(WHY_GONE[state(invitation)])
    user = accounts.join(
        email=invitation.email,
        username=invitation.username,
        name=name,
        password_hash=password_hash,
        time_zone=time_zone,
        partner=invitation.partner,
        role=role_of(invitation),
    )
    invitation.accepted_at = clock.now()
    db.session.flush()
    timeline.record(Joined(ROLE_WORDS[role_of(invitation)]), by=user, partner=invitation.partner)
    return user


def state(invitation: Invitation) -> State:
    if invitation.accepted_at:
        return State.ACCEPTED
    if invitation.withdrawn_at:
        return State.WITHDRAWN
    return State.EXPIRED if invitation.expires_at <= clock.now() else State.OPEN


def role_of(invitation: Invitation) -> PartnerRole | StaffRole:
    role = invitation.partner_role or invitation.staff_role
    if role is None:
        raise ValueError(f"invitation {invitation.id} is to no role")
    return role


def pending(partner: Partner | None) -> Sequence[Invitation]:
    """Not used and not withdrawn, expired or not; of the staff when there is no partner."""
    return db.session.scalars(_PENDING, {"partner": partner.id if partner else None}).all()


def house(invitation: Invitation) -> str:
    return invitation.partner.name if invitation.partner else "GoCardless"


def _known_here(email: str, partner: Partner | None) -> str | None:
    """Only what the person who invites can see anyway: the own team and its invitations."""
    found = accounts.find(email)
    if found and found.email == typed.identity(email) and accounts.works_at(found, partner):
        return "This person is in the team already."
    if any(one.email == typed.identity(email) for one in pending(partner)):
        return "This person is invited already. Send the invitation again from the list."
    return None


def _renew(invitation: Invitation, days: int) -> str:
    token = secrets.token_urlsafe(32)
    invitation.token_hash = hashed(token)
    invitation.sent_at = clock.now()
    invitation.expires_at = clock.now() + timedelta(days=days)
    return token


def _send(invitation: Invitation, token: str, *, by: User | None, event: Event) -> None:
    mail.send(
        "identity_invitation",
        to=[mail.Recipient(invitation.email, invitation.name)],
        subject=f"Your invitation to the Partner Portal: {house(invitation)}",
        event=event,
        inviter=by.name if by else "",
        house=house(invitation),
        role=ROLE_WORDS[role_of(invitation)],
        username=invitation.username,
        url=mail.link("identity.invitation", token=token),
        expires_at=invitation.expires_at,
    )


def _still_pending(invitation: Invitation) -> None:
    if state(invitation) in (State.ACCEPTED, State.WITHDRAWN):
        raise IllegalMove(f"The invitation of {invitation.name} is {state(invitation).value} already.")

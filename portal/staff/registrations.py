"""Deciding on registrations: accept makes the partner and invites its first person, decline says why."""

import re
import unicodedata

from sqlalchemy import select

from portal import clock, mail, timeline
from portal.build.beginning import begin
from portal.extensions import db
from portal.identity import invitations
from portal.models.partner import Partner, Profile, Registration
from portal.models.people import Invitation, PartnerRole, User
from portal.refusals import Invalid
from portal.status import RegistrationStatus, move
from portal.timeline.account import RegistrationDecided

MOVES = {
    RegistrationStatus.NEW: frozenset({RegistrationStatus.ACCEPTED, RegistrationStatus.DECLINED}),
    RegistrationStatus.ACCEPTED: frozenset[RegistrationStatus](),
    RegistrationStatus.DECLINED: frozenset[RegistrationStatus](),
}
USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,39}")


def accept(registration: Registration, *, username: str, by: User, days: int = invitations.DAYS) -> Partner:
    """Create the partner with an empty profile and integration, and invite its first person as admin, for `days`.

    Raises Invalid for a username that is taken or malformed, IllegalMove when somebody decided before.
    """
    _decide(registration, RegistrationStatus.ACCEPTED, by)
    _check_username(username)
    partner = Partner(name=registration.company)
    partner.profile = Profile(trading_name=registration.company, website=registration.website, head_office=registration.country)
    db.session.add(partner)
    db.session.flush()
    registration.partner_id = partner.id
    begin(partner)
    invitations.invite(
        partner=partner,
        role=PartnerRole.ADMIN,
        email=registration.email,
        name=registration.contact_name,
        username=username,
        by=by,
        days=days,
    )
    timeline.record(RegistrationDecided(company=registration.company, accepted=True), by=by, partner=partner)
    return partner


def decline(registration: Registration, *, reason: str, by: User) -> None:
    """Raises Invalid without a reason: the person who registered reads it."""
    if not reason:
        raise Invalid({"reason": "Enter the reason. The person who registered reads it."})
    _decide(registration, RegistrationStatus.DECLINED, by)
    registration.decline_reason = reason
    event = timeline.record(RegistrationDecided(company=registration.company, accepted=False, reason=reason), by=by)
    mail.send(
        "interest_declined",
        to=[mail.Recipient(registration.email, registration.contact_name)],
        subject="Your registration for the partner programme",
        event=event,
        registration=registration,
    )


def suggested_username(registration: Registration) -> str:
    """First name and last name in plain letters, with a number when it is taken."""
    plain = unicodedata.normalize("NFKD", registration.contact_name).encode("ascii", "ignore").decode().lower()
    stem = ".".join(re.findall(r"[a-z0-9]+", plain))[:36].ljust(3, "x")
    taken = set(db.session.scalars(select(User.username).where(User.username.startswith(stem, autoescape=True))))
    taken |= set(db.session.scalars(select(Invitation.username).where(Invitation.username.startswith(stem, autoescape=True))))
    return next(name for number in range(1, 10_000) if (name := stem if number == 1 else f"{stem}{number}") not in taken)


def _decide(registration: Registration, after: RegistrationStatus, by: User) -> None:
    db.session.refresh(registration, with_for_update=True)
    registration.status = move(registration.status, after, MOVES) if registration.status is not after else _twice(after)
    registration.decided_at, registration.decided_by_id = clock.now(), by.id


def _twice(after: RegistrationStatus) -> RegistrationStatus:
    raise Invalid({"": f"This registration was {after.value} already."})


def _check_username(username: str) -> None:
    if not USERNAME.fullmatch(username):
        raise Invalid({"username": "Use 3 to 40 small letters, digits, dots, hyphens or underscores."})
    taken = db.session.scalar(select(User.id).where(User.username == username))
    waiting = db.session.scalar(
        select(Invitation.id).where(
            Invitation.username == username, Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None)
        )
    )
    if taken or waiting:
        raise Invalid({"username": "This username is taken."})

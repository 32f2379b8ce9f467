"""Accounts: finding one by what people type, making one."""

import re
import uuid
from itertools import chain, count

from sqlalchemy import bindparam, or_, select

from portal.extensions import db
from portal.identity import typed
from portal.models.partner import Partner
from portal.models.people import Invitation, Membership, PartnerRole, StaffRole, User
from portal.refusals import Invalid

_BY_IDENTITY = select(User).where(or_(User.email == bindparam("typed"), User.username == bindparam("typed"))).order_by(User.id)


def find(identity: str) -> User | None:
    """By e-mail address or username, however it is typed; a username holds no @, so that the two cannot be confused."""
    clean = typed.identity(identity)
    return db.session.scalar(_BY_IDENTITY.limit(1), {"typed": clean}) if clean else None


def names(user: User) -> tuple[str, str]:
    """All that this person's tries are counted under."""
    return user.email, user.fs_uniquifier


def create_user(
    *,
    email: str,
    username: str,
    name: str,
    password_hash: str,
    time_zone: str = "Europe/London",
    partner: Partner | None = None,
    partner_role: PartnerRole = PartnerRole.MEMBER,
    staff_role: StaffRole | None = None,
) -> User:
    """A person who may sign in: in a partner's team, or staff. Values are clean already; the hash comes from hash_password."""
    if (partner is None) == (staff_role is None):
        raise ValueError("a person belongs to a partner or to the staff, never to both")
    user = User(
        email=typed.identity(email),
        username=typed.identity(username),
        name=typed.one_line(name),
        password=password_hash,
        time_zone=time_zone,
        staff_role=staff_role,
        fs_uniquifier=uuid.uuid4().hex,
    )
    if partner is not None:
        user.membership = Membership(partner_id=partner.id, role=partner_role)
    db.session.add(user)
    db.session.flush()
    return user


def join(
    *,
    email: str,
    username: str,
    name: str,
    password_hash: str,
    time_zone: str,
    partner: Partner | None,
    role: PartnerRole | StaffRole,
) -> User:
    """A new account, or that of somebody who left every team: it begins anew, with what it wrote before.

    Raises Invalid when the address belongs to somebody who is in a team or on the staff now.
    """
    former = find(email)
    if former and (former.membership or former.staff_role):
        raise Invalid({"email": "There is an account with this address already. Sign in with it, or ask for help."})
    if former:
        forget_secrets(former)
    user = former or User(email=typed.identity(email), username=free_username(username, promised=True))
    user.name, user.password, user.time_zone = typed.one_line(name), password_hash, time_zone
    user.active, user.fs_uniquifier = True, uuid.uuid4().hex
    user.staff_role = role if isinstance(role, StaffRole) else None
    if partner is not None and isinstance(role, PartnerRole):
        user.membership = Membership(partner_id=partner.id, role=role)
    db.session.add(user)
    db.session.flush()
    return user


def forget_secrets(user: User) -> None:
    """Second factors of an account that begins anew, or of a person who lost them all."""
    user.tf_primary_method = user.tf_totp_secret = user.mf_recovery_codes = None
    user.webauthn.clear()


def works_at(user: User, partner: Partner | None) -> bool:
    """In this partner's team; on the staff when there is no partner."""
    if partner is None:
        return user.is_staff
    return user.membership is not None and user.membership.partner_id == partner.id


def free_username(wanted: str, *, promised: bool = False) -> str:
    """The wanted one where it can be had, otherwise with the next free number; those of open invitations are taken too.

    `promised`: an invitation holds it for this very person.
    """
    stem = re.sub(r"[^a-z0-9._-]+", "-", typed.identity(wanted)).strip("._-")[:56]
    stem = stem if len(stem) > 2 else f"{stem}user"
    taken = {*db.session.scalars(select(User.username).where(User.username.startswith(stem, autoescape=True)))}
    if not promised:
        held = select(Invitation.username).where(Invitation.username.startswith(stem, autoescape=True))
        taken |= {*db.session.scalars(held.where(Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None)))}
    return next(name for name in chain([stem], (f"{stem}{n}" for n in count(2))) if name not in taken)


def describe(me: User, *, name: str, time_zone: str, scheme: str) -> None:
    """What a person says about themselves. Raises Invalid."""
    unknown = None if scheme in ("", "light", "dark") else "Choose one of the three."
    typed.refuse({"name": typed.check_name(name), "time_zone": typed.check_zone(time_zone), "scheme": unknown})
    me.name, me.time_zone, me.scheme = typed.one_line(name), time_zone, scheme

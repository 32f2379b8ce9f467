"""Accounts: finding one by what people type, making one."""

import uuid

from sqlalchemy import bindparam, or_, select

from portal.extensions import db
from portal.identity import typed
from portal.models.partner import Partner
from portal.models.people import Membership, PartnerRole, StaffRole, User

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

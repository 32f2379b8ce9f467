"""People: users with their memberships, invitations, open sessions and sign-in attempts."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from flask_security import UserMixin, WebAuthnMixin
from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal import clock
from portal.extensions import Base
from portal.models.columns import Utc, codes, new_key
from portal.models.partner import Partner


class PartnerRole(StrEnum):
    ADMIN = "admin"
    MEMBER = "member"


class StaffRole(StrEnum):
    SOLUTIONS_ENGINEER = "solutions_engineer"
    PARTNER_MANAGER = "partner_manager"
    SALES = "sales"
    ADMINISTRATOR = "administrator"


ROLE_WORDS = {
    PartnerRole.ADMIN: "Admin",
    PartnerRole.MEMBER: "Member",
    StaffRole.SOLUTIONS_ENGINEER: "Solutions engineer",
    StaffRole.PARTNER_MANAGER: "Partner manager",
    StaffRole.SALES: "Sales",
    StaffRole.ADMINISTRATOR: "Administrator",
}


class User(Base, UserMixin):
    """One person: a member of one partner, or staff. Never both."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True, default=new_key)
    email: Mapped[str] = mapped_column(String(255), unique=True)
    username: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    time_zone: Mapped[str] = mapped_column(String(64), default="Europe/London")
    scheme: Mapped[str] = mapped_column(String(8), default="")
    """light, dark, or empty: as the device says."""
    staff_role: Mapped[StaffRole | None] = mapped_column(codes(StaffRole))
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(Utc, default=clock.now)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    fs_webauthn_user_handle: Mapped[str | None] = mapped_column(String(64), unique=True)  # type: ignore[assignment]  # nullable here
    tf_primary_method: Mapped[str | None] = mapped_column(String(64))
    tf_totp_secret: Mapped[str | None] = mapped_column(String(255))
    tf_last_counter: Mapped[int | None] = mapped_column()
    """The time step of the last code taken: a code works once."""
    mf_recovery_codes: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(JSON()))

    membership: Mapped["Membership | None"] = relationship(back_populates="user", uselist=False)
    webauthn: Mapped[list["WebAuthn"]] = relationship(  # type: ignore[assignment]  # our own model
        cascade="all, delete-orphan", order_by="WebAuthn.id"
    )
    roles: tuple[Any, ...] = ()  # type: ignore[assignment]  # always empty
    """Flask-Security's global roles are not used: see staff_role and membership."""

    @property
    def is_authenticated(self) -> bool:
        """Always: the loader hands out nobody who is switched off, and asking again would cost a statement after the commit."""
        return True

    @property
    def partner(self) -> Partner | None:
        return self.membership.partner if self.membership else None

    @property
    def is_staff(self) -> bool:
        return self.staff_role is not None

    @property
    def has_second_factor(self) -> bool:
        return bool(self.tf_primary_method or self.webauthn)


class WebAuthn(Base, WebAuthnMixin):
    """A passkey, as Flask-Security keeps it."""

    __tablename__ = "webauthn"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary(1024), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(default=0)
    transports: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(JSON()))
    backup_state: Mapped[bool] = mapped_column(default=False)
    device_type: Mapped[str] = mapped_column(String(64))
    extensions: Mapped[str | None] = mapped_column(String(255))
    create_datetime: Mapped[datetime] = mapped_column(Utc, default=clock.now)
    lastuse_datetime: Mapped[datetime] = mapped_column(Utc, default=clock.now)
    name: Mapped[str] = mapped_column(String(64))
    usage: Mapped[str] = mapped_column(String(64))

    def get_user_mapping(self) -> dict[str, Any]:
        return {"id": self.user_id}


class Membership(Base):
    """A person's place in one partner's team."""

    __tablename__ = "membership"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), unique=True)
    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id"), index=True)
    role: Mapped[PartnerRole] = mapped_column(codes(PartnerRole))
    created_at: Mapped[datetime] = mapped_column(Utc, default=clock.now)

    user: Mapped[User] = relationship(back_populates="membership")
    partner: Mapped[Partner] = relationship()


class Invitation(Base):
    """An expiring, single-use way in: to a partner's team, or (partner_id empty) to the staff."""

    __tablename__ = "invitation"
    __table_args__ = (CheckConstraint("(partner_id IS NULL) = (staff_role IS NOT NULL)", name="one_house"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True, default=new_key)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    email: Mapped[str] = mapped_column(String(255), index=True)
    username: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(120))
    partner_id: Mapped[int | None] = mapped_column(ForeignKey("partner.id"), index=True)
    partner_role: Mapped[PartnerRole | None] = mapped_column(codes(PartnerRole))
    staff_role: Mapped[StaffRole | None] = mapped_column(codes(StaffRole))
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(Utc, default=clock.now)
    sent_at: Mapped[datetime] = mapped_column(Utc, default=clock.now)
    expires_at: Mapped[datetime] = mapped_column(Utc)
    accepted_at: Mapped[datetime | None] = mapped_column(Utc)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Utc)

    partner: Mapped[Partner | None] = relationship()


class UserSession(Base):
    """One signed-in device; ending the row signs it out."""

    __tablename__ = "user_session"
    __table_args__ = (Index(None, "user_id", "ended_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True, default=new_key)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    created_at: Mapped[datetime] = mapped_column(Utc, default=clock.now)
    seen_at: Mapped[datetime] = mapped_column(Utc, default=clock.now)
    address: Mapped[str] = mapped_column(String(64))
    agent: Mapped[str] = mapped_column(Text, default="")
    ended_at: Mapped[datetime | None] = mapped_column(Utc)


class Attempt(Base):
    """A failed try at something that can be guessed (sign-in, code, reset), counted by account and by address."""

    __tablename__ = "attempt"
    __table_args__ = (Index(None, "kind", "account_hash", "at"), Index(None, "kind", "address", "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(32))
    account_hash: Mapped[str] = mapped_column(String(64))
    address: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Utc, default=clock.now)

"""Partners: who registered interest, who was accepted, and what My Account holds about them."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal import clock
from portal.extensions import Base
from portal.models.columns import Utc, codes, new_key
from portal.status import RegistrationStatus


class Partner(Base):
    """A software company that builds on the GoCardless API."""

    __tablename__ = "partner"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True, default=new_key)
    name: Mapped[str] = mapped_column(String(120), index=True)
    created_at: Mapped[datetime] = mapped_column(Utc, default=clock.now)
    leaving_at: Mapped[datetime | None] = mapped_column(Utc)
    """An administrator asked for everything of this partner to be deleted; the worker is at it."""

    profile: Mapped["Profile"] = relationship(back_populates="partner", uselist=False, cascade="all, delete-orphan")


class Registration(Base):
    """Somebody's interest in becoming a partner, waiting for a partner manager's decision."""

    __tablename__ = "registration"
    __table_args__ = (Index(None, "status", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True, default=new_key)
    company: Mapped[str] = mapped_column(String(120))
    website: Mapped[str] = mapped_column(String(500))
    country: Mapped[str] = mapped_column(String(2))
    contact_name: Mapped[str] = mapped_column(String(120))
    email: Mapped[str] = mapped_column(String(255))
    job_title: Mapped[str] = mapped_column(String(120), default="")
    about: Mapped[str] = mapped_column(Text)
    status: Mapped[RegistrationStatus] = mapped_column(codes(RegistrationStatus), default=RegistrationStatus.NEW)
    created_at: Mapped[datetime] = mapped_column(Utc, default=clock.now)
    decided_at: Mapped[datetime | None] = mapped_column(Utc)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decline_reason: Mapped[str] = mapped_column(Text, default="")
    partner_id: Mapped[int | None] = mapped_column(ForeignKey("partner.id"))


class Profile(Base):
    """My Account: what was typed, valid or not (drafts save although incomplete); readiness says what is missing."""

    __tablename__ = "profile"

    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id", ondelete="CASCADE"), primary_key=True)
    legal_name: Mapped[str] = mapped_column(Text, default="")
    trading_name: Mapped[str] = mapped_column(Text, default="")
    website: Mapped[str] = mapped_column(Text, default="")
    description: Mapped[str] = mapped_column(Text, default="")
    category: Mapped[str] = mapped_column(Text, default="")
    more_categories: Mapped[list[str]] = mapped_column(JSON, default=list)
    use_cases: Mapped[list[str]] = mapped_column(JSON, default=list)
    head_office: Mapped[str] = mapped_column(Text, default="")
    time_zone: Mapped[str] = mapped_column(Text, default="")
    user_types: Mapped[list[str]] = mapped_column(JSON, default=list)
    user_sizes: Mapped[list[str]] = mapped_column(JSON, default=list)
    user_countries: Mapped[list[str]] = mapped_column(JSON, default=list)
    industries: Mapped[list[str]] = mapped_column(JSON, default=list)
    users_today: Mapped[str] = mapped_column(Text, default="")
    users_next_year: Mapped[str] = mapped_column(Text, default="")
    schemes: Mapped[list[str]] = mapped_column(JSON, default=list)
    yearly_volume: Mapped[str] = mapped_column(Text, default="")
    average_payment: Mapped[str] = mapped_column(Text, default="")
    volume_currency: Mapped[str] = mapped_column(Text, default="")
    sandbox_app_id: Mapped[str] = mapped_column(Text, default="")
    live_app_id: Mapped[str] = mapped_column(Text, default="")
    sandbox_email: Mapped[str] = mapped_column(Text, default="")
    complete: Mapped[bool] = mapped_column(default=False)
    """Kept by account.service: nothing is missing and the partner has said so."""
    version: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime] = mapped_column(Utc, default=clock.now)
    updated_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    partner: Mapped[Partner] = relationship(back_populates="profile")
    contacts: Mapped[list["Contact"]] = relationship(cascade="all, delete-orphan", order_by="Contact.position, Contact.id")

    __mapper_args__: dict[str, Any] = {"version_id_col": version}


class Contact(Base):
    """A person of the partner whom GoCardless may write to; a contact has no login by itself."""

    __tablename__ = "contact"

    id: Mapped[int] = mapped_column(primary_key=True)
    partner_id: Mapped[int] = mapped_column(ForeignKey("profile.partner_id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    first_name: Mapped[str] = mapped_column(Text, default="")
    last_name: Mapped[str] = mapped_column(Text, default="")
    email: Mapped[str] = mapped_column(Text, default="")
    phone: Mapped[str] = mapped_column(Text, default="")
    job_title: Mapped[str] = mapped_column(Text, default="")
    roles: Mapped[list[str]] = mapped_column(JSON, default=list)
    review_mails: Mapped[bool] = mapped_column(default=False)
    wants_login: Mapped[bool] = mapped_column(default=False)

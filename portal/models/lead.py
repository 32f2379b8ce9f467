"""Merchant leads: who a partner wants to bring, what sales made of it, and everything that was said about it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal import clock
from portal.extensions import Base
from portal.models.columns import Utc, codes, new_key
from portal.models.partner import Partner
from portal.models.people import User
from portal.status import LeadStatus


class Lead(Base):
    """One merchant lead of one partner (partner guide, section 5: My Sales)."""

    __tablename__ = "lead"
    __table_args__ = (
        UniqueConstraint("partner_id", "number"),
        Index("ix_lead_own", "partner_id", "id"),
        Index("ix_lead_own_status", "partner_id", "status", "id"),
        Index("ix_lead_status", "status", "id"),
        Index("ix_lead_owner", "owner_id", "id"),
        Index("ix_lead_owner_status", "owner_id", "status", "id"),
        Index("ix_lead_due", "next_update_at", "id"),
        Index("ix_lead_likeness", "likeness", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True, default=new_key)
    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id", ondelete="CASCADE"))
    number: Mapped[int] = mapped_column()
    """Counts within the partner, so that it tells nothing of others."""
    status: Mapped[LeadStatus] = mapped_column(codes(LeadStatus), default=LeadStatus.DRAFT)
    reason: Mapped[str] = mapped_column(Text, default="")
    """Why it was lost, rejected or withdrawn."""
    company: Mapped[str] = mapped_column(String(255), default="")
    country: Mapped[str] = mapped_column(String(2), default="")
    currency: Mapped[str] = mapped_column(String(3), default="")
    yearly_volume: Mapped[int] = mapped_column(BigInteger, default=0)
    """Whole units of the currency."""
    values: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """Every field as it was typed, valid or not while it is a draft."""
    likeness: Mapped[str | None] = mapped_column(String(64))
    """Equal for leads that are probably about the same merchant; None for drafts."""
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    """Who of sales works it."""
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(Utc, default=clock.now)
    submitted_at: Mapped[datetime | None] = mapped_column(Utc)
    updated_at: Mapped[datetime] = mapped_column(Utc, default=clock.now)
    """The last news that the partner got."""
    next_update_at: Mapped[datetime | None] = mapped_column(Utc)
    """When the partner hears of it next at the latest; None for drafts and for what has ended."""
    version: Mapped[int] = mapped_column(default=1)

    partner: Mapped[Partner] = relationship()
    owner: Mapped[User | None] = relationship(foreign_keys=[owner_id])
    created_by: Mapped[User | None] = relationship(foreign_keys=[created_by_id])

    __mapper_args__ = {"version_id_col": version}


class LeadUpdate(Base):
    """Something said about a lead, or a move of it. Internal ones stay with the staff."""

    __tablename__ = "lead_update"
    __table_args__ = (Index(None, "lead_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    lead_id: Mapped[int] = mapped_column(ForeignKey("lead.id", ondelete="CASCADE"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    author_name: Mapped[str] = mapped_column(String(120), default="")
    by_staff: Mapped[bool] = mapped_column(default=False)
    internal: Mapped[bool] = mapped_column(default=False)
    before: Mapped[LeadStatus | None] = mapped_column(codes(LeadStatus, name="before"))
    after: Mapped[LeadStatus | None] = mapped_column(codes(LeadStatus, name="after"))
    text: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(Utc, default=clock.now)

"""The integration of a partner: its ten sections and the answers in them."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal import clock
from portal.extensions import Base
from portal.models.columns import Utc, codes, new_key
from portal.models.partner import Partner
from portal.status import IntegrationStatus, SectionStatus


class Integration(Base):
    """What is certified. A partner has one."""

    __tablename__ = "integration"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True, default=new_key)
    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id", ondelete="CASCADE"), unique=True)
    catalog_version: Mapped[str] = mapped_column(String(20))
    previous_version: Mapped[str | None] = mapped_column(String(20))
    """The version it was carried over from: what is new or changed since then is named on the pages."""
    status: Mapped[IntegrationStatus] = mapped_column(codes(IntegrationStatus), default=IntegrationStatus.DRAFT, index=True)
    created_at: Mapped[datetime] = mapped_column(Utc, default=clock.now)
    confirmed_at: Mapped[datetime | None] = mapped_column(Utc)
    """The partner confirmed the summary of all answers; void when an answer changes before submission."""
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    submitted_at: Mapped[datetime | None] = mapped_column(Utc)
    certified_at: Mapped[datetime | None] = mapped_column(Utc)

    partner: Mapped[Partner] = relationship()
    sections: Mapped[list["Section"]] = relationship(cascade="all, delete-orphan", order_by="Section.position")


class Section(Base):
    """One of the ten sections; status, answered and total are kept by build.service, and a test says they agree with progress."""

    __tablename__ = "section"
    __table_args__ = (UniqueConstraint("integration_id", "key"), Index(None, "status", "integration_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    integration_id: Mapped[int] = mapped_column(ForeignKey("integration.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(64))
    position: Mapped[int] = mapped_column()
    status: Mapped[SectionStatus] = mapped_column(codes(SectionStatus), default=SectionStatus.NOT_STARTED)
    marked_at: Mapped[datetime | None] = mapped_column(Utc)
    marked_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    answered: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    open_questions: Mapped[list[str]] = mapped_column(JSON, default=list)
    """While Attention Needed: the questions that may be edited (flagged, or newly asked); the rest is sealed."""
    comment: Mapped[str] = mapped_column(Text, default="")
    """The section's additional comments."""
    comment_version: Mapped[int] = mapped_column(default=0)
    proofs: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")
    """By question: what the integration checks say of it (portal.build.proving), kept current by portal.build.proofs."""
    proofs_until: Mapped[datetime | None] = mapped_column(Utc, index=True)
    """When the first of them becomes too old."""
    explanations: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")
    """By question: what the partner said about a check that contradicts the answer (portal.build.contradictions)."""


class Answer(Base):
    """What was typed for one question, valid or not, with its comment; each save raises the version."""

    __tablename__ = "answer"
    __table_args__ = (UniqueConstraint("integration_id", "question_key"), Index(None, "integration_id", "section_key"))

    id: Mapped[int] = mapped_column(primary_key=True)
    integration_id: Mapped[int] = mapped_column(ForeignKey("integration.id", ondelete="CASCADE"))
    section_key: Mapped[str] = mapped_column(String(64))
    question_key: Mapped[str] = mapped_column(String(64))
    value: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)
    """None, a text, or a list of option codes."""
    comment: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime] = mapped_column(Utc, default=clock.now)
    updated_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

"""What a partner launches with: its listing in the directory, its logos and its support documents."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal import clock
from portal.extensions import Base
from portal.models.columns import Utc, codes, new_key
from portal.models.partner import Partner
from portal.models.people import User
from portal.status import DocumentKind, FileState, ListingStatus


class Logo(Base):
    """A logo as it is shown: always PNG, drawn by ourselves. Never changed; a new upload is a new row."""

    __tablename__ = "logo"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True, default=new_key)
    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id", ondelete="CASCADE"), index=True)
    original_name: Mapped[str] = mapped_column(Text)
    """Only shown, never used as a path."""
    original_kind: Mapped[str] = mapped_column(String(40))
    """The media type of what was sent."""
    width: Mapped[int] = mapped_column()
    height: Mapped[int] = mapped_column()
    """Of the largest picture that is kept."""
    sha256: Mapped[str] = mapped_column(String(64))
    large_key: Mapped[str] = mapped_column(String(80))
    small_key: Mapped[str] = mapped_column(String(80))
    social_key: Mapped[str] = mapped_column(String(80))
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    uploaded_at: Mapped[datetime] = mapped_column(Utc, default=clock.now)


class SupportDocument(Base):
    """One explanation of how the integration works: an address, or a file. Removing hides it; a published listing still has it."""

    __tablename__ = "support_document"
    __table_args__ = (Index("ix_support_document_present", "partner_id", "removed_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True, default=new_key)
    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id", ondelete="CASCADE"))
    kind: Mapped[DocumentKind] = mapped_column(codes(DocumentKind))
    title: Mapped[str] = mapped_column(String(120))
    url: Mapped[str] = mapped_column(Text, default="")
    languages: Mapped[list[str]] = mapped_column(JSON, default=list)
    reviewed_on: Mapped[date] = mapped_column(Date)
    """The day on which the partner last read it through."""
    original_name: Mapped[str] = mapped_column(Text, default="")
    media_type: Mapped[str] = mapped_column(String(80), default="")
    size: Mapped[int] = mapped_column(default=0)
    sha256: Mapped[str] = mapped_column(String(64), default="")
    storage_key: Mapped[str | None] = mapped_column(String(80))
    state: Mapped[FileState] = mapped_column(codes(FileState), default=FileState.READY)
    refusal: Mapped[str] = mapped_column(Text, default="")
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    added_at: Mapped[datetime] = mapped_column(Utc, default=clock.now)
    removed_at: Mapped[datetime | None] = mapped_column(Utc)


class Listing(Base):
    """A partner's entry in the public directory: the draft as it was typed, what waits for our look, and what is published."""

    __tablename__ = "listing"
    __table_args__ = (Index("ix_listing_desk", "status", "pending_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True, default=new_key)
    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id", ondelete="CASCADE"), unique=True)
    status: Mapped[ListingStatus] = mapped_column(codes(ListingStatus), default=ListingStatus.DRAFT)
    slug: Mapped[str | None] = mapped_column(String(80), unique=True)
    """Its address in the directory; given at the first publication and kept for ever."""
    draft: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """By field of portal.launch.fields, valid or not."""
    logo_id: Mapped[int | None] = mapped_column(ForeignKey("logo.id"))
    landing: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """What the last look at the landing page found; see portal.launch.landing."""
    pending: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """The frozen version that waits for a partner manager; see portal.launch.versions."""
    pending_number: Mapped[int] = mapped_column(default=0)
    """Raised with each sending: a manager decides on exactly the version that the page showed."""
    pending_at: Mapped[datetime | None] = mapped_column(Utc)
    pending_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    published: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    published_at: Mapped[datetime | None] = mapped_column(Utc)
    reason: Mapped[str] = mapped_column(Text, default="")
    """Why it was declined or withdrawn the last time; empty once it was sent or published again."""
    updated_at: Mapped[datetime] = mapped_column(Utc, default=clock.now)
    updated_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    version: Mapped[int] = mapped_column(default=1)
    """Of the draft's texts: raised by each save."""

    partner: Mapped[Partner] = relationship()
    logo: Mapped[Logo | None] = relationship()
    pending_by: Mapped[User | None] = relationship(foreign_keys=[pending_by_id])

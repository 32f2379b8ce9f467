"""Content of Grow: what staff write with every version of it, what partners see, and how it is found."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal import clock
from portal.extensions import Base
from portal.models.columns import Encrypted, Utc, codes, new_key
from portal.models.people import User
from portal.status import ContentKind, ContentStage, ContentStatus, FileState, Horizon


class ContentItem(Base):
    """One item as staff know it: the draft as it was typed, valid or not, and where it stands."""

    __tablename__ = "content_item"
    __table_args__ = (
        Index("ix_content_item_status", "status", "id"),
        Index("ix_content_item_kind", "kind", "id"),
        Index("ix_content_item_status_kind", "status", "kind", "id"),
        Index("ix_content_item_review", "status", "review_on", "id"),
        Index("ix_content_item_due", "status", "publish_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True, default=new_key)
    kind: Mapped[ContentKind] = mapped_column(codes(ContentKind))
    status: Mapped[ContentStatus] = mapped_column(codes(ContentStatus), default=ContentStatus.DRAFT)
    draft: Mapped[dict[str, Any]] = mapped_column(JSON)
    """See portal.grow.values."""
    number: Mapped[int] = mapped_column(default=1)
    """Of the draft's version; raised by each save that changes something."""
    title: Mapped[str] = mapped_column(Text, default="")
    words: Mapped[str] = mapped_column(Text, default="")
    """What staff find it by, without accents and capitals."""
    scheduled_number: Mapped[int | None] = mapped_column()
    publish_at: Mapped[datetime | None] = mapped_column(Utc)
    """When the scheduled version is published."""
    published_number: Mapped[int | None] = mapped_column()
    review_on: Mapped[date | None] = mapped_column(Date)
    """When somebody has to read it through again."""
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(Utc, default=clock.now)
    updated_at: Mapped[datetime] = mapped_column(Utc, default=clock.now)
    updated_by_name: Mapped[str] = mapped_column(String(120), default="")


class ContentVersion(Base):
    """A draft as somebody saved it; never changed."""

    __tablename__ = "content_version"
    __table_args__ = (UniqueConstraint("item_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("content_item.id", ondelete="CASCADE"))
    number: Mapped[int] = mapped_column()
    values: Mapped[dict[str, Any]] = mapped_column(JSON)
    by_name: Mapped[str] = mapped_column(String(120), default="")
    at: Mapped[datetime] = mapped_column(Utc, default=clock.now)


class ContentFile(Base):
    """A file that belongs to an item. Versions name those that they show; removing one from the draft leaves it to them."""

    __tablename__ = "content_file"
    __table_args__ = (Index("ix_content_file_item", "item_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True, default=new_key)
    item_id: Mapped[int] = mapped_column(ForeignKey("content_item.id", ondelete="CASCADE"))
    original_name: Mapped[str] = mapped_column(Text)
    """Only shown, never used as a path; unique within the item."""
    media_type: Mapped[str] = mapped_column(String(80))
    size: Mapped[int] = mapped_column()
    sha256: Mapped[str] = mapped_column(String(64))
    storage_key: Mapped[str] = mapped_column(String(80))
    width: Mapped[int | None] = mapped_column()
    height: Mapped[int | None] = mapped_column()
    state: Mapped[FileState] = mapped_column(codes(FileState), default=FileState.CHECKING)
    refusal: Mapped[str] = mapped_column(Text, default="")
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    uploaded_at: Mapped[datetime] = mapped_column(Utc, default=clock.now)

    uploaded_by: Mapped[User | None] = relationship()


class ContentAudience(Base):
    """For whom something is: empty lists restrict nothing. Items with the same audience share the row."""

    __tablename__ = "content_audience"

    id: Mapped[int] = mapped_column(primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    schemes: Mapped[list[str]] = mapped_column(JSON)
    categories: Mapped[list[str]] = mapped_column(JSON)
    countries: Mapped[list[str]] = mapped_column(JSON)
    stage: Mapped[ContentStage] = mapped_column(codes(ContentStage))
    shown: Mapped[int] = mapped_column(default=0)
    """How many items are shown to it now."""


class ContentShown(Base):
    """A published item as partners read it. The row is there exactly while they may; rows are in the order of publication."""

    __tablename__ = "content_shown"
    __table_args__ = (Index("ix_content_shown_audience", "audience_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("content_item.id", ondelete="CASCADE"), unique=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)
    """The item's."""
    audience_id: Mapped[int] = mapped_column(ForeignKey("content_audience.id"))
    kind: Mapped[ContentKind] = mapped_column(codes(ContentKind))
    horizon: Mapped[Horizon | None] = mapped_column(codes(Horizon))
    action_by: Mapped[date | None] = mapped_column(Date)
    link: Mapped[str] = mapped_column(Text, default="")
    tags: Mapped[list[str]] = mapped_column(JSON)
    files: Mapped[list[str]] = mapped_column(JSON)
    """Keys of ContentFile."""
    languages: Mapped[list[str]] = mapped_column(JSON)
    title: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    """What a search looks into: every language, without accents and capitals."""
    codes: Mapped[str] = mapped_column(Text)
    """Audience, kind and tags as words of a search."""
    published_at: Mapped[datetime] = mapped_column(Utc)
    changed_at: Mapped[datetime] = mapped_column(Utc)

    audience: Mapped[ContentAudience] = relationship()


class ContentText(Base):
    """A shown item in one language, drawn and sanitised when it was published."""

    __tablename__ = "content_text"

    shown_id: Mapped[int] = mapped_column(ForeignKey("content_shown.id", ondelete="CASCADE"), primary_key=True)
    language: Mapped[str] = mapped_column(String(8), primary_key=True)
    title: Mapped[str] = mapped_column(Text)
    summary: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)


class ContentPlace(Base):
    """Where a shown item stands in the lists of its audience: in all, by kind, by tag and by both. The key is the order of reading."""

    __tablename__ = "content_place"
    __table_args__ = (Index("ix_content_place_shown", "shown_id"),)

    audience_id: Mapped[int] = mapped_column(ForeignKey("content_audience.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    tag: Mapped[str] = mapped_column(String(40), primary_key=True)
    shown_id: Mapped[int] = mapped_column(ForeignKey("content_shown.id", ondelete="CASCADE"), primary_key=True)


class ContentCount(Base):
    """How many items stand in each of those lists."""

    __tablename__ = "content_count"

    audience_id: Mapped[int] = mapped_column(ForeignKey("content_audience.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    tag: Mapped[str] = mapped_column(String(40), primary_key=True)
    number: Mapped[int] = mapped_column()


class ContentRead(Base):
    """Somebody of a partner has read an item."""

    __tablename__ = "content_read"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("content_item.id", ondelete="CASCADE"), primary_key=True, index=True)
    at: Mapped[datetime] = mapped_column(Utc, default=clock.now)


class ContentDone(Base):
    """A partner has done what an item asks for."""

    __tablename__ = "content_done"

    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id", ondelete="CASCADE"), primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("content_item.id", ondelete="CASCADE"), primary_key=True, index=True)
    by_name: Mapped[str] = mapped_column(String(120), default="")
    at: Mapped[datetime] = mapped_column(Utc, default=clock.now)


class FeedKey(Base):
    """The key in the address of a partner's Atom feed. A revoked one is kept, to be told that it is gone."""

    __tablename__ = "feed_key"
    __table_args__ = (Index("ix_feed_key_partner", "partner_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id", ondelete="CASCADE"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    token: Mapped[str | None] = mapped_column(Encrypted)
    """Emptied when it is revoked."""
    made_by_name: Mapped[str] = mapped_column(String(120), default="")
    made_at: Mapped[datetime] = mapped_column(Utc, default=clock.now)
    revoked_at: Mapped[datetime | None] = mapped_column(Utc)

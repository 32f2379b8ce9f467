"""Happenings as rows: what the feed, the audit log and the mails are read from."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal import clock
from portal.extensions import Base
from portal.models.columns import Utc, codes


class Audience(StrEnum):
    PARTNER = "partner"
    STAFF = "staff"


class Event(Base):
    """One happening; never changed, never deleted."""

    __tablename__ = "event"
    __table_args__ = (
        Index(None, "integration_id", "section_key", "id"),
        Index(None, "partner_id", "id"),
        Index(None, "kind", "id"),
        Index(None, "actor_id", "id"),
        Index(None, "at", "id"),
        Index(None, "partner_id", "kind", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Utc, default=clock.now)
    kind: Mapped[str] = mapped_column(String(64))
    audience: Mapped[Audience] = mapped_column(codes(Audience))
    partner_id: Mapped[int | None] = mapped_column(ForeignKey("partner.id", ondelete="CASCADE"))
    integration_id: Mapped[int | None] = mapped_column(ForeignKey("integration.id", ondelete="CASCADE"))
    section_key: Mapped[str | None] = mapped_column(String(64))
    question_key: Mapped[str | None] = mapped_column(String(64))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    actor_name: Mapped[str] = mapped_column(String(120), default="")
    """The name as it was then; empty for the portal itself."""
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    request_id: Mapped[str] = mapped_column(String(32), default="")


class EventWord(Base):
    """A happening is found by this word: a number, as portal.timeline.finding makes it."""

    __tablename__ = "event_word"
    __table_args__ = ({"sqlite_with_rowid": False},)

    word: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    event_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class FeedRead(Base):
    """How far a person has read a section's feed."""

    __tablename__ = "feed_read"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    integration_id: Mapped[int] = mapped_column(ForeignKey("integration.id", ondelete="CASCADE"), primary_key=True)
    section_key: Mapped[str] = mapped_column(String(64), primary_key=True)
    last_event_id: Mapped[int] = mapped_column()

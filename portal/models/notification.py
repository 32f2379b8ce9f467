"""Who hears of what and how: each person's choices, what waits for a digest, and a partner's own address for status changes."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal import clock
from portal.extensions import Base
from portal.models.columns import Encrypted, Utc, codes, new_key
from portal.models.partner import Partner
from portal.status import MailChoice, StatusState


class Choice(Base):
    """What a person chose for one kind of mail; without a row, mails come at once."""

    __tablename__ = "mail_choice"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    choice: Mapped[MailChoice] = mapped_column(codes(MailChoice))


class DigestItem(Base):
    """A mail that waits for a person's daily digest, as its words. Encrypted: it may quote what others wrote."""

    __tablename__ = "digest_item"
    __table_args__ = (Index("ix_digest_item_person", "user_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    partner_id: Mapped[int | None] = mapped_column(ForeignKey("partner.id", ondelete="CASCADE"), index=True)
    """Whom it speaks of."""
    kind: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(Utc, default=clock.now)
    subject: Mapped[str] = mapped_column(Encrypted)
    text: Mapped[str] = mapped_column(Encrypted)


class StatusHook(Base):
    """Where a partner's own systems hear of status changes. The secret is encrypted and shown once."""

    __tablename__ = "status_hook"
    __table_args__ = (Index("ix_status_hook_partner", "partner_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True, default=new_key)
    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id", ondelete="CASCADE"))
    url: Mapped[str] = mapped_column(Text)
    types: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Of portal.notifications.messages; empty: all."""
    on: Mapped[bool] = mapped_column(default=True)
    why_off: Mapped[str] = mapped_column(Text, default="")
    """Why the portal itself switched it off; empty when a person did."""
    secret: Mapped[str] = mapped_column(Encrypted)
    previous_secret: Mapped[str | None] = mapped_column(Encrypted)
    previous_until: Mapped[datetime | None] = mapped_column(Utc)
    """Until then every message carries a signature with each of the two."""
    failing_since: Mapped[datetime | None] = mapped_column(Utc)
    """The first failure since the last success; None while it works."""
    created_at: Mapped[datetime] = mapped_column(Utc, default=clock.now)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    partner: Mapped[Partner] = relationship()


class StatusMessage(Base):
    """One message to one address; its key is the webhook-id, the same at every try."""

    __tablename__ = "status_message"
    __table_args__ = (Index("ix_status_message_hook", "hook_id", "id"), Index("ix_status_message_old", "created_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True, default=new_key)
    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id", ondelete="CASCADE"), index=True)
    hook_id: Mapped[int] = mapped_column(ForeignKey("status_hook.id", ondelete="CASCADE"))
    type: Mapped[str] = mapped_column(String(60))
    body: Mapped[str] = mapped_column(Text)
    """Exactly what is signed and sent."""
    state: Mapped[StatusState] = mapped_column(codes(StatusState), default=StatusState.WAITING)
    created_at: Mapped[datetime] = mapped_column(Utc, default=clock.now)
    tries: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    """Oldest first: at, status (None when there was no answer), error, milliseconds."""
    next_at: Mapped[datetime | None] = mapped_column(Utc)

    hook: Mapped[StatusHook] = relationship()

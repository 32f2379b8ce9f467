"""Webhooks as they came in, byte for byte, and the events that were found in them."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal import clock
from portal.extensions import Base
from portal.models.columns import Utc, codes, new_key
from portal.models.partner_app import PartnerApp
from portal.status import Signature


class Delivery(Base):
    """One request to a receiving endpoint, kept before anything is understood of it."""

    __tablename__ = "delivery"
    __table_args__ = (Index(None, "partner_id", "id"), Index(None, "app_id", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True, default=new_key)
    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id", ondelete="CASCADE"))
    app_id: Mapped[int] = mapped_column(ForeignKey("partner_app.id", ondelete="CASCADE"))
    received_at: Mapped[datetime] = mapped_column(Utc, default=clock.now)
    signature: Mapped[Signature] = mapped_column(codes(Signature))
    reason: Mapped[str] = mapped_column(String(40), default="")
    """Why the signature does not fit, as a code whose words stand in a table."""
    answer: Mapped[int] = mapped_column()
    """The HTTP status that was sent back."""
    milliseconds: Mapped[float] = mapped_column(default=0.0)
    headers: Mapped[list[list[str]]] = mapped_column(JSON)
    """Pairs in the order they came, duplicates kept."""
    body: Mapped[bytes] = mapped_column(LargeBinary)
    """Deflated when that is shorter; portal.webhooks knows."""
    size: Mapped[int] = mapped_column(default=0)
    parsed_at: Mapped[datetime | None] = mapped_column(Utc)
    problem: Mapped[str] = mapped_column(Text, default="")
    """Why the body could not be understood."""
    events: Mapped[int] = mapped_column(default=0)
    summary: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """What the list shows: first event's type, resource, organisation, how many more, how many seen before."""

    app: Mapped[PartnerApp] = relationship()


class DeliveryEvent(Base):
    """One event of a delivery."""

    __tablename__ = "delivery_event"
    __table_args__ = (Index("ix_delivery_event_partner_event", "partner_id", "event_id", "id"), Index(None, "delivery_id", "position"))

    id: Mapped[int] = mapped_column(primary_key=True)
    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id", ondelete="CASCADE"))
    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column()
    event_id: Mapped[str | None] = mapped_column(String(64))
    """None for organisations/disconnected, which is no stored event."""
    created_at: Mapped[str] = mapped_column(String(40), default="")
    """As sent: the order by time is the order of this text."""
    resource_type: Mapped[str] = mapped_column(String(60), default="")
    action: Mapped[str] = mapped_column(String(60), default="")
    resource_id: Mapped[str] = mapped_column(String(64), default="")
    organisation_id: Mapped[str] = mapped_column(String(64), default="")
    first_id: Mapped[int | None] = mapped_column()
    """The delivery that brought the same event first; None for the first."""


class Forward(Base):
    """One attempt to pass a delivery on to the partner's own URL."""

    __tablename__ = "forward"
    __table_args__ = (Index(None, "delivery_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id", ondelete="CASCADE"))
    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id", ondelete="CASCADE"))
    to: Mapped[str] = mapped_column(Text)
    """The URL, or the name of the listening command line."""
    at: Mapped[datetime] = mapped_column(Utc, default=clock.now)
    status: Mapped[int | None] = mapped_column()
    """The HTTP status that came back; None when nothing did."""
    error: Mapped[str] = mapped_column(Text, default="")
    milliseconds: Mapped[float | None] = mapped_column()
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    """Who asked for it; None when it was passed on by itself."""

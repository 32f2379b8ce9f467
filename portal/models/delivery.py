"""Webhooks as they came in, byte for byte, the events that were found in them, and what they are found by."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal import clock
from portal.extensions import Base
from portal.models.columns import Utc, codes, new_key
from portal.models.partner_app import PartnerApp
from portal.status import ForwardKind, Signature

UNPARSED = text("parsed_at IS NULL")


class Delivery(Base):
    """One request to a receiving endpoint, kept before anything is understood of it.

    Ids are never used twice and become visible in their order: who has seen one has seen all before it. What a list shows
    stands before headers and body, so that SQLite need not read on to them.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        Index(None, "partner_id", "id"),
        Index(None, "app_id", "id"),
        Index(None, "partner_id", "received_at"),
        Index("ix_delivery_unparsed", "id", "partner_id", sqlite_where=UNPARSED, postgresql_where=UNPARSED),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True, default=new_key)
    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id", ondelete="CASCADE"))
    app_id: Mapped[int] = mapped_column(ForeignKey("partner_app.id", ondelete="CASCADE"))
    received_at: Mapped[datetime] = mapped_column(Utc, default=clock.now)
    signature: Mapped[Signature] = mapped_column(codes(Signature))
    reason: Mapped[str] = mapped_column(String(40), default="")
    """Why the signature does not fit, as a code whose words stand in portal.webhooks.reasons."""
    answer: Mapped[int] = mapped_column()
    """The HTTP status that was sent back."""
    milliseconds: Mapped[float] = mapped_column(default=0.0)
    """From the request's begin until it was stored; the commit itself not counted."""
    size: Mapped[int] = mapped_column(default=0)
    """Bytes of the body as it came."""
    parsed_at: Mapped[datetime | None] = mapped_column(Utc)
    problem: Mapped[str] = mapped_column(Text, default="")
    """What is wrong with the body, in words; empty when nothing is."""
    events: Mapped[int] = mapped_column(default=0)
    """How many the body holds, also those beyond the 250 that are read."""
    summary: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """What the list shows; portal.webhooks.understanding says what is in it."""
    headers: Mapped[list[list[str]]] = mapped_column(JSON, deferred=True)
    """Pairs in the order they came; portal.webhooks.bodies says what is left out."""
    body: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    """Deflated when that is shorter: read it with portal.webhooks.bodies.raw."""
    found_by: Mapped[bytes] = mapped_column(LargeBinary, default=b"", deferred=True)
    """Its values in DeliveryValue, eight bytes each: what a purge takes away with it."""

    app: Mapped[PartnerApp] = relationship()


class DeliveryValue(Base):
    """A delivery is found by this value: a filter of the log or a word in the body, as a number that holds the partner too."""

    __tablename__ = "delivery_value"
    __table_args__ = ({"sqlite_with_rowid": False},)

    value: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    delivery_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class DeliveryEvent(Base):
    """One event of a delivery whose signature was valid; what forgers send is only in the body."""

    __tablename__ = "delivery_event"
    __table_args__ = (
        Index("ix_delivery_event_partner_event", "partner_id", "event_id", "id"),
        Index("ix_delivery_event_partner_resource", "partner_id", "resource_id", "created_at"),
        Index(None, "delivery_id", "position"),
    )

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
    connection_id: Mapped[int | None] = mapped_column(ForeignKey("connection.id", ondelete="SET NULL"))
    """The merchant's connection with this app, if there was one when the event was read."""
    first_id: Mapped[int | None] = mapped_column()
    """The delivery that brought the same event first; None for the first."""
    late: Mapped[bool] = mapped_column(default=False)
    """A later event of the same resource had come before."""


class Forward(Base):
    """One attempt to pass a delivery on to the partner's own URL, or what a listening command line told of its own."""

    __tablename__ = "forward"
    __table_args__ = (Index(None, "delivery_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id", ondelete="CASCADE"))
    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id", ondelete="CASCADE"))
    kind: Mapped[ForwardKind] = mapped_column(codes(ForwardKind), default=ForwardKind.AUTOMATIC)
    attempt: Mapped[int] = mapped_column(default=1)
    to: Mapped[str] = mapped_column(Text)
    """The URL, or the name of the listening command line."""
    at: Mapped[datetime] = mapped_column(Utc, default=clock.now)
    status: Mapped[int | None] = mapped_column()
    """The HTTP status that came back; None when nothing did."""
    error: Mapped[str] = mapped_column(Text, default="")
    milliseconds: Mapped[float | None] = mapped_column()
    next_at: Mapped[datetime | None] = mapped_column(Utc)
    """When it is tried again; None when it is not."""
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    """Who asked for it; None when it was passed on by itself."""

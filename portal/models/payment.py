"""What a connected account's payments tell: each payment and payout as read from the API, and the figures kept of them."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.extensions import Base
from portal.models.columns import Utc, codes
from portal.models.partner_app import Connection
from portal.status import ReadingStatus


class Unit(StrEnum):
    """How long a period of the figures is."""

    WEEK = "week"
    MONTH = "month"


class PaymentReading(Base):
    """How far the payments of one connection have been read."""

    __tablename__ = "payment_reading"

    id: Mapped[int] = mapped_column(primary_key=True)
    connection_id: Mapped[int] = mapped_column(ForeignKey("connection.id", ondelete="CASCADE"), unique=True)
    status: Mapped[ReadingStatus] = mapped_column(codes(ReadingStatus), default=ReadingStatus.WAITING)
    problem: Mapped[str] = mapped_column(String(40), default="")
    """Code of what went wrong; its words stand in a table. Empty when nothing did."""
    read_until: Mapped[str] = mapped_column(String(40), default="")
    """`created_at` of the newest event when all were read last, as the API wrote it; empty before the first time."""
    payouts_until: Mapped[str] = mapped_column(String(40), default="")
    """The same of the last time that payouts were read, too."""
    newest: Mapped[str] = mapped_column(String(40), default="")
    """The same of the reading that is under way; it becomes `read_until` at its end."""
    cursor: Mapped[str] = mapped_column(String(64), default="")
    """The last event of the last page that was stored: pages come newest first, and the next begins after it."""
    seen: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Events close to `read_until`, which the next reading meets again and must not count twice."""
    seen_now: Mapped[list[str]] = mapped_column(JSON, default=list)
    """The same of the reading that is under way."""
    events: Mapped[int] = mapped_column(default=0)
    """Counted over all readings."""
    asked_at: Mapped[datetime] = mapped_column(Utc)
    finished_at: Mapped[datetime | None] = mapped_column(Utc)
    """When the last whole reading ended."""
    version: Mapped[int] = mapped_column(default=1)

    connection: Mapped[Connection] = relationship()

    __mapper_args__ = {"version_id_col": version}


class PaymentFact(Base):
    """One payment as the API showed it last, and what its events told of failures and retries."""

    __tablename__ = "payment_fact"
    __table_args__ = (UniqueConstraint("connection_id", "payment_id"), Index(None, "connection_id", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    connection_id: Mapped[int] = mapped_column(ForeignKey("connection.id", ondelete="CASCADE"))
    payment_id: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[str] = mapped_column(String(40))
    """As the API wrote it."""
    charge_date: Mapped[date] = mapped_column()
    """The latest one: a retry moves it. The day of creation while there is none."""
    currency: Mapped[str] = mapped_column(String(3))
    amount: Mapped[int] = mapped_column(BigInteger)
    """In minor units."""
    status: Mapped[str] = mapped_column(String(40))
    failures: Mapped[int] = mapped_column(default=0)
    cause: Mapped[str] = mapped_column(String(60), default="")
    """Of the last failure or chargeback."""
    failed_at: Mapped[str] = mapped_column(String(40), default="")
    """When the last of them was, as the API wrote it."""
    retries: Mapped[int] = mapped_column(default=0)
    payout_id: Mapped[str] = mapped_column(String(64), default="")


class PayoutFact(Base):
    """When a payout arrives; payments name theirs."""

    __tablename__ = "payout_fact"
    __table_args__ = (UniqueConstraint("connection_id", "payout_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    connection_id: Mapped[int] = mapped_column(ForeignKey("connection.id", ondelete="CASCADE"))
    payout_id: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[str] = mapped_column(String(40))
    status: Mapped[str] = mapped_column(String(40))
    arrives_on: Mapped[date | None] = mapped_column()


class PaymentFigure(Base):
    """How many payments of one period are alike, so that a page adds up a few rows instead of every payment."""

    __tablename__ = "payment_figure"
    __table_args__ = (Index("ix_payment_figure_connection", "connection_id", "unit", "currency", "starts_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    connection_id: Mapped[int] = mapped_column(ForeignKey("connection.id", ondelete="CASCADE"))
    unit: Mapped[Unit] = mapped_column(codes(Unit))
    starts_on: Mapped[date] = mapped_column()
    currency: Mapped[str] = mapped_column(String(3))
    outcome: Mapped[str] = mapped_column(String(20))
    cause: Mapped[str] = mapped_column(String(60))
    retried: Mapped[bool] = mapped_column()
    days: Mapped[int | None] = mapped_column()
    """From the charge date until the payout arrives; None before that."""
    payments: Mapped[int] = mapped_column()
    retries: Mapped[int] = mapped_column()
    amount: Mapped[int] = mapped_column(BigInteger)

"""Runs against a sandbox, step by step: what was asked, what came back, how long it took, and what that means."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal import clock
from portal.extensions import Base
from portal.models.columns import Encrypted, Utc, codes, new_key
from portal.models.partner_app import Connection, PartnerApp
from portal.models.people import User
from portal.status import RunKind, RunStatus, StepStatus


class Run(Base):
    """One connect test or one billing request run; kept for ever, read by the whole team and by staff."""

    __tablename__ = "run"
    __table_args__ = (
        Index(None, "partner_id", "id"),
        Index(None, "partner_id", "kind", "id"),
        Index(None, "app_id", "id"),
        Index(None, "connection_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True, default=new_key)
    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id", ondelete="CASCADE"))
    app_id: Mapped[int] = mapped_column(ForeignKey("partner_app.id", ondelete="CASCADE"))
    connection_id: Mapped[int | None] = mapped_column(ForeignKey("connection.id", ondelete="SET NULL"))
    kind: Mapped[RunKind] = mapped_column(codes(RunKind))
    status: Mapped[RunStatus] = mapped_column(codes(RunStatus), default=RunStatus.WAITING)
    words: Mapped[str] = mapped_column(Text, default="")
    """Why it stands where it stands: what is waited for, or what went wrong."""
    parameters: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """As chosen by the person: scope, initial_view, prefill, language; amount, scheme; no secret."""
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """What was learnt on the way: ids of resources, no secret."""
    secret: Mapped[str | None] = mapped_column(Encrypted)
    """JSON of what the next step needs and nobody may see (state, authorization code); None once used."""
    version: Mapped[int] = mapped_column(default=1)
    """Grows with every change; a poll with the same version is answered 304."""
    started_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    started_at: Mapped[datetime] = mapped_column(Utc, default=clock.now)
    ended_at: Mapped[datetime | None] = mapped_column(Utc)

    app: Mapped[PartnerApp] = relationship()
    connection: Mapped[Connection | None] = relationship()
    started_by: Mapped[User | None] = relationship()
    steps: Mapped[list["RunStep"]] = relationship(cascade="all, delete-orphan", order_by="RunStep.position")


class RunStep(Base):
    """One step of a run. Request and response are masked before they are stored."""

    __tablename__ = "run_step"
    __table_args__ = (UniqueConstraint("run_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column()
    code: Mapped[str] = mapped_column(String(40))
    """Which step it is; its title and clause stand in the table of its kind of run."""
    status: Mapped[StepStatus] = mapped_column(codes(StepStatus), default=StepStatus.WAITING)
    problem: Mapped[str] = mapped_column(String(40), default="")
    """Code of what went wrong; its words stand in a table. Empty when nothing did."""
    verdict: Mapped[str] = mapped_column(Text, default="")
    request: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    """method, url, headers, body."""
    response: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    """status, headers, body."""
    milliseconds: Mapped[float | None] = mapped_column()
    started_at: Mapped[datetime] = mapped_column(Utc, default=clock.now)
    ended_at: Mapped[datetime | None] = mapped_column(Utc)

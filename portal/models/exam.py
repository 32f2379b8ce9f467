"""Integration checks: what a partner declares for them, each time they ran, and what each check said."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal import clock
from portal.extensions import Base
from portal.models.columns import Encrypted, Utc, codes, new_key
from portal.models.partner_app import PartnerApp
from portal.models.people import User
from portal.status import CheckVerdict, RunStatus

GOING = text("ended_at IS NULL")
NEWEST = text("newest")


class ExamSettings(Base):
    """What a partner declares of an app's own side, so that the checks can reach it. All of it may be empty."""

    __tablename__ = "exam_settings"

    id: Mapped[int] = mapped_column(primary_key=True)
    app_id: Mapped[int] = mapped_column(ForeignKey("partner_app.id", ondelete="CASCADE"), unique=True)
    connect_url: Mapped[str] = mapped_column(Text, default="")
    """A page of theirs that sends a user to authorise."""
    login_url: Mapped[str] = mapped_column(Text, default="")
    """The same for merchants who have an account already."""
    action_url: Mapped[str] = mapped_column(Text, default="")
    """Their test hook (docs/checks.md)."""
    link: Mapped[str] = mapped_column(Text, default="")
    """An authorisation link that somebody pasted."""
    header_name: Mapped[str] = mapped_column(String(80), default="")
    header_value: Mapped[str | None] = mapped_column(Encrypted)
    """Sent with every request to their side, so that they can tell the checks from strangers."""
    updated_at: Mapped[datetime] = mapped_column(Utc, default=clock.now)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class Exam(Base):
    """The chosen checks of one app, run once; one of an app goes on at a time. Read by the whole team and by staff."""

    __tablename__ = "exam"
    __table_args__ = (
        Index(None, "partner_id", "id"),
        Index(None, "app_id", "id"),
        Index("ix_exam_going", "app_id", unique=True, sqlite_where=GOING, postgresql_where=GOING),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True, default=new_key)
    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id", ondelete="CASCADE"))
    app_id: Mapped[int] = mapped_column(ForeignKey("partner_app.id", ondelete="CASCADE"))
    status: Mapped[RunStatus] = mapped_column(codes(RunStatus), default=RunStatus.RUNNING)
    words: Mapped[str] = mapped_column(Text, default="")
    """How it stands: whom it waits for, or how it ended."""
    chosen: Mapped[str] = mapped_column(Text, default="")
    """What was asked for, in words: "All checks", the name of a family, "The failed ones"."""
    checks: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Ids of the checks that it judges, those needed by the chosen ones among them, in their order."""
    position: Mapped[int] = mapped_column(default=0)
    """How many of them are judged."""
    done: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Names of the experiments that were made."""
    waits: Mapped[dict[str, dict[str, Any]]] = mapped_column(JSON, default=dict)
    """Experiments that a person must help with, by name: who, what, since, looks."""
    tally: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    """How many checks said what, by the code of the verdict."""
    carried: Mapped[str | None] = mapped_column(Encrypted)
    """JSON that one experiment leaves for the next, tokens among it; None once the exam is over."""
    with_people: Mapped[bool] = mapped_column(default=True)
    """Whether somebody is there to help; otherwise checks that need a person are skipped at once."""
    turn: Mapped[int] = mapped_column(default=0)
    """A job of the worker that was planned for an earlier turn does nothing."""
    version: Mapped[int] = mapped_column(default=1)
    """Grows with every change; a poll with the same version is answered 304."""
    suite: Mapped[str] = mapped_column(String(40), default="")
    """Version of the checks."""
    catalog_version: Mapped[str] = mapped_column(String(40), default="")
    started_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    started_with: Mapped[str] = mapped_column(String(120), default="")
    """The name of the API key that started it; empty when a person did."""
    started_at: Mapped[datetime] = mapped_column(Utc, default=clock.now)
    moved_at: Mapped[datetime] = mapped_column(Utc, default=clock.now)
    """When the worker was last heard of."""
    ended_at: Mapped[datetime | None] = mapped_column(Utc)

    app: Mapped[PartnerApp] = relationship()
    started_by: Mapped[User | None] = relationship()


class CheckResult(Base):
    """What one check said in one exam, with what was sent and answered, masked before it is stored."""

    __tablename__ = "check_result"
    __table_args__ = (
        Index("ix_check_result_exam_check", "exam_id", "check_id", unique=True),
        Index("ix_check_result_app_newest", "app_id", "check_id", unique=True, sqlite_where=NEWEST, postgresql_where=NEWEST),
        Index("ix_check_result_partner_newest", "partner_id", "check_id", "id", sqlite_where=NEWEST, postgresql_where=NEWEST),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True, default=new_key)
    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id", ondelete="CASCADE"))
    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id", ondelete="CASCADE"))
    app_id: Mapped[int] = mapped_column(ForeignKey("partner_app.id", ondelete="CASCADE"))
    check_id: Mapped[str] = mapped_column(String(64))
    """As portal.exam.table names it."""
    verdict: Mapped[CheckVerdict] = mapped_column(codes(CheckVerdict))
    words: Mapped[str] = mapped_column(Text, default="")
    """What was found, in a sentence."""
    seen: Mapped[str] = mapped_column(Text, default="")
    """The fact it was judged by, where there is more to say."""
    newest: Mapped[bool] = mapped_column(default=True)
    """Whether this is the app's newest verdict of this check. One that was skipped takes no verdict's place."""
    settings_mark: Mapped[str] = mapped_column(String(64), default="")
    """Hash of the app's settings then (portal.exam.marks)."""
    at: Mapped[datetime] = mapped_column(Utc, default=clock.now)
    milliseconds: Mapped[float] = mapped_column(default=0.0)
    """How long its experiment took."""
    observation: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, deferred=True)
    """What it was judged by, masked."""
    trace: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list, deferred=True)
    """Each exchange: words, request, response, milliseconds, curl; masked."""
    proof: Mapped[dict[str, Any] | None] = mapped_column(JSON, deferred=True)
    """The signed document (portal.exam.proof); None where the check did not pass."""

    exam: Mapped[Exam] = relationship()

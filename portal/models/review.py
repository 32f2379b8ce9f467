"""Reviews: the rounds in which an integration is submitted, their frozen answers, remarks and verdicts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    ForeignKey,
    Index,
    ScalarSelect,
    Select,
    String,
    Text,
    UniqueConstraint,
    bindparam,
    func,
    select,
    tuple_,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal import clock
from portal.clock import Office
from portal.extensions import Base, db
from portal.models.columns import Utc, codes, new_key
from portal.models.integration import Integration
from portal.models.people import User
from portal.status import RemarkKind, RoundStatus, SectionStatus


class Round(Base):
    """One submission and its answer, with a clock of its own (product.md B9)."""

    __tablename__ = "round"
    __table_args__ = (
        UniqueConstraint("integration_id", "number"),
        Index(None, "status", "due_at", "id"),
        Index(None, "assigned_to_id", "status", "due_at", "id"),
        Index(None, "status", "stopped_at", "number", "days_taken"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True, default=new_key)
    integration_id: Mapped[int] = mapped_column(ForeignKey("integration.id", ondelete="CASCADE"))
    number: Mapped[int] = mapped_column()
    catalog_version: Mapped[str] = mapped_column(String(20))
    status: Mapped[RoundStatus] = mapped_column(codes(RoundStatus), default=RoundStatus.OPEN)
    submitted_at: Mapped[datetime] = mapped_column(Utc, default=clock.now)
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    due_at: Mapped[datetime] = mapped_column(Utc)
    """When feedback is due; while paused or closed, as it stood then."""
    minutes_left: Mapped[int | None] = mapped_column()
    """Working minutes left, stored while the clock stands."""
    stopped_at: Mapped[datetime | None] = mapped_column(Utc)
    """When the clock stopped: paused or closed."""
    paused_for: Mapped[str | None] = mapped_column(String(64))
    """While paused: the section in whose feed the partner's answer is awaited."""
    resumed_at: Mapped[datetime | None] = mapped_column(Utc)
    """When the clock last began to run again; empty when it has run from the beginning."""
    resumed_with: Mapped[int | None] = mapped_column()
    """The working minutes that were left then."""
    reminded_at: Mapped[datetime | None] = mapped_column(Utc)
    days_taken: Mapped[int | None] = mapped_column()
    """Working days from submission to the answer, set on closing: the figure behind 'most end within N days'."""
    assigned_to_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    integration: Mapped[Integration] = relationship()
    assigned_to: Mapped[User | None] = relationship(foreign_keys=[assigned_to_id])
    sections: Mapped[list["RoundSection"]] = relationship(cascade="all, delete-orphan", order_by="RoundSection.id")

    def due_in(self, place: Office, days: int) -> datetime:
        """The one rule for due dates: so many working days after it was sent; after a pause, the minutes that were left then."""
        if self.resumed_at is None or self.resumed_with is None:
            return clock.due(self.submitted_at, place, days)
        return clock.resume(self.resumed_at, self.resumed_with, place)


class RoundSection(Base):
    """A section as it was sent in a round: its answers and evidence, frozen."""

    __tablename__ = "round_section"
    __table_args__ = (UniqueConstraint("round_id", "section_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"))
    section_key: Mapped[str] = mapped_column(String(64))
    snapshot: Mapped[dict[str, Any]] = mapped_column(JSON)
    status: Mapped[SectionStatus] = mapped_column(codes(SectionStatus), default=SectionStatus.UNDER_REVIEW)


class Verdict(Base):
    """A decision on one section of a round; undoing it keeps the row."""

    __tablename__ = "verdict"
    __table_args__ = (Index(None, "round_id", "section_key", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"))
    section_key: Mapped[str] = mapped_column(String(64))
    status: Mapped[SectionStatus] = mapped_column(codes(SectionStatus))
    """approved or attention_needed."""
    by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime] = mapped_column(Utc, default=clock.now)
    sent_at: Mapped[datetime | None] = mapped_column(Utc)
    """Empty while only the reviewers know of it."""
    undone_at: Mapped[datetime | None] = mapped_column(Utc)
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class Remark(Base):
    """What a reviewer says of a section or a question: a draft until the feedback is sent. Internal notes stay with the staff."""

    __tablename__ = "remark"
    __table_args__ = (
        Index(None, "integration_id", "section_key", "id"),
        Index(None, "round_id", "section_key"),
        Index("ix_remark_question", "question_key", "kind", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True, default=new_key)
    integration_id: Mapped[int] = mapped_column(ForeignKey("integration.id", ondelete="CASCADE"))
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"))
    section_key: Mapped[str] = mapped_column(String(64))
    question_key: Mapped[str | None] = mapped_column(String(64))
    kind: Mapped[RemarkKind] = mapped_column(codes(RemarkKind))
    text: Mapped[str] = mapped_column(Text)
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(Utc, default=clock.now)
    sent_at: Mapped[datetime | None] = mapped_column(Utc)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Utc)
    resolved_at: Mapped[datetime | None] = mapped_column(Utc)
    """The section came back corrected, or was approved."""

    author: Mapped[User] = relationship()


class SavedReply(Base):
    """Words that reviewers use often, with the place they are about."""

    __tablename__ = "saved_reply"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True, default=new_key)
    title: Mapped[str] = mapped_column(String(120))
    text: Mapped[str] = mapped_column(Text)
    question_key: Mapped[str | None] = mapped_column(String(64))
    updated_at: Mapped[datetime] = mapped_column(Utc, default=clock.now)
    updated_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class Presence(Base):
    """Who has a review open right now."""

    __tablename__ = "presence"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(Utc, default=clock.now)


COUNTED = 200
"""Waiting rounds beyond this many are not counted one by one: the queue says '200+'."""
PERCENTILE = 0.8
ENOUGH = 10
"""Past rounds that 'most end within N days' needs."""
PAST = 500
"""The latest closed rounds that it looks at."""


@dataclass(frozen=True, slots=True)
class Place:
    """A round's place in the queue: all running rounds of all partners by their due date, oldest first; paused ones do not count."""

    place: int
    of: int

    @property
    def more(self) -> bool:
        """Whether there are more than were counted."""
        return self.of > COUNTED


def _capped(statement: Select[tuple[int]]) -> ScalarSelect[int]:
    return select(func.count()).select_from(statement.limit(COUNTED + 1).subquery()).scalar_subquery()


_RUNNING = select(Round.id).where(Round.status == RoundStatus.OPEN)
_EARLIER = _RUNNING.where(tuple_(Round.due_at, Round.id) < tuple_(bindparam("due_at", type_=Utc), bindparam("round")))
_PLACE = select(_capped(_EARLIER), _capped(_RUNNING))


def _days_of(such: ColumnElement[bool]) -> Select[tuple[int, int]]:
    """How many of the latest such rounds took how many days."""
    closed = (Round.status == RoundStatus.CLOSED, Round.stopped_at > bindparam("since", type_=Utc))
    latest = (
        select(Round.days_taken.label("days")).where(*closed, such).order_by(Round.stopped_at.desc()).limit(PAST).subquery()
    )
    return select(latest.c.days, func.count()).group_by(latest.c.days).order_by(latest.c.days)


_FIRST_ROUNDS, _LATER_ROUNDS = _days_of(Round.number == 1), _days_of(Round.number > 1)
_WAITING = (
    select(Round)
    .where(Round.integration_id == bindparam("integration"), Round.status != RoundStatus.CLOSED)
    .order_by(Round.due_at, Round.id)
)


def place_in_queue(review: Round) -> Place | None:
    """Where a running round stands now; None while it is paused or when it is answered. One statement."""
    if review.status is not RoundStatus.OPEN:
        return None
    earlier, running = db.session.execute(_PLACE, {"due_at": review.due_at, "round": review.id}).one()
    return Place(place=earlier + 1, of=running)


def usual_days(now: datetime, *, first: bool) -> int | None:
    """'Most such reviews end within N working days': four in five of last year's first rounds, or of its later ones.

    None until there are ten. One statement.
    """
    such = _FIRST_ROUNDS if first else _LATER_ROUNDS
    taken: list[int] = []
    for days, count in db.session.execute(such, {"since": now - timedelta(days=365)}):
        taken += [days] * count
    return max(1, taken[ceil(PERCENTILE * len(taken)) - 1]) if len(taken) >= ENOUGH else None


def waiting_rounds(integration_id: int) -> Sequence[Round]:
    """The rounds of an integration that are not answered yet, the one due first at the front. One statement."""
    return db.session.scalars(_WAITING, {"integration": integration_id}).all()

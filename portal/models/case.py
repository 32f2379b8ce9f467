"""Support cases: what a partner asked, who answers, and everything that was said."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal import clock
from portal.extensions import Base
from portal.models.columns import Utc, codes, new_key
from portal.models.evidence import File
from portal.models.partner import Partner
from portal.models.people import User
from portal.status import Ball, CaseCategory, CaseStatus


class Case(Base):
    """One question to GoCardless's partner team. `ball` is kept beside `status`: who has to do something, and the queue's lists."""

    __tablename__ = "support_case"
    __table_args__ = (
        UniqueConstraint("partner_id", "number"),
        Index("ix_support_case_own", "partner_id", "id"),
        Index("ix_support_case_own_ball", "partner_id", "ball", "id"),
        Index("ix_support_case_partner", "partner_id", "ball", "sorted_at", "id"),
        Index("ix_support_case_queue", "ball", "sorted_at", "id"),
        Index("ix_support_case_category", "ball", "category", "sorted_at", "id"),
        Index("ix_support_case_assigned", "ball", "assigned_to_id", "sorted_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True, default=new_key)
    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id", ondelete="CASCADE"))
    number: Mapped[int] = mapped_column()
    """Counts within the partner, so that it tells nothing of others."""
    subject: Mapped[str] = mapped_column(String(200))
    category: Mapped[CaseCategory] = mapped_column(codes(CaseCategory))
    status: Mapped[CaseStatus] = mapped_column(codes(CaseStatus), default=CaseStatus.NEW)
    ball: Mapped[Ball] = mapped_column(codes(Ball), default=Ball.GOCARDLESS)
    sorted_at: Mapped[datetime] = mapped_column(Utc, default=clock.now)
    """When our answer is due; while it waits for the partner, since when; afterwards, when it ended."""
    section_key: Mapped[str] = mapped_column(String(64), default="")
    question_key: Mapped[str] = mapped_column(String(64), default="")
    run_id: Mapped[int | None] = mapped_column(ForeignKey("run.id", ondelete="SET NULL"), index=True)
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey("delivery.id", ondelete="SET NULL"), index=True)
    login_name: Mapped[str] = mapped_column(String(120), default="")
    login_email: Mapped[str] = mapped_column(String(255), default="")
    """Of the contact who is to get a sign-in."""
    login_given_at: Mapped[datetime | None] = mapped_column(Utc)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(Utc, default=clock.now)
    first_due_at: Mapped[datetime] = mapped_column(Utc, default=clock.now)
    first_answered_at: Mapped[datetime | None] = mapped_column(Utc)
    ended_at: Mapped[datetime | None] = mapped_column(Utc)
    """When it was resolved or closed last."""
    assigned_to_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    partner: Mapped[Partner] = relationship()
    created_by: Mapped[User | None] = relationship(foreign_keys=[created_by_id])
    assigned_to: Mapped[User | None] = relationship(foreign_keys=[assigned_to_id])


class CaseMessage(Base):
    """What was said in a case. Internal notes stay with the staff, and carry no files."""

    __tablename__ = "case_message"
    __table_args__ = (Index(None, "case_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("support_case.id", ondelete="CASCADE"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    author_name: Mapped[str] = mapped_column(String(120), default="")
    by_staff: Mapped[bool] = mapped_column(default=False)
    internal: Mapped[bool] = mapped_column(default=False)
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Utc, default=clock.now)


class CaseFile(Base):
    """A file that came with a message."""

    __tablename__ = "case_file"

    file_id: Mapped[int] = mapped_column(ForeignKey("file.id", ondelete="CASCADE"), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("support_case.id", ondelete="CASCADE"), index=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("case_message.id", ondelete="CASCADE"))

    file: Mapped[File] = relationship()


class CaseWord(Base):
    """A word of a case, to find it by: once for staff, and once more for the partner unless it stands in notes only."""

    __tablename__ = "case_word"
    __table_args__ = (Index("ix_case_word_anywhere", "staff", "word", "case_id"),)

    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id", ondelete="CASCADE"), primary_key=True)
    staff: Mapped[bool] = mapped_column(primary_key=True)
    word: Mapped[str] = mapped_column(String(40), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("support_case.id", ondelete="CASCADE"), primary_key=True, index=True)

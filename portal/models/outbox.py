"""What must happen later, as rows written with the change that causes it; and the worker's sign of life."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal import clock
from portal.extensions import Base
from portal.models.columns import Encrypted, Utc, codes, new_key
from portal.status import OutboxState


class Task(StrEnum):
    """What an outbox row asks for; portal.outbox has the handler of each."""

    MAIL = "mail"
    FILE = "file"
    CRM = "crm"
    """A CRM hears that a lead moved."""
    FORWARD = "forward"
    """A webhook goes on to the partner's own address."""
    CONNECT = "connect"
    """A connect test goes on."""
    BILLING = "billing"
    """A billing request run goes on."""
    INSIGHT = "insight"
    """The payments of a connection are read."""
    LANDING = "landing"
    """A landing page is looked at."""
    DOCUMENT = "document"
    """A support document is scanned."""
    CONTENT_FILE = "content_file"
    """A file of Grow's content is scanned."""
    EXPORT = "export"
    """A PDF or an archive is made."""
    ERASE = "erase"
    """Everything of a partner is deleted."""
    STATUS = "status"
    """A partner's own systems hear of a status change."""
    FIGURES = "figures"
    """The figures of the staff desk are counted."""
    EXAM = "exam"
    """Integration checks go on by one experiment."""
    PROOFS = "proofs"
    """What checks proved is looked at again."""


class Outbox(Base):
    """One thing that must happen at least once. The payload is encrypted (mails carry single-use links) and emptied when done."""

    __tablename__ = "outbox"
    __table_args__ = (Index(None, "state", "next_at", "id"), Index(None, "task", "state", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True, default=new_key)
    task: Mapped[Task] = mapped_column(codes(Task))
    title: Mapped[str] = mapped_column(Text)
    """What staff read: recipient and subject, or the file's key; no secret."""
    payload: Mapped[str] = mapped_column(Encrypted)
    """JSON."""
    state: Mapped[OutboxState] = mapped_column(codes(OutboxState), default=OutboxState.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime] = mapped_column(Utc, default=clock.now)
    lease_until: Mapped[datetime | None] = mapped_column(Utc)
    created_at: Mapped[datetime] = mapped_column(Utc, default=clock.now)
    done_at: Mapped[datetime | None] = mapped_column(Utc)
    last_error: Mapped[str] = mapped_column(Text, default="")
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id"))
    """The happening that caused it."""
    partner_id: Mapped[int | None] = mapped_column(ForeignKey("partner.id", ondelete="CASCADE"))
    """Of whom it speaks, where that is known: what goes with this partner."""


class Beat(Base):
    """When a background process was last alive."""

    __tablename__ = "beat"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    at: Mapped[datetime] = mapped_column(Utc, default=clock.now)

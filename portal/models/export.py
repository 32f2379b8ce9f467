"""Exports: what somebody asked to take out of the portal, made by the worker and kept for some days."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal import clock
from portal.extensions import Base
from portal.models.columns import Utc, codes, new_key
from portal.models.partner import Partner
from portal.models.people import User
from portal.models.review import Round
from portal.status import ExportKind, ExportState


class Export(Base):
    """One file that was asked for. Those that staff asked for are the staff's; a partner's team sees its own."""

    __tablename__ = "export"
    __table_args__ = (Index("ix_export_partner", "partner_id", "by_staff", "id"), Index("ix_export_until", "expires_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True, default=new_key)
    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id", ondelete="CASCADE"))
    round_id: Mapped[int | None] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"))
    """Of a submission: up to which round; None for all data of the partner."""
    kind: Mapped[ExportKind] = mapped_column(codes(ExportKind))
    state: Mapped[ExportState] = mapped_column(codes(ExportState), default=ExportState.WAITING)
    by_staff: Mapped[bool] = mapped_column(default=False)
    waiting_for: Mapped[str | None] = mapped_column(String(120), unique=True)
    """What is being made, while it is: two who ask for the same at once get one."""
    name: Mapped[str] = mapped_column(Text, default="")
    """The name under which it is saved."""
    storage_key: Mapped[str | None] = mapped_column(String(80))
    size: Mapped[int] = mapped_column(default=0)
    words: Mapped[str] = mapped_column(Text, default="")
    """Why it could not be made."""
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    asked_at: Mapped[datetime] = mapped_column(Utc, default=clock.now)
    ready_at: Mapped[datetime | None] = mapped_column(Utc)
    expires_at: Mapped[datetime | None] = mapped_column(Utc)

    partner: Mapped[Partner] = relationship()
    round: Mapped[Round | None] = relationship()
    asked_by: Mapped[User | None] = relationship(foreign_keys=[asked_by_id])

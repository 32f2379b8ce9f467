"""Certificates: what was certified and until when, for everybody to check."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal import clock
from portal.extensions import Base
from portal.models.columns import Utc, new_key
from portal.models.integration import Integration
from portal.status import CertificateState


class Certificate(Base):
    """One for each certified integration. Its content is fixed when it is issued; a new certification issues it anew."""

    __tablename__ = "certificate"
    __table_args__ = (Index("ix_certificate_until", "valid_until"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True, default=new_key)
    integration_id: Mapped[int] = mapped_column(ForeignKey("integration.id", ondelete="CASCADE"), unique=True)
    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id", ondelete="CASCADE"), unique=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    """What is certified, as it is signed and shown."""
    certified_at: Mapped[datetime] = mapped_column(Utc)
    valid_until: Mapped[datetime] = mapped_column(Utc)
    issued_at: Mapped[datetime] = mapped_column(Utc, default=clock.now)
    suspended_at: Mapped[datetime | None] = mapped_column(Utc)
    suspended_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    suspension: Mapped[str] = mapped_column(Text, default="")
    """The reason, which everybody reads."""

    integration: Mapped[Integration] = relationship()

    def state(self, now: datetime | None = None) -> CertificateState:
        """Whether it holds at this moment."""
        if self.suspended_at is not None:
            return CertificateState.SUSPENDED
        return CertificateState.EXPIRED if self.valid_until <= (now or clock.now()) else CertificateState.VALID

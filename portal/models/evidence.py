"""Files: the evidence that partners attach to questions and sections."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal import clock
from portal.extensions import Base
from portal.models.columns import Utc, codes, new_key
from portal.models.people import User
from portal.status import FileState


class File(Base):
    """One uploaded file; removing it hides it, a snapshot that froze it still shows it."""

    __tablename__ = "file"
    __table_args__ = (Index(None, "integration_id", "section_key", "removed_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True, default=new_key)
    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id", ondelete="CASCADE"), index=True)
    integration_id: Mapped[int] = mapped_column(ForeignKey("integration.id", ondelete="CASCADE"))
    section_key: Mapped[str] = mapped_column(String(64))
    question_key: Mapped[str | None] = mapped_column(String(64))
    original_name: Mapped[str] = mapped_column(Text)
    """Only shown, never used as a path."""
    media_type: Mapped[str] = mapped_column(String(40))
    size: Mapped[int] = mapped_column()
    """Bytes as stored."""
    sha256: Mapped[str] = mapped_column(String(64))
    storage_key: Mapped[str] = mapped_column(String(80))
    preview_key: Mapped[str | None] = mapped_column(String(80))
    thumbnail_key: Mapped[str | None] = mapped_column(String(80))
    width: Mapped[int | None] = mapped_column()
    height: Mapped[int | None] = mapped_column()
    state: Mapped[FileState] = mapped_column(codes(FileState), default=FileState.CHECKING)
    refusal: Mapped[str] = mapped_column(Text, default="")
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    uploaded_at: Mapped[datetime] = mapped_column(Utc, default=clock.now)
    removed_at: Mapped[datetime | None] = mapped_column(Utc)
    removed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    uploaded_by: Mapped[User | None] = relationship(foreign_keys=[uploaded_by_id])

"""API keys of a partner: for the command-line listener and for continuous integration."""

from datetime import datetime
from hashlib import sha256

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal import clock
from portal.extensions import Base
from portal.models.columns import Utc, new_key
from portal.models.people import User


class ApiKey(Base):
    """A revocable key; only its SHA-256 is stored, and the first characters to tell keys apart."""

    __tablename__ = "api_key"
    __table_args__ = (Index(None, "partner_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True, default=new_key)
    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(120))
    prefix: Mapped[str] = mapped_column(String(16))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(Utc, default=clock.now)
    used_at: Mapped[datetime | None] = mapped_column(Utc)
    revoked_at: Mapped[datetime | None] = mapped_column(Utc)

    created_by: Mapped[User | None] = relationship()


def digest(token: str) -> str:
    """What is stored of a token: it is random and long, so that a plain digest keeps it secret."""
    return sha256(token.encode(errors="replace")).hexdigest()

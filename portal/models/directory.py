"""The public directory as it is read: one row for each partner that visitors find, its facets, and how many there are of each."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.extensions import Base
from portal.models.columns import Utc


class Entry(Base):
    """A published listing of a certified partner. The row is there exactly while visitors may see it."""

    __tablename__ = "directory_entry"
    __table_args__ = (Index("ix_directory_entry_order", "sort_name", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id", ondelete="CASCADE"), unique=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    sort_name: Mapped[str] = mapped_column(String(120))
    """The name without accents and capitals."""
    summary: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    """Everything else that a search looks into, as one text without accents and capitals."""
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    """The published version; see portal.launch.versions."""
    logo_key: Mapped[str] = mapped_column(String(32), index=True)
    certificate_key: Mapped[str] = mapped_column(String(32))
    valid_until: Mapped[datetime] = mapped_column(Utc)
    """Of the certificate: afterwards the row is passed over."""
    published_at: Mapped[datetime] = mapped_column(Utc)


class Facet(Base):
    """One thing by which an entry is found. The key is the order in which a list of it is read."""

    __tablename__ = "directory_facet"
    __table_args__ = (Index("ix_directory_facet_entry", "entry_id", "kind", "code"),)

    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    sort_name: Mapped[str] = mapped_column(String(120), primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("directory_entry.id", ondelete="CASCADE"), primary_key=True)


class Count(Base):
    """How many entries have a facet; and under two kinds of their own how many there are, and how often the directory changed."""

    __tablename__ = "directory_count"

    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    number: Mapped[int] = mapped_column()

"""The figures of the staff desk, as the worker counted them last."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from portal import clock
from portal.extensions import Base
from portal.models.columns import Utc


class DeskFigure(Base):
    """What answers one question about one period; portal.staff.counting says what its data holds."""

    __tablename__ = "desk_figure"

    period: Mapped[str] = mapped_column(String(20), primary_key=True)
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    counted_at: Mapped[datetime] = mapped_column(Utc, default=clock.now)

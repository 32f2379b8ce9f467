"""Days on which the review office departs from the calendar of its country."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portal import clock
from portal.extensions import Base
from portal.models.columns import Utc


class OfficeDay(Base):
    """One such day: closed although the calendar says nothing, or open although it is a public holiday."""

    __tablename__ = "office_day"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    opened: Mapped[bool] = mapped_column()
    name: Mapped[str] = mapped_column(String(80))
    """Why, for staff."""
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime] = mapped_column(Utc, default=clock.now)

"""Whether an app's webhooks are passed on to the partner's own address, and how that goes."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from portal import clock
from portal.extensions import Base
from portal.models.columns import Utc


class Forwarding(Base):
    """The switch of one app. A row of its own: the worker writes here, and would otherwise get in the way of whoever edits the app."""

    __tablename__ = "forwarding"

    app_id: Mapped[int] = mapped_column(ForeignKey("partner_app.id", ondelete="CASCADE"), primary_key=True)
    on: Mapped[bool] = mapped_column(default=False)
    switched_at: Mapped[datetime] = mapped_column(Utc, default=clock.now)
    switched_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    """None when the portal itself switched it off."""
    failing_since: Mapped[datetime | None] = mapped_column(Utc)
    """The first failure since the last success; None while it works."""
    paused_until: Mapped[datetime | None] = mapped_column(Utc)
    """Nothing answered: until then nobody tries again."""

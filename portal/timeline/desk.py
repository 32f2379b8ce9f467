"""Happenings of the staff desk: the office's calendar, and deliveries that nobody wants any more."""

from dataclasses import dataclass
from typing import ClassVar

from portal.models.event import Audience
from portal.timeline import Happening


@dataclass(frozen=True)
class OfficeDayChanged(Happening):
    """A day of the review office: `before` and `after` say whether it is a working day."""

    kind: ClassVar[str] = "office_day_changed"
    in_feed: ClassVar[bool] = False
    audience: ClassVar[Audience] = Audience.STAFF
    day: str
    name: str
    before: str
    after: str
    moved: int

    def sentence(self) -> str:
        rounds = "no due date moved" if not self.moved else f"{self.moved} due date{'s' if self.moved != 1 else ''} moved"
        return f"made {self.day} ({self.name}) {self.after}; {rounds}"


@dataclass(frozen=True)
class DeliveryDiscarded(Happening):
    """Staff gave up for good what the outbox had given up."""

    kind: ClassVar[str] = "delivery_discarded"
    in_feed: ClassVar[bool] = False
    audience: ClassVar[Audience] = Audience.STAFF
    title: str
    task: str
    error: str

    def sentence(self) -> str:
        return f"discarded “{self.title}”"

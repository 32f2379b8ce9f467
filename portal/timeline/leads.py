"""Happenings of merchant leads."""

from dataclasses import dataclass
from typing import ClassVar

from portal.models.event import Audience
from portal.timeline import Happening


@dataclass(frozen=True)
class LeadMoved(Happening):
    kind: ClassVar[str] = "lead_moved"
    lead: str
    company: str
    before: str
    after: str

    def sentence(self) -> str:
        return f"moved the lead {self.company} from {self.before} to {self.after}"


@dataclass(frozen=True)
class LeadUpdated(Happening):
    """Somebody told news; the words are in the lead."""

    kind: ClassVar[str] = "lead_updated"
    lead: str
    company: str

    def sentence(self) -> str:
        return f"wrote about the lead {self.company}"


@dataclass(frozen=True)
class LeadNoted(Happening):
    kind: ClassVar[str] = "lead_noted"
    audience: ClassVar[Audience] = Audience.STAFF
    in_feed: ClassVar[bool] = False
    lead: str
    company: str

    def sentence(self) -> str:
        return f"wrote an internal note about the lead {self.company}"


@dataclass(frozen=True)
class LeadAssigned(Happening):
    kind: ClassVar[str] = "lead_assigned"
    lead: str
    company: str
    to: str

    def sentence(self) -> str:
        return f"made {self.to} responsible for the lead {self.company}" if self.to else f"gave the lead {self.company} back"

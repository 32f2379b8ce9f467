"""Happenings of support cases."""

from dataclasses import dataclass
from typing import ClassVar

from portal.models.event import Audience
from portal.timeline import Happening


@dataclass(frozen=True)
class CaseOpened(Happening):
    kind: ClassVar[str] = "case_opened"
    case: str
    number: int
    subject: str

    def sentence(self) -> str:
        return f"opened case {self.number}: {self.subject}"


@dataclass(frozen=True)
class CaseAnswered(Happening):
    """Somebody wrote; the words are in the case."""

    kind: ClassVar[str] = "case_answered"
    case: str
    number: int
    subject: str

    def sentence(self) -> str:
        return f"wrote in case {self.number}: {self.subject}"


@dataclass(frozen=True)
class CaseNoted(Happening):
    kind: ClassVar[str] = "case_noted"
    audience: ClassVar[Audience] = Audience.STAFF
    in_feed: ClassVar[bool] = False
    case: str
    number: int

    def sentence(self) -> str:
        return f"wrote an internal note in case {self.number}"


@dataclass(frozen=True)
class CaseMoved(Happening):
    kind: ClassVar[str] = "case_moved"
    case: str
    number: int
    before: str
    after: str

    def sentence(self) -> str:
        return f"moved case {self.number} from {self.before} to {self.after}"


@dataclass(frozen=True)
class CaseAssigned(Happening):
    kind: ClassVar[str] = "case_assigned"
    audience: ClassVar[Audience] = Audience.STAFF
    in_feed: ClassVar[bool] = False
    case: str
    number: int
    to: str

    def sentence(self) -> str:
        return f"assigned case {self.number} to {self.to}" if self.to else f"gave case {self.number} back to the queue"


@dataclass(frozen=True)
class LoginGiven(Happening):
    kind: ClassVar[str] = "login_given"
    case: str
    number: int
    name: str

    def sentence(self) -> str:
        return f"gave {self.name} a sign-in, as asked in case {self.number}"

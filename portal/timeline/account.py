"""Happenings of registration, My Account, the team and sign-in."""

from dataclasses import dataclass
from typing import Any, ClassVar

from portal.models.event import Audience
from portal.timeline import Happening


@dataclass(frozen=True)
class InterestRegistered(Happening):
    kind: ClassVar[str] = "interest_registered"
    audience: ClassVar[Audience] = Audience.STAFF
    company: str

    def sentence(self) -> str:
        return f"{self.company} registered interest"


@dataclass(frozen=True)
class RegistrationDecided(Happening):
    kind: ClassVar[str] = "registration_decided"
    audience: ClassVar[Audience] = Audience.STAFF
    company: str
    accepted: bool
    reason: str = ""

    def sentence(self) -> str:
        return f"accepted {self.company}" if self.accepted else f"declined {self.company}: {self.reason}"


@dataclass(frozen=True)
class ProfileSaved(Happening):
    """My Account changed; before and after hold the named fields that differ."""

    kind: ClassVar[str] = "profile_saved"
    in_feed: ClassVar[bool] = False
    before: dict[str, Any]
    after: dict[str, Any]

    def sentence(self) -> str:
        return "changed " + ", ".join(sorted(self.after))


@dataclass(frozen=True)
class AccountCompleted(Happening):
    kind: ClassVar[str] = "account_completed"

    def sentence(self) -> str:
        return "completed My Account"


@dataclass(frozen=True)
class Invited(Happening):
    kind: ClassVar[str] = "invited"
    name: str
    role: str

    def sentence(self) -> str:
        return f"invited {self.name} as {self.role}"


@dataclass(frozen=True)
class InvitationResent(Happening):
    kind: ClassVar[str] = "invitation_resent"
    in_feed: ClassVar[bool] = False
    name: str

    def sentence(self) -> str:
        return f"sent the invitation of {self.name} again"


@dataclass(frozen=True)
class InvitationWithdrawn(Happening):
    kind: ClassVar[str] = "invitation_withdrawn"
    name: str

    def sentence(self) -> str:
        return f"withdrew the invitation of {self.name}"


@dataclass(frozen=True)
class Joined(Happening):
    kind: ClassVar[str] = "joined"
    role: str

    def sentence(self) -> str:
        return f"joined as {self.role}"


@dataclass(frozen=True)
class RoleChanged(Happening):
    kind: ClassVar[str] = "role_changed"
    name: str
    before: str
    after: str

    def sentence(self) -> str:
        return f"changed {self.name} from {self.before} to {self.after}"


@dataclass(frozen=True)
class MemberRemoved(Happening):
    kind: ClassVar[str] = "member_removed"
    name: str

    def sentence(self) -> str:
        return f"removed {self.name} from the team"


@dataclass(frozen=True)
class SecurityEvent(Happening):
    """Sign-ins, second factors, passwords, sessions: for the audit log."""

    kind: ClassVar[str] = "security_event"
    in_feed: ClassVar[bool] = False
    audience: ClassVar[Audience] = Audience.STAFF
    what: str

    def sentence(self) -> str:
        return self.what


@dataclass(frozen=True)
class DeliveryTriedAgain(Happening):
    """Staff asked for another try of what the outbox had given up."""

    kind: ClassVar[str] = "delivery_tried_again"
    in_feed: ClassVar[bool] = False
    audience: ClassVar[Audience] = Audience.STAFF
    title: str

    def sentence(self) -> str:
        return f"tried again to deliver “{self.title}”"

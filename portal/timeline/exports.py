"""Happenings of exports, of deletion, and of where a partner's own systems hear of status changes."""

from dataclasses import dataclass, field
from typing import Any, ClassVar

from portal.models.event import Audience
from portal.timeline import Happening

WHAT = {"document": "the PDF of round {}", "archive": "the archive of round {}", "everything": "an archive of all data"}


def _words(what: str, round_number: int) -> str:
    return WHAT[what].format(round_number)


@dataclass(frozen=True)
class ExportAsked(Happening):
    """Round 0: of none."""

    kind: ClassVar[str] = "export_asked"
    in_feed: ClassVar[bool] = False
    what: str
    round_number: int
    by_staff: bool = False

    def sentence(self) -> str:
        return f"asked for {_words(self.what, self.round_number)}"


@dataclass(frozen=True)
class ExportReady(Happening):
    """What somebody of the team asked for: all of it learn that it was made."""

    kind: ClassVar[str] = "export_ready"
    what: str
    round_number: int
    asked_by: str

    def sentence(self) -> str:
        return f"made {_words(self.what, self.round_number)}, which {self.asked_by or 'somebody'} asked for"


@dataclass(frozen=True)
class StaffExportReady(Happening):
    kind: ClassVar[str] = "staff_export_ready"
    audience: ClassVar[Audience] = Audience.STAFF
    in_feed: ClassVar[bool] = False
    what: str
    round_number: int

    def sentence(self) -> str:
        return f"made {_words(self.what, self.round_number)} for staff"


@dataclass(frozen=True)
class DeletionAsked(Happening):
    kind: ClassVar[str] = "deletion_asked"
    audience: ClassVar[Audience] = Audience.STAFF
    in_feed: ClassVar[bool] = False

    def sentence(self) -> str:
        return "asked for everything of this partner to be deleted"


@dataclass(frozen=True)
class PartnerDeleted(Happening):
    """The tombstone: that it was done, by whom and how much; nothing of what it was."""

    kind: ClassVar[str] = "partner_deleted"
    audience: ClassVar[Audience] = Audience.STAFF
    in_feed: ClassVar[bool] = False
    partner: str
    """The key that stood in addresses: random, and now without a meaning."""
    files: int
    rows: dict[str, Any] = field(default_factory=dict)
    """By table."""

    def sentence(self) -> str:
        return f"deleted partner {self.partner}: {sum(self.rows.values())} rows and {self.files} files"


@dataclass(frozen=True)
class StatusHookChanged(Happening):
    """An address for status changes: added, changed, removed, its secret rotated, switched on or off."""

    kind: ClassVar[str] = "status_hook_changed"
    host: str
    what: str
    reason: str = ""

    def sentence(self) -> str:
        return f"{self.what} for status changes at {self.host}" + (f": {self.reason}" if self.reason else "")

"""Happenings of the Build area, from the first answer to the certificate."""

from dataclasses import dataclass, field
from typing import Any, ClassVar

from portal.models.event import Audience
from portal.timeline import Happening


@dataclass(frozen=True)
class MessagePosted(Happening):
    kind: ClassVar[str] = "message_posted"
    text: str
    mentions: list[str] = field(default_factory=list)
    """Usernames."""

    def sentence(self) -> str:
        return "wrote"


@dataclass(frozen=True)
class DraftSaved(Happening):
    """Answers changed; before and after by question, for the audit log."""

    kind: ClassVar[str] = "draft_saved"
    in_feed: ClassVar[bool] = False
    before: dict[str, Any]
    after: dict[str, Any]

    def sentence(self) -> str:
        return f"saved {len(self.after)} answers" if len(self.after) != 1 else "saved an answer"


@dataclass(frozen=True)
class FileAttached(Happening):
    kind: ClassVar[str] = "file_attached"
    name: str
    file_key: str

    def sentence(self) -> str:
        return f"attached {self.name}"


@dataclass(frozen=True)
class FileRemoved(Happening):
    kind: ClassVar[str] = "file_removed"
    name: str
    file_key: str

    def sentence(self) -> str:
        return f"removed {self.name}"


@dataclass(frozen=True)
class SectionMarkedComplete(Happening):
    kind: ClassVar[str] = "section_marked_complete"

    def sentence(self) -> str:
        return "marked this section complete"


@dataclass(frozen=True)
class SectionReopened(Happening):
    """The complete mark fell, or an approved section came back, with the reason."""

    kind: ClassVar[str] = "section_reopened"
    reason: str

    def sentence(self) -> str:
        return f"reopened this section: {self.reason}"


@dataclass(frozen=True)
class AnswerContradicted(Happening):
    """A check failed that the answer to a question of this number says should pass."""

    kind: ClassVar[str] = "answer_contradicted"
    number: int
    text: str

    def sentence(self) -> str:
        return f"a check contradicts the answer to question {self.number}"


@dataclass(frozen=True)
class ContradictionExplained(Happening):
    """Somebody looked at it and keeps the answer; the words may be empty."""

    kind: ClassVar[str] = "contradiction_explained"
    number: int
    text: str = ""

    def sentence(self) -> str:
        return f"keeps the answer to question {self.number}, which a check contradicts"


@dataclass(frozen=True)
class SubmissionConfirmed(Happening):
    kind: ClassVar[str] = "submission_confirmed"

    def sentence(self) -> str:
        return "confirmed that all answers are ready for review"


@dataclass(frozen=True)
class Submitted(Happening):
    kind: ClassVar[str] = "submitted"
    round_number: int
    sections: list[str]

    def sentence(self) -> str:
        count = len(self.sections)
        return f"sent {count} section{'s' if count != 1 else ''} for review (round {self.round_number})"


@dataclass(frozen=True)
class SectionApproved(Happening):
    kind: ClassVar[str] = "section_approved"
    round_number: int

    def sentence(self) -> str:
        return "approved this section"


@dataclass(frozen=True)
class AttentionNeeded(Happening):
    """The reviewers sent feedback that must be acted on."""

    kind: ClassVar[str] = "attention_needed"
    round_number: int
    questions: list[str]

    def sentence(self) -> str:
        count = len(self.questions)
        return f"asked for a correction of {count} question{'s' if count != 1 else ''}"


@dataclass(frozen=True)
class RemarkSent(Happening):
    kind: ClassVar[str] = "remark_sent"
    remark_kind: str
    text: str

    def sentence(self) -> str:
        return "asked for a correction" if self.remark_kind == "blocking" else "suggested"


@dataclass(frozen=True)
class InternalNoteWritten(Happening):
    kind: ClassVar[str] = "internal_note_written"
    audience: ClassVar[Audience] = Audience.STAFF
    text: str

    def sentence(self) -> str:
        return "noted, for staff only"


@dataclass(frozen=True)
class VerdictUndone(Happening):
    kind: ClassVar[str] = "verdict_undone"
    verdict: str

    def sentence(self) -> str:
        return "took the verdict on this section back; it is under review again"


@dataclass(frozen=True)
class RoundPaused(Happening):
    kind: ClassVar[str] = "round_paused"
    reason: str

    def sentence(self) -> str:
        return f"stopped the review clock until you answer: {self.reason}"


@dataclass(frozen=True)
class RoundResumed(Happening):
    kind: ClassVar[str] = "round_resumed"

    def sentence(self) -> str:
        return "answered; the review clock runs again"


@dataclass(frozen=True)
class RoundAssigned(Happening):
    kind: ClassVar[str] = "round_assigned"
    audience: ClassVar[Audience] = Audience.STAFF
    to: str

    def sentence(self) -> str:
        return f"assigned the review to {self.to}" if self.to else "gave the review back to the queue"


@dataclass(frozen=True)
class Certified(Happening):
    kind: ClassVar[str] = "certified"

    def sentence(self) -> str:
        return "certified the integration: every section is approved and it is live"


@dataclass(frozen=True)
class CatalogMoved(Happening):
    """The integration moved to a newer catalog version."""

    kind: ClassVar[str] = "catalog_moved"
    before: str
    after: str
    added: list[str]
    changed: list[str]

    def sentence(self) -> str:
        return f"moved to catalog version {self.after}: {len(self.added)} new questions, {len(self.changed)} changed"


@dataclass(frozen=True)
class ReviewDrafted(Happening):
    """What a reviewer prepared or took back before it was sent, for the audit log."""

    kind: ClassVar[str] = "review_drafted"
    in_feed: ClassVar[bool] = False
    audience: ClassVar[Audience] = Audience.STAFF
    what: str
    text: str = ""

    def sentence(self) -> str:
        return self.what


@dataclass(frozen=True)
class RemarkWithdrawn(Happening):
    kind: ClassVar[str] = "remark_withdrawn"
    text: str

    def sentence(self) -> str:
        return "withdrew a remark; nothing needs to be done about it"

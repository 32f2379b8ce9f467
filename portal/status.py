"""Every status: its code, its words, its tone, and what may follow."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal, TypeVar

from portal.refusals import IllegalMove

Tone = Literal["neutral", "info", "warning", "success", "danger"]


@dataclass(frozen=True, slots=True)
class Look:
    """How a status is shown: its words, its tone, its icon (never colour alone)."""

    words: str
    tone: Tone
    icon: str


class SectionStatus(StrEnum):
    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    COMPLETE = "complete"
    UNDER_REVIEW = "under_review"
    ATTENTION_NEEDED = "attention_needed"
    APPROVED = "approved"


class IntegrationStatus(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    CHANGES_REQUESTED = "changes_requested"
    LIVE = "live"
    """Certified: every section is approved and the integration is set live (guide, section 3)."""


class RoundStatus(StrEnum):
    OPEN = "open"
    PAUSED = "paused"
    CLOSED = "closed"


class RegistrationStatus(StrEnum):
    NEW = "new"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class FileState(StrEnum):
    CHECKING = "checking"
    READY = "ready"
    REFUSED = "refused"


class RemarkKind(StrEnum):
    BLOCKING = "blocking"
    SUGGESTION = "suggestion"
    INTERNAL = "internal"


class OutboxState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    DEAD = "dead"


class CaseStatus(StrEnum):
    """Of a support case (partner guide, section 3: Support)."""

    NEW = "new"
    OPEN = "open"
    WAITING_PARTNER = "waiting_partner"
    WAITING_GOCARDLESS = "waiting_gocardless"
    RESOLVED = "resolved"
    CLOSED = "closed"


class Ball(StrEnum):
    """Who has to do something next."""

    GOCARDLESS = "gocardless"
    PARTNER = "partner"
    NOBODY = "nobody"


class CaseCategory(StrEnum):
    INTEGRATION = "integration"
    BUILD = "build"
    REVIEW = "review"
    COMMERCIAL = "commercial"
    MARKETING = "marketing"
    LEAD = "lead"
    LOGIN = "login"
    PORTAL = "portal"
    OTHER = "other"


class LeadStatus(StrEnum):
    """Of a merchant lead; the guide promises regular updates, the stages are ours."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    CONTACTED = "contacted"
    QUALIFIED = "qualified"
    PROPOSAL = "proposal"
    WON = "won"
    LIVE = "live"
    LOST = "lost"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class Environment(StrEnum):
    """Which GoCardless an app lives in."""

    EMBEDDED = "embedded"
    GOCARDLESS = "gocardless"
    LIVE = "live"


class ConnectionStatus(StrEnum):
    CONNECTED = "connected"
    REVOKED = "revoked"
    """Ended by the partner, through the API."""
    DISCONNECTED = "disconnected"
    """Ended by the merchant or by GoCardless."""


class RunKind(StrEnum):
    CONNECT = "connect"
    BILLING_REQUEST = "billing_request"


class RunStatus(StrEnum):
    WAITING = "waiting"
    """For a person."""
    RUNNING = "running"
    PASSED = "passed"
    FAILED = "failed"
    STOPPED = "stopped"


class StepStatus(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    PASSED = "passed"
    WARNING = "warning"
    FAILED = "failed"
    SKIPPED = "skipped"


class ReadingStatus(StrEnum):
    """How the reading of an account's payments stands."""

    WAITING = "waiting"
    RUNNING = "running"
    READ = "read"
    FAILED = "failed"


class Signature(StrEnum):
    """What the check of a webhook's signature said."""

    VALID = "valid"
    PREVIOUS = "previous"
    """Signed with the secret before the last rotation, within the overlap."""
    INVALID = "invalid"
    MISSING = "missing"
    UNCHECKED = "unchecked"
    """The body was too large to be read."""


class ListingStatus(StrEnum):
    """Of a partner's entry in the directory (reference: certification.md §4.5)."""

    DRAFT = "draft"
    READY = "ready"
    """Sent; a partner manager looks at it."""
    PUBLISHED = "published"
    UPDATE_PENDING = "update_pending"
    """Published, and a newer version was sent."""
    WITHDRAWN = "withdrawn"


class DocumentKind(StrEnum):
    LINK = "link"
    FILE = "file"


class CertificateState(StrEnum):
    VALID = "valid"
    SUSPENDED = "suspended"
    EXPIRED = "expired"


class ForwardKind(StrEnum):
    """How a webhook went on to the partner's own product."""

    AUTOMATIC = "automatic"
    RESENT = "resent"
    """Because a person asked, with a fresh signature."""
    LISTENER = "listener"
    """Through `portal listen`."""


SECTION: Mapping[SectionStatus, Look] = {
    SectionStatus.NOT_STARTED: Look("Not started", "neutral", "circle"),
    SectionStatus.IN_PROGRESS: Look("In progress", "info", "pencil"),
    SectionStatus.COMPLETE: Look("Complete", "success", "check-lg"),
    SectionStatus.UNDER_REVIEW: Look("Under Review", "info", "hourglass-split"),
    SectionStatus.ATTENTION_NEEDED: Look("Attention Needed", "warning", "exclamation-triangle-fill"),
    SectionStatus.APPROVED: Look("Approved", "success", "check-circle-fill"),
}
INTEGRATION: Mapping[IntegrationStatus, Look] = {
    IntegrationStatus.DRAFT: Look("Draft", "neutral", "pencil"),
    IntegrationStatus.SUBMITTED: Look("Under Review", "info", "hourglass-split"),
    IntegrationStatus.CHANGES_REQUESTED: Look("Attention Needed", "warning", "exclamation-triangle-fill"),
    IntegrationStatus.LIVE: Look("Certified and live", "success", "patch-check-fill"),
}
ROUND: Mapping[RoundStatus, Look] = {
    RoundStatus.OPEN: Look("With the reviewers", "info", "hourglass-split"),
    RoundStatus.PAUSED: Look("Paused, waiting for the partner", "warning", "pause-circle-fill"),
    RoundStatus.CLOSED: Look("Answered", "success", "check-lg"),
}
REGISTRATION: Mapping[RegistrationStatus, Look] = {
    RegistrationStatus.NEW: Look("New", "info", "inbox"),
    RegistrationStatus.ACCEPTED: Look("Accepted", "success", "check-lg"),
    RegistrationStatus.DECLINED: Look("Declined", "neutral", "x-circle-fill"),
}
FILE: Mapping[FileState, Look] = {
    FileState.CHECKING: Look("Being checked", "info", "hourglass-split"),
    FileState.READY: Look("Ready", "success", "check-lg"),
    FileState.REFUSED: Look("Refused", "danger", "x-circle-fill"),
}
REMARK: Mapping[RemarkKind, Look] = {
    RemarkKind.BLOCKING: Look("Must be corrected", "warning", "exclamation-triangle-fill"),
    RemarkKind.SUGGESTION: Look("Suggestion", "info", "chat-left-text"),
    RemarkKind.INTERNAL: Look("Internal note", "neutral", "lock-fill"),
}
OUTBOX: Mapping[OutboxState, Look] = {
    OutboxState.WAITING: Look("Waiting", "info", "hourglass-split"),
    OutboxState.RUNNING: Look("Being delivered", "info", "send"),
    OutboxState.DONE: Look("Delivered", "success", "check-lg"),
    OutboxState.DEAD: Look("Given up", "danger", "x-circle-fill"),
}

CASE: Mapping[CaseStatus, Look] = {
    CaseStatus.NEW: Look("New", "info", "inbox"),
    CaseStatus.OPEN: Look("Open", "info", "pencil"),
    CaseStatus.WAITING_PARTNER: Look("Waiting on partner", "warning", "hourglass-split"),
    CaseStatus.WAITING_GOCARDLESS: Look("Waiting on GoCardless", "info", "hourglass-split"),
    CaseStatus.RESOLVED: Look("Resolved", "success", "check-circle-fill"),
    CaseStatus.CLOSED: Look("Closed", "neutral", "x-circle-fill"),
}
LEAD: Mapping[LeadStatus, Look] = {
    LeadStatus.DRAFT: Look("Draft", "neutral", "pencil"),
    LeadStatus.SUBMITTED: Look("Submitted", "info", "send"),
    LeadStatus.ACCEPTED: Look("Accepted", "info", "check-lg"),
    LeadStatus.CONTACTED: Look("Contacted", "info", "chat-left-text"),
    LeadStatus.QUALIFIED: Look("Qualified", "info", "check-circle-fill"),
    LeadStatus.PROPOSAL: Look("Proposal", "info", "file-earmark"),
    LeadStatus.WON: Look("Won", "success", "check-circle-fill"),
    LeadStatus.LIVE: Look("Live", "success", "patch-check-fill"),
    LeadStatus.LOST: Look("Lost", "neutral", "x-circle-fill"),
    LeadStatus.REJECTED: Look("Rejected", "danger", "x-circle-fill"),
    LeadStatus.WITHDRAWN: Look("Withdrawn", "neutral", "x-circle-fill"),
}
ENVIRONMENT: Mapping[Environment, Look] = {
    Environment.EMBEDDED: Look("Embedded sandbox", "info", "plug"),
    Environment.GOCARDLESS: Look("GoCardless sandbox", "info", "plug"),
    Environment.LIVE: Look("Live", "success", "patch-check-fill"),
}
CONNECTION: Mapping[ConnectionStatus, Look] = {
    ConnectionStatus.CONNECTED: Look("Connected", "success", "check-circle-fill"),
    ConnectionStatus.REVOKED: Look("Revoked", "neutral", "x-circle-fill"),
    ConnectionStatus.DISCONNECTED: Look("Disconnected", "warning", "exclamation-triangle-fill"),
}
RUN: Mapping[RunStatus, Look] = {
    RunStatus.WAITING: Look("Waiting for a person", "warning", "hourglass-split"),
    RunStatus.RUNNING: Look("Running", "info", "hourglass-split"),
    RunStatus.PASSED: Look("Passed", "success", "check-circle-fill"),
    RunStatus.FAILED: Look("Failed", "danger", "x-circle-fill"),
    RunStatus.STOPPED: Look("Stopped", "neutral", "x-circle-fill"),
}
STEP: Mapping[StepStatus, Look] = {
    StepStatus.WAITING: Look("Waiting", "neutral", "circle"),
    StepStatus.RUNNING: Look("Running", "info", "hourglass-split"),
    StepStatus.PASSED: Look("Passed", "success", "check-circle-fill"),
    StepStatus.WARNING: Look("Worth a look", "warning", "exclamation-triangle-fill"),
    StepStatus.FAILED: Look("Failed", "danger", "x-circle-fill"),
    StepStatus.SKIPPED: Look("Skipped", "neutral", "circle"),
}
READING: Mapping[ReadingStatus, Look] = {
    ReadingStatus.WAITING: Look("Asked for", "info", "hourglass-split"),
    ReadingStatus.RUNNING: Look("Being read", "info", "hourglass-split"),
    ReadingStatus.READ: Look("Read", "success", "check-circle-fill"),
    ReadingStatus.FAILED: Look("Not read", "danger", "x-circle-fill"),
}
SIGNATURE: Mapping[Signature, Look] = {
    Signature.VALID: Look("Signature valid", "success", "check-circle-fill"),
    Signature.PREVIOUS: Look("Signed with the previous secret", "warning", "exclamation-triangle-fill"),
    Signature.INVALID: Look("Signature invalid", "danger", "x-circle-fill"),
    Signature.MISSING: Look("No signature", "danger", "x-circle-fill"),
    Signature.UNCHECKED: Look("Signature not checked", "neutral", "circle"),
}
LISTING: Mapping[ListingStatus, Look] = {
    ListingStatus.DRAFT: Look("Draft", "neutral", "pencil"),
    ListingStatus.READY: Look("Ready", "info", "hourglass-split"),
    ListingStatus.PUBLISHED: Look("Published", "success", "check-circle-fill"),
    ListingStatus.UPDATE_PENDING: Look("Update pending", "info", "hourglass-split"),
    ListingStatus.WITHDRAWN: Look("Withdrawn", "neutral", "x-circle-fill"),
}
CERTIFICATE: Mapping[CertificateState, Look] = {
    CertificateState.VALID: Look("Valid", "success", "patch-check-fill"),
    CertificateState.SUSPENDED: Look("Suspended", "danger", "pause-circle-fill"),
    CertificateState.EXPIRED: Look("Expired", "warning", "clock"),
}
FORWARD: Mapping[ForwardKind, Look] = {
    ForwardKind.AUTOMATIC: Look("Passed on", "neutral", "send"),
    ForwardKind.RESENT: Look("Resent", "info", "send"),
    ForwardKind.LISTENER: Look("portal listen", "neutral", "laptop"),
}

LOOKS: Mapping[type[StrEnum], Mapping[Any, Look]] = {
    SectionStatus: SECTION,
    IntegrationStatus: INTEGRATION,
    RoundStatus: ROUND,
    RegistrationStatus: REGISTRATION,
    FileState: FILE,
    RemarkKind: REMARK,
    OutboxState: OUTBOX,
    CaseStatus: CASE,
    LeadStatus: LEAD,
    Environment: ENVIRONMENT,
    ConnectionStatus: CONNECTION,
    RunStatus: RUN,
    StepStatus: STEP,
    ReadingStatus: READING,
    Signature: SIGNATURE,
    ForwardKind: FORWARD,
    ListingStatus: LISTING,
    CertificateState: CERTIFICATE,
}


def look(status: StrEnum) -> Look:
    """How any status is shown. One table an enum: members of two enums with equal codes are equal to Python."""
    return LOOKS[type(status)][status]


S = SectionStatus
SECTION_MOVES: Mapping[SectionStatus, frozenset[SectionStatus]] = {
    S.NOT_STARTED: frozenset({S.IN_PROGRESS, S.COMPLETE}),
    S.IN_PROGRESS: frozenset({S.NOT_STARTED, S.COMPLETE}),
    S.COMPLETE: frozenset({S.IN_PROGRESS, S.NOT_STARTED, S.UNDER_REVIEW}),
    S.UNDER_REVIEW: frozenset({S.ATTENTION_NEEDED, S.APPROVED}),
    S.ATTENTION_NEEDED: frozenset({S.UNDER_REVIEW, S.APPROVED}),
    S.APPROVED: frozenset({S.ATTENTION_NEEDED, S.UNDER_REVIEW}),
}
I = IntegrationStatus
INTEGRATION_MOVES: Mapping[IntegrationStatus, frozenset[IntegrationStatus]] = {
    I.DRAFT: frozenset({I.SUBMITTED}),
    I.SUBMITTED: frozenset({I.CHANGES_REQUESTED, I.LIVE}),
    I.CHANGES_REQUESTED: frozenset({I.SUBMITTED, I.LIVE}),
    I.LIVE: frozenset({I.CHANGES_REQUESTED, I.SUBMITTED}),
}
R = RoundStatus
ROUND_MOVES: Mapping[RoundStatus, frozenset[RoundStatus]] = {
    R.OPEN: frozenset({R.PAUSED, R.CLOSED}),
    R.PAUSED: frozenset({R.OPEN, R.CLOSED}),
    R.CLOSED: frozenset({R.OPEN}),
}
L = ListingStatus
LISTING_MOVES: Mapping[ListingStatus, frozenset[ListingStatus]] = {
    L.DRAFT: frozenset({L.READY}),
    L.READY: frozenset({L.DRAFT, L.PUBLISHED, L.WITHDRAWN}),
    L.PUBLISHED: frozenset({L.UPDATE_PENDING, L.WITHDRAWN}),
    L.UPDATE_PENDING: frozenset({L.PUBLISHED, L.WITHDRAWN}),
    L.WITHDRAWN: frozenset({L.READY}),
}
C = CaseStatus
CASE_MOVES: Mapping[CaseStatus, frozenset[CaseStatus]] = {
    C.NEW: frozenset({C.OPEN, C.WAITING_PARTNER, C.RESOLVED}),
    C.OPEN: frozenset({C.WAITING_PARTNER, C.RESOLVED}),
    C.WAITING_PARTNER: frozenset({C.OPEN, C.WAITING_GOCARDLESS, C.RESOLVED}),
    C.WAITING_GOCARDLESS: frozenset({C.OPEN, C.WAITING_PARTNER, C.RESOLVED}),
    C.RESOLVED: frozenset({C.WAITING_GOCARDLESS, C.CLOSED}),
    C.CLOSED: frozenset({C.WAITING_GOCARDLESS}),
}
BALL: Mapping[CaseStatus, Ball] = {
    C.NEW: Ball.GOCARDLESS,
    C.OPEN: Ball.GOCARDLESS,
    C.WAITING_GOCARDLESS: Ball.GOCARDLESS,
    C.WAITING_PARTNER: Ball.PARTNER,
    C.RESOLVED: Ball.NOBODY,
    C.CLOSED: Ball.NOBODY,
}
L = LeadStatus
LEAD_MOVES: Mapping[LeadStatus, frozenset[LeadStatus]] = {
    L.DRAFT: frozenset({L.SUBMITTED, L.WITHDRAWN}),
    L.SUBMITTED: frozenset({L.ACCEPTED, L.REJECTED, L.WITHDRAWN}),
    L.ACCEPTED: frozenset({L.CONTACTED, L.REJECTED, L.WITHDRAWN}),
    L.CONTACTED: frozenset({L.QUALIFIED, L.LOST, L.WITHDRAWN}),
    L.QUALIFIED: frozenset({L.PROPOSAL, L.WON, L.LOST, L.WITHDRAWN}),
    L.PROPOSAL: frozenset({L.WON, L.LOST, L.WITHDRAWN}),
    L.WON: frozenset({L.LIVE, L.LOST}),
    L.LIVE: frozenset(),
    L.LOST: frozenset(),
    L.REJECTED: frozenset(),
    L.WITHDRAWN: frozenset(),
}

Code = TypeVar("Code", bound=StrEnum)


def move(before: Code, after: Code, moves: Mapping[Code, frozenset[Code]]) -> Code:
    """The next status; staying is always allowed. Raises IllegalMove when `after` may not follow `before`."""
    if after != before and after not in moves[before]:
        raise IllegalMove(f"{before.value} cannot become {after.value}.")
    return after

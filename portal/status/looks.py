"""How each status is shown: one table an enum."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal

from portal.status.codes import (
    CaseStatus,
    CertificateState,
    CheckVerdict,
    ConnectionStatus,
    ContentKind,
    ContentStage,
    ContentStatus,
    Environment,
    ExportState,
    FileState,
    ForwardKind,
    Horizon,
    IntegrationStatus,
    LeadStatus,
    ListingStatus,
    OutboxState,
    ProofState,
    ReadingStatus,
    RegistrationStatus,
    RemarkKind,
    RoundStatus,
    RunStatus,
    SectionStatus,
    Signature,
    StatusState,
    StepStatus,
)

Tone = Literal["neutral", "info", "warning", "success", "danger"]


@dataclass(frozen=True, slots=True)
class Look:
    """How a status is shown: its words, its tone, its icon (never colour alone)."""

    words: str
    tone: Tone
    icon: str


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
CHECK: Mapping[CheckVerdict, Look] = {
    CheckVerdict.PASSED: Look("Passed", "success", "check-circle-fill"),
    CheckVerdict.FAILED: Look("Failed", "danger", "x-circle-fill"),
    CheckVerdict.WARNING: Look("Worth a look", "warning", "exclamation-triangle-fill"),
    CheckVerdict.SKIPPED: Look("Skipped", "neutral", "circle"),
    CheckVerdict.WAITING: Look("Waiting for a person", "warning", "hourglass-split"),
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

PROOF: Mapping[ProofState, Look] = {
    ProofState.PROVEN: Look("Proven by a run", "success", "patch-check-fill"),
    ProofState.STALE: Look("Proof is stale", "neutral", "clock"),
    ProofState.FAILED: Look("A check failed", "danger", "x-circle-fill"),
    ProofState.PARTIAL: Look("Proven in part", "info", "circle"),
}

CONTENT: Mapping[ContentStatus, Look] = {
    ContentStatus.DRAFT: Look("Draft", "neutral", "pencil"),
    ContentStatus.SCHEDULED: Look("Scheduled", "info", "clock"),
    ContentStatus.PUBLISHED: Look("Published", "success", "check-circle-fill"),
    ContentStatus.ARCHIVED: Look("Archived", "neutral", "x-circle-fill"),
}
CONTENT_KIND: Mapping[ContentKind, Look] = {
    ContentKind.GUIDE: Look("Guide", "neutral", "journal-text"),
    ContentKind.ASSET: Look("Marketing asset", "neutral", "image"),
    ContentKind.TEMPLATE: Look("Template", "neutral", "copy"),
    ContentKind.CASE_STUDY: Look("Case study", "neutral", "star"),
    ContentKind.FAQ: Look("Questions and answers", "neutral", "chat-left-text"),
    ContentKind.UPDATE: Look("Product update", "info", "bell"),
    ContentKind.ROADMAP: Look("Roadmap", "info", "flag-fill"),
    ContentKind.DOCS: Look("Documentation", "neutral", "code-slash"),
}
HORIZON: Mapping[Horizon, Look] = {
    Horizon.NOW: Look("Now", "success", "play-fill"),
    Horizon.NEXT: Look("Next", "info", "clock"),
    Horizon.LATER: Look("Later", "neutral", "circle"),
}
STAGE: Mapping[ContentStage, Look] = {
    ContentStage.ANY: Look("At any time", "neutral", "circle"),
    ContentStage.LAUNCH: Look("At launch", "neutral", "rocket-takeoff"),
    ContentStage.GROW: Look("When you grow", "neutral", "graph-up-arrow"),
}
EXPORT: Mapping[ExportState, Look] = {
    ExportState.WAITING: Look("Being made", "info", "hourglass-split"),
    ExportState.READY: Look("Ready", "success", "check-circle-fill"),
    ExportState.FAILED: Look("Not made", "danger", "x-circle-fill"),
}
STATUS_MESSAGE: Mapping[StatusState, Look] = {
    StatusState.WAITING: Look("Waiting", "info", "hourglass-split"),
    StatusState.TAKEN: Look("Taken", "success", "check-circle-fill"),
    StatusState.LOST: Look("Not taken", "danger", "x-circle-fill"),
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
    CheckVerdict: CHECK,
    ReadingStatus: READING,
    Signature: SIGNATURE,
    ForwardKind: FORWARD,
    ListingStatus: LISTING,
    CertificateState: CERTIFICATE,
    ExportState: EXPORT,
    StatusState: STATUS_MESSAGE,
    ProofState: PROOF,
    ContentStatus: CONTENT,
    ContentKind: CONTENT_KIND,
    Horizon: HORIZON,
    ContentStage: STAGE,
}


def look(status: StrEnum) -> Look:
    """How any status is shown. One table an enum: members of two enums with equal codes are equal to Python."""
    return LOOKS[type(status)][status]

"""The closed sets: every status by its codes, which are for ever."""

from enum import StrEnum


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


class CheckVerdict(StrEnum):
    """What an integration check said."""

    PASSED = "passed"
    FAILED = "failed"
    WARNING = "warning"
    SKIPPED = "skipped"
    """It could not be made; the words say why."""
    WAITING = "waiting"
    """For a person."""


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


class ProofState(StrEnum):
    """What the integration checks say of a question."""

    PROVEN = "proven"
    STALE = "stale"
    FAILED = "failed"
    PARTIAL = "partial"
    """Not all of its checks have passed yet, and none failed."""


class ContentKind(StrEnum):
    """What an item of Grow is (reference: certification.md §5.2)."""

    GUIDE = "guide"
    ASSET = "asset"
    TEMPLATE = "template"
    CASE_STUDY = "case_study"
    FAQ = "faq"
    UPDATE = "update"
    ROADMAP = "roadmap"
    DOCS = "docs"


class ContentStatus(StrEnum):
    DRAFT = "draft"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    ARCHIVED = "archived"


class Horizon(StrEnum):
    """When something of the roadmap comes."""

    NOW = "now"
    NEXT = "next"
    LATER = "later"


class ContentStage(StrEnum):
    """For which part of a partnership an item is; it sorts, and hides nothing."""

    ANY = "any"
    LAUNCH = "launch"
    GROW = "grow"


class ExportKind(StrEnum):
    """What is taken out of the portal."""

    DOCUMENT = "document"
    """A submission as one PDF."""
    ARCHIVE = "archive"
    """A submission as a zip: answers, evidence, proofs, feed, and the PDF."""
    EVERYTHING = "everything"
    """All data of a partner."""


class ExportState(StrEnum):
    WAITING = "waiting"
    READY = "ready"
    FAILED = "failed"


class MailChoice(StrEnum):
    """How a person hears of one kind of happening."""

    AT_ONCE = "at_once"
    DIGEST = "digest"
    OFF = "off"


class StatusState(StrEnum):
    """Of a message to a partner's own systems."""

    WAITING = "waiting"
    TAKEN = "taken"
    LOST = "lost"
    """Not taken at any try, or switched off before."""

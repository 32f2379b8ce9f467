"""Which happenings a partner's own systems hear of: the type of each message and what is in it (docs/notifications.md)."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from portal.models.event import Event
from portal.timeline import Happening
from portal.timeline.build import (
    AttentionNeeded,
    Certified,
    RoundPaused,
    RoundResumed,
    SectionApproved,
    SectionReopened,
    Submitted,
    VerdictUndone,
)
from portal.timeline.developers import MerchantConnected, MerchantDisconnected
from portal.timeline.launch import (
    CertificateIssued,
    CertificateRestored,
    CertificateSuspended,
    GrowOpened,
    ListingDeclined,
    ListingPublished,
    ListingWithdrawn,
)
from portal.timeline.leads import LeadMoved
from portal.timeline.support import CaseMoved

TEST = "test.ping"
Data = Callable[[Any, Event], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Message:
    """One type of message."""

    type: str
    words: str
    data: Data


def _fields(*names: str) -> Data:
    """These fields of the happening."""
    return lambda happening, event: {name: asdict(happening)[name] for name in names}


def _section(*names: str) -> Data:
    """The section, and these fields."""
    more = _fields(*names)
    return lambda happening, event: {"section": event.section_key, **more(happening, event)}


def _round_section(*names: str) -> Data:
    more = _fields(*names)
    return lambda happening, event: {
        "section": event.section_key,
        "round": happening.round_number,
        **more(happening, event),
    }


def _sent(happening: Submitted, event: Event) -> dict[str, Any]:
    return {"round": happening.round_number, "sections": happening.sections}


MESSAGES: Mapping[type[Happening], Message] = {
    Submitted: Message("submission.sent", "Sections were sent for review.", _sent),
    SectionApproved: Message("section.approved", "The reviewers approved a section.", _round_section()),
    AttentionNeeded: Message("section.attention_needed", "The reviewers asked for corrections in a section.", _round_section("questions")),
    SectionReopened: Message("section.reopened", "A section is no longer complete or approved, and why.", _section("reason")),
    VerdictUndone: Message("section.under_review", "The reviewers took a verdict back.", _section()),
    RoundPaused: Message("review.paused", "The review clock stands until you answer.", _section()),
    RoundResumed: Message("review.resumed", "The review clock runs again.", _section()),
    Certified: Message("integration.certified", "Every section is approved; the integration is live.", _fields()),
    CertificateIssued: Message("certificate.issued", "The certificate can be shown.", _fields("number")),
    CertificateSuspended: Message("certificate.suspended", "The certificate does not hold for now.", _fields("number")),
    CertificateRestored: Message("certificate.restored", "The certificate holds again.", _fields("number")),
    ListingPublished: Message("listing.published", "The listing, or its update, is in the directory.", _fields("slug")),
    ListingDeclined: Message("listing.declined", "The listing was not published.", _fields()),
    ListingWithdrawn: Message("listing.withdrawn", "The listing left the directory.", _fields()),
    GrowOpened: Message("grow.opened", "Grow is open.", _fields()),
    LeadMoved: Message("lead.moved", "A merchant lead is at another stage.", _fields("lead", "before", "after")),
    CaseMoved: Message("case.moved", "A support case is in another state.", _fields("case", "number", "before", "after")),
    MerchantConnected: Message("merchant.connected", "A merchant allowed an app to act for it.", _fields("app", "organisation")),
    MerchantDisconnected: Message("merchant.disconnected", "A merchant's connection ended.", _fields("app", "organisation")),
}  # fmt: skip
TYPES = tuple(message.type for message in MESSAGES.values())


def message_of(happening: Happening) -> Message | None:
    return MESSAGES.get(type(happening))

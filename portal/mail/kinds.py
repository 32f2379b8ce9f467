"""The kinds of mail that a person can choose about: what belongs to each, whom it concerns, and what cannot be chosen and why."""

from collections.abc import Iterable
from dataclasses import dataclass

from portal.models.people import StaffRole, User

SELLERS = frozenset({StaffRole.SALES, StaffRole.ADMINISTRATOR})
REVIEWERS = frozenset({StaffRole.SOLUTIONS_ENGINEER, StaffRole.ADMINISTRATOR})
MANAGERS = frozenset({StaffRole.PARTNER_MANAGER, StaffRole.ADMINISTRATOR})
EVERYBODY = frozenset(StaffRole)
NOBODY: frozenset[StaffRole] = frozenset()


@dataclass(frozen=True, slots=True)
class Kind:
    """One row of a person's settings. `always` is the reason why it comes at once whatever one would like; empty when one may choose."""

    code: str
    words: str
    hint: str
    templates: frozenset[str]
    partners: bool = True
    staff: frozenset[StaffRole] = NOBODY
    always: str = ""


def _kind(code: str, words: str, hint: str, templates: Iterable[str], **more: object) -> Kind:
    return Kind(code, words, hint, frozenset(templates), **more)  # type: ignore[arg-type]  # the remaining fields by their names


KINDS = (
    _kind(
        "reviews",
        "Feedback of your review",
        "One mail a round, and when the reviewers wait for an answer of yours.",
        ("review_feedback", "review_paused"),
        always="The clock of your review may wait for you.",
    ),
    _kind(
        "certificates",
        "Your certificate",
        "When you are certified, and when the certificate is suspended or restored.",
        ("certified", "certificate_suspended", "certificate_restored"),
        always="Merchants see it at the same moment.",
    ),
    _kind("mentions", "Somebody mentions you", "In the feed of a section.", ("mention",), staff=EVERYBODY),
    _kind("cases", "Support cases", "Answers in cases in which you wrote.", ("case_answered",)),
    _kind(
        "cases_written",
        "Support cases",
        "What partners write in cases that are yours.",
        ("case_written",),
        partners=False,
        staff=EVERYBODY,
    ),
    _kind("leads", "Merchant leads", "News about leads that are yours.", ("lead_news",), staff=SELLERS),
    _kind(
        "listing",
        "Your listing in the directory",
        "When it is published, declined or withdrawn.",
        ("listing_published", "listing_declined", "listing_withdrawn"),
    ),
    _kind(
        "listings",
        "Listings",
        "When a listing waits for a look, or leaves the directory.",
        ("listing_sent", "listing_left"),
        partners=False,
        staff=MANAGERS,
    ),
    _kind(
        "developers",
        "Apps and webhooks",
        "When a merchant disconnects, or when your address takes nothing any more.",
        ("connection_ended", "forwarding_stopped", "status_hook_stopped"),
    ),
    _kind(
        "exports", "Exports", "When a document or an archive that you asked for is ready.", ("export_ready",), staff=EVERYBODY
    ),
    _kind("due", "Reviews that are due", "One working day before.", ("review_reminder",), partners=False, staff=REVIEWERS),
    _kind(
        "registrations",
        "Registrations",
        "When a company registers its interest.",
        ("interest_registered",),
        partners=False,
        staff=MANAGERS,
    ),
    _kind(
        "security",
        "Your account",
        "How you sign in, invitations and forgotten passwords.",
        ("identity_changed", "identity_invitation", "identity_notice", "identity_reset", "identity_username"),
        staff=EVERYBODY,
        always="It could be somebody else who is at your account.",
    ),
)
BY_TEMPLATE = {template: kind for kind in KINDS for template in kind.templates}
UNASKED = frozenset({"interest_received", "interest_declined", "digest"})
"""To people without an account, or the digest itself."""


def concerning(user: User) -> list[Kind]:
    """The kinds that this person can get at all."""
    if user.staff_role is not None:
        return [kind for kind in KINDS if user.staff_role in kind.staff]
    return [kind for kind in KINDS if kind.partners]

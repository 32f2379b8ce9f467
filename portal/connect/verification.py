"""What a creditor's verification status means, and what the merchant must do next (partner guide, Getting your users verified)."""

from collections.abc import Mapping
from dataclasses import dataclass

from portal import gocardless
from portal.status import Environment, Tone

PAGES = {
    "https://connect-sandbox.gocardless.com": "https://verify-sandbox.gocardless.com",
    "https://connect.gocardless.com": "https://verify.gocardless.com",
}
"""By the connect address: at GoCardless it has a host of its own, elsewhere a path."""


@dataclass(frozen=True, slots=True)
class Status:
    words: str
    tone: Tone
    next: str


STATUSES: Mapping[str, Status] = {
    "successful": Status("Verified", "success", "Nothing to do: the merchant can collect, and is paid out."),
    "in_review": Status(
        "In review", "info", "GoCardless is checking. Mandates and payments can be made already; payouts wait until it is done."
    ),
    "action_required": Status(
        "Action required",
        "warning",
        "The merchant must give GoCardless more details, or will not be paid out. Show them this, with a link to the verification page.",
    ),
}
UNKNOWN = Status("Not known", "neutral", "GoCardless has not said yet.")


def status(code: str) -> Status:
    """A code that GoCardless added since is shown as it is: new values may come at any time."""
    return STATUSES.get(code) or (Status(code, "neutral", UNKNOWN.next) if code else UNKNOWN)


def page(environment: Environment) -> str:
    """Where the merchant completes verification."""
    connect = gocardless.place(environment).connect_url
    return PAGES.get(connect) or f"{connect}/verify"

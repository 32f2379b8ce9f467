"""A merchant on the way through the partner's product: they leave for GoCardless, and come back with what an experiment gives them."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field
from typing import Any

from portal.exam.addresses import added, parameters
from portal.exam.nouns import Skip
from portal.exam.rig import Rig
from portal.exam.sandbox import Call, Merchant
from portal.exam.visitor import Page, Visitor

SCOPES = ("read_write", "read_only")
PATIENT = 2.0
"""Times as long as the partner took to exchange a good code, before it is believed that no exchange follows."""


@dataclass(frozen=True, slots=True)
class Leaving:
    """A visitor whom the partner's product has sent to GoCardless, with what the request said."""

    visitor: Visitor
    redirect_uri: str
    state: str = field(repr=False)
    scope: str

    def address(self, **parameters: str | None) -> str:
        """Where GoCardless sends the browser, with these parameters beside those that the redirect URI has itself."""
        return added(self.redirect_uri, **parameters)


@dataclass(frozen=True, slots=True)
class Return:
    """A visitor who came back with a code: the page, and the calls that tried to exchange it."""

    page: Page
    calls: tuple[Call, ...]
    code: str = field(repr=False)
    merchant: Merchant | None = None
    after: float = 0.0
    """Seconds after the page at which the exchange was seen, where that was not at once."""

    @property
    def connected(self) -> bool:
        return any(call.status == 200 for call in self.calls)


def leave(rig: Rig, words: str = "A merchant starts connecting", *, visitor: Visitor | None = None) -> Leaving:
    """Open the partner's page in a new browser, or this one. Raises Skip when it does not lead to GoCardless (any more)."""
    visitor = visitor or rig.visitor()
    link = visitor.get(rig.settings.connect_url, words).authorization
    if not link:
        raise Skip("Your page did not lead to GoCardless this time.")
    sent = dict(parameters(link))
    scope = sent.get("scope", "")
    return Leaving(visitor, sent.get("redirect_uri", ""), sent.get("state", ""), scope if scope in SCOPES else SCOPES[0])


def connect(rig: Rig, *, verified: bool = True, words: str = "The merchant has allowed access and comes back") -> Return:
    """The whole way with a new merchant, as it should go. Raises Skip where it cannot begin."""
    leaving = leave(rig)
    made = come_back(rig, leaving, rig.levers.merchant(verified=verified), words=words)
    if made.calls:
        rig.carried["exchange_seconds"] = max(rig.carried.get("exchange_seconds", 0.0), made.after)
    return made


def come_back(rig: Rig, leaving: Leaving, merchant: Merchant, *, words: str, minutes: int | None = None) -> Return:
    """With a code of this merchant's, which the partner is given time to exchange."""
    code = rig.levers.code(leaving.redirect_uri, scope=leaving.scope, organisation_id=merchant.organisation_id, minutes=minutes)
    return arrive(rig, leaving, code, words=words, merchant=merchant)


def arrive(rig: Rig, leaving: Leaving, code: str, *, words: str, merchant: Merchant | None = None) -> Return:
    """With any code and the right state. The exchange is waited for as long as things may take; after no page at all, for a moment."""
    mark = rig.levers.mark()
    page = leaving.visitor.arrive(leaving.address(code=code, state=leaving.state or None), words)
    began = time.monotonic()
    if calls := _exchanges(rig, code, mark):
        return Return(page, calls, code, merchant)
    seconds = rig.limits.follow if page.status is not None else rig.limits.settle
    rig.levers.wait_for_call(lambda call: call.carries(code), seconds, since=mark)
    after = time.monotonic() - began
    return Return(page, _exchanges(rig, code, mark), code, merchant, after=after)


def _exchanges(rig: Rig, code: str, mark: int) -> tuple[Call, ...]:
    return tuple(call for call in rig.levers.token_calls(mark) if call.carries(code))


def exchanged(rig: Rig, codes: dict[str, str], mark: int) -> list[str]:
    """The names of those codes that somebody tried to exchange after the mark, looked at once more after a short while."""
    settle(rig)
    calls = rig.levers.token_calls(mark)
    return [name for name, code in codes.items() if any(call.carries(code) for call in calls)]


def settle(rig: Rig) -> None:
    """Gives a call that should not come the time to come: what a good exchange took, and no less than a moment."""
    time.sleep(max(rig.limits.settle, min(PATIENT * rig.carried.get("exchange_seconds", 0.0), rig.limits.follow)))


def made_up() -> str:
    """A code that GoCardless never gave to anybody."""
    return f"made-up-{secrets.token_urlsafe(18)}"


def remember(rig: Rig, made: Return) -> None:
    """The merchant that is connected from now on, for the experiments that follow."""
    if made.merchant and made.connected:
        merchant = made.merchant
        kept: dict[str, Any] = {"organisation_id": merchant.organisation_id, "creditor_id": merchant.creditor_id}
        rig.carried |= kept | {"merchant_token": merchant.access_token}

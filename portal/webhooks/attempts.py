"""One attempt to pass a webhook on over HTTP: what is sent, and how it went, in words."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from portal import outgoing
from portal.models.delivery import Delivery
from portal.models.partner_app import PartnerApp
from portal.outgoing import Answer, NotSent, TimedOut, Unreachable
from portal.status import Environment
from portal.webhooks import bodies
from portal.webhooks.receiving import HEADER

SECONDS = 10.0
"""As long as GoCardless waits for an answer (reference: GoCardless support, article 360000989989)."""
MOST_ANSWER = 100_000
"""Bytes of the answer that are read; nobody looks at them."""
DELIVERY = "Partner-Portal-Delivery"
"""Which delivery this is: it says that the portal sent it, and keeps it from going round in circles."""
REASON = "Partner-Portal-Reason"
NOT_PASSED_ON = frozenset({"accept-encoding", HEADER.lower(), "host", *bodies.MASKED})


@dataclass(frozen=True, slots=True)
class Attempt:
    """What is sent, as plain values: no transaction is open while it is on its way."""

    url: str
    headers: Mapping[str, str]
    body: bytes
    plain: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it went. `silent`: nothing answered at all."""

    status: int | None = None
    error: str = ""
    milliseconds: float | None = None
    silent: bool = False

    @property
    def ok(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def original(delivery: Delivery, app: PartnerApp) -> Attempt:
    """The bytes and the signature as they came."""
    return _attempt(delivery, app, _header(delivery, HEADER), "forward")


def signed_anew(delivery: Delivery, app: PartnerApp) -> Attempt:
    """The same bytes, signed with the app's secret of today."""
    return _attempt(delivery, app, signature(app.webhook_secret or "", bodies.raw(delivery)), "resend")


def signature(secret: str, body: bytes) -> str:
    """As GoCardless signs: HMAC-SHA256 in lower-case hex (reference/gocardless-api.md 4.3)."""
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def passed_on_before(delivery: Delivery) -> bool:
    """Whether it came from a portal already: passing it on once more could go on for ever."""
    return bool(_header(delivery, DELIVERY))


def _attempt(delivery: Delivery, app: PartnerApp, signed: str, reason: str) -> Attempt:
    headers = {name: value for name, value in delivery.headers if name.lower() not in NOT_PASSED_ON}
    ours = {HEADER: signed, DELIVERY: delivery.key, REASON: reason}
    return Attempt(app.webhook_url, headers | ours, bodies.raw(delivery), app.environment is not Environment.LIVE)


def _header(delivery: Delivery, wanted: str) -> str:
    return next((value for name, value in delivery.headers if name.lower() == wanted.lower()), "")


def make(attempt: Attempt) -> Outcome:
    """Send it, follow no redirect, wait ten seconds at most."""
    try:
        answer = outgoing.send(
            "POST", attempt.url, headers=attempt.headers, body=attempt.body, timeout=SECONDS,
            most_bytes=MOST_ANSWER, plain=attempt.plain, cut=True,
        )  # fmt: skip
    except NotSent as refused:
        return Outcome(error=refused.words, silent=isinstance(refused, (TimedOut, Unreachable)))
    return Outcome(answer.status, _words(answer), answer.milliseconds)


def _words(answer: Answer) -> str:
    """What a status that is no success means here; empty for a success."""
    if 200 <= answer.status < 300:
        return ""
    if 300 <= answer.status < 400:
        return "It answered with a redirect, which is not followed. Enter the address that it leads to."
    name = HTTPStatus(answer.status).phrase if answer.status in set(HTTPStatus) else "no success"
    return f"It answered {answer.status} {name}; only 2xx counts as received."

"""What an experiment works with: the app under test, what the partner declared of their side, the sandbox, and how long to wait."""

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from portal import outgoing
from portal.exam.nouns import Environment
from portal.exam.sandbox import Sandbox
from portal.exam.visitor import Visitor
from portal.exchange import Exchange
from portal.outgoing import NotSent

SIGNATURE = "Webhook-Signature"
LARGEST = 300_000
"""Bytes of an answer of theirs; what follows is left unread."""


@dataclass(frozen=True, slots=True)
class AppUnderTest:
    """The app as its partner registered it, with the secrets that the checks need."""

    client_id: str
    client_secret: str = field(repr=False)
    redirect_uris: tuple[str, ...]
    webhook_url: str = ""
    webhook_secret: str = field(default="", repr=False)
    previous_webhook_secret: str | None = field(default=None, repr=False)
    environment: Environment = Environment.EMBEDDED


@dataclass(frozen=True, slots=True)
class TestSettings:
    """What the partner declares of their own side; each may be empty (docs/checks.md)."""

    __test__ = False  # pytest collects by name

    connect_url: str = ""
    login_url: str = ""
    action_url: str = ""
    test_header: tuple[str, str] | None = field(default=None, repr=False)
    link: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds, all of them from one patience: 10 in earnest, less where the other side is known to be fast."""

    answer: float
    """In which a webhook must be answered (GoCardless: 10)."""
    page: float
    """In which any answer of theirs must be there to be looked at; never under 3, for a busy machine is no fault of theirs."""
    slow: float
    """How long a slow GoCardless takes."""
    settle: float
    """For what may follow an answer of theirs although it should not: a short while."""
    follow: float
    """For what should follow an answer of theirs, seen as soon as it is there."""

    @classmethod
    def of(cls, patience: float) -> "Limits":
        return cls(
            answer=patience,
            page=max(patience, 3.0),
            slow=min(0.3 * patience, 3.0),
            settle=min(0.05 * patience, 0.3),
            follow=max(patience, 3.0),
        )


@dataclass(frozen=True, slots=True)
class Noted:
    """One exchange of the trace, in a sentence what it was for, and which visitor made it (0: none)."""

    words: str
    exchange: Exchange
    visitor: int = 0


@dataclass
class Rig:
    """Everything that an experiment may use. `carried` is kept between the experiments of one run; it must stay JSON."""

    app: AppUnderTest
    settings: TestSettings
    limits: Limits
    sandbox: Sandbox | None
    """None where there are no levers: every environment but the embedded one."""
    places: Mapping[Environment, str]
    """Where each environment's authorization pages are: https://connect.gocardless.com …"""
    carried: dict[str, Any] = field(default_factory=dict)
    trace: list[Noted] = field(default_factory=list, repr=False)
    _visitors: int = field(default=0, init=False)

    @property
    def declared(self) -> tuple[str, ...]:
        """Every address of the partner's side that somebody wrote down."""
        known = self.settings
        return tuple(
            filter(None, (known.connect_url, known.login_url, known.action_url, self.app.webhook_url, *self.app.redirect_uris))
        )

    @property
    def levers(self) -> Sandbox:
        """The sandbox, for experiments that only run where there is one."""
        if self.sandbox is None:
            raise LookupError("This environment has no levers")
        return self.sandbox

    @property
    def secrets(self) -> dict[str, str]:
        """All that must never be shown, by the name of a variable of the shell (portal.runs.curl)."""
        app, header = self.app, self.settings.test_header
        known = {
            "CLIENT_SECRET": app.client_secret,
            "WEBHOOK_SECRET": app.webhook_secret,
            "PREVIOUS_WEBHOOK_SECRET": app.previous_webhook_secret or "",
            "TEST_HEADER": header[1] if header else "",
        }
        return {name: secret for name, secret in known.items() if secret}

    def visitor(self) -> Visitor:
        """A browser of its own, with no cookies yet."""
        self._visitors += 1
        return Visitor(self, self._visitors)

    def sign(self, body: bytes, secret: str | None = None) -> str:
        """As GoCardless signs: hex HMAC-SHA256 of the bytes, with this app's secret unless another is given."""
        key = self.app.webhook_secret if secret is None else secret
        return hmac.new(key.encode(), body, hashlib.sha256).hexdigest()

    def deliver(
        self, body: bytes, signature: str | None, headers: Mapping[str, str] | None = None, *, words: str = ""
    ) -> Exchange | NotSent:
        """One webhook to the app's endpoint, as GoCardless sends them. `signature` None leaves the header out."""
        head = {
            "Content-Type": "application/json",
            "Origin": "https://api-sandbox.gocardless.com",
            "User-Agent": "gocardless-webhook-service/1.2",
        }
        head |= {SIGNATURE: signature} if signature is not None else {}
        return self.send("POST", self.app.webhook_url, head | dict(headers or {}), body, words=words or "A webhook")

    def act(self, action: str, /, **values: Any) -> Exchange:
        """One order to the partner's test hook. Status None: nothing came, and the body says why."""
        body = json.dumps({"action": action, **values}).encode()
        sent = self.send(
            "POST", self.settings.action_url, {"Content-Type": "application/json"}, body, words=f"Their test hook: {action}"
        )
        return self.trace[-1].exchange if isinstance(sent, NotSent) else sent

    def send(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes = b"", *, words: str, visitor: int = 0
    ) -> Exchange | NotSent:
        """One request to the partner's side, with their test header, through portal.outgoing; noted in the trace, whatever comes of it."""
        head = dict([self.settings.test_header]) if self.settings.test_header else {}
        head |= dict(headers)
        try:
            answer = outgoing.send(method, url, headers=head, body=body, timeout=self.limits.page, most_bytes=LARGEST, cut=True)
        except NotSent as problem:
            self._note(words, visitor, Exchange(method, url, head, _text(body), None, {}, str(problem), 0.0))
            return problem
        made = Exchange(
            method, url, head, _text(body), answer.status, _merged(answer.headers), _text(answer.body), answer.milliseconds
        )
        self._note(words, visitor, made)
        return made

    def _note(self, words: str, visitor: int, exchange: Exchange) -> None:
        self.trace.append(Noted(words, exchange, visitor))

    @contextmanager
    def recording(self) -> Iterator[list[Noted]]:
        """What is noted within the block, for one experiment's trace."""
        start = len(self.trace)
        taken: list[Noted] = []
        try:
            yield taken
        finally:
            taken += self.trace[start:]


def document(exchange: Exchange | NotSent) -> dict[str, Any]:
    """The JSON object of an answer; an empty one for anything else."""
    if isinstance(exchange, NotSent):
        return {}
    try:
        found = json.loads(exchange.response_body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _merged(headers: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """Headers of one name joined by line breaks: cookies hold commas."""
    merged: dict[str, str] = {}
    for name, value in headers:
        merged[name] = f"{merged[name]}\n{value}" if name in merged else value
    return merged


def _text(body: bytes) -> str:
    return body.decode("utf-8", "replace")

"""The sandbox next door by its levers (docs/sandbox.md): merchants and codes made for one app, faults ordered, and what it saw."""

import json
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, quote

import requests

from portal import exchange

TIMEOUT = (2, 8)
PAUSE = 0.02
LONGEST_PAUSE = 0.2
TOKEN, AUTHORIZE = "/oauth/access_token", "/oauth/authorize"
PAGE, MOST = 50, 2000
"""Calls that are read at a time, and in all; some are long, and somebody may make them without end."""


class SandboxFailed(Exception):
    """The sandbox itself could not be asked: nothing that the partner has done."""


@dataclass(frozen=True, slots=True)
class Merchant:
    """An organisation of the sandbox. The token is its own, not the app's."""

    organisation_id: str
    creditor_id: str
    access_token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the app that the sandbox saw, or a visit of its authorization page; secrets are cut to their last characters."""

    number: int
    at: str
    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: str
    status: int
    response: str
    milliseconds: float
    organisation_id: str

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> "Call":
        return cls(
            number=int(record["number"]),
            at=str(record["at"]),
            method=str(record["method"]),
            path=str(record["path"]),
            query=str(record["query"]),
            headers={str(name).lower(): str(value) for name, value in record["headers"].items()},
            body=str(record["body"]),
            status=int(record["status"]),
            response=str(record["response"]),
            milliseconds=float(record["milliseconds"]),
            organisation_id=str(record.get("organisation_id") or ""),
        )

    def header(self, name: str) -> str:
        return self.headers.get(name.lower(), "")

    @property
    def document(self) -> dict[str, Any]:
        """The JSON object that was sent; empty for anything else."""
        return _object(self.body)

    @property
    def answer(self) -> dict[str, Any]:
        """The JSON object that was answered."""
        return _object(self.response)

    @property
    def asked(self) -> list[tuple[str, str]]:
        """The parameters of the address, in their order."""
        return parse_qsl(self.query, keep_blank_values=True)

    @property
    def form(self) -> dict[str, str]:
        """What was sent to an OAuth endpoint, in whatever encoding, its address included."""
        sent = {name: str(value) for name, value in self.document.items()}
        return dict(self.asked) | (sent or dict(parse_qsl(self.body, keep_blank_values=True)))

    @property
    def is_token(self) -> bool:
        return self.path == TOKEN

    @property
    def is_visit(self) -> bool:
        return self.path == AUTHORIZE and self.method == "GET"

    def carries(self, code: str) -> bool:
        """Whether it tried to exchange this code, as far as its last characters tell."""
        return self.is_token and self.form.get("code", "").lstrip("…") == tail(code)


def tail(secret: str) -> str:
    """What the sandbox's log keeps of a secret."""
    return secret[-4:] if len(secret) > 8 else ""


class Sandbox:
    """The levers, for one app. Raises SandboxFailed."""

    def __init__(self, url: str, client_id: str, token: str = "") -> None:
        self.url, self.client_id = url.rstrip("/"), client_id
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._session = exchange.session(None)
        self._tokens: dict[str, str] = {}

    def merchant(self, *, verified: bool = True, name: str = "Check Merchant", country_code: str = "GB") -> Merchant:
        """A merchant who has not allowed the app anything yet."""
        made = self._lever("organisations", name=name, country_code=country_code, verified=verified)
        return Merchant(made["organisation_id"], made["creditor_id"], made["access_token"])

    def code(
        self, redirect_uri: str, *, scope: str = "read_write", organisation_id: str = "", minutes: int | None = None
    ) -> str:
        """An authorization code as if a merchant had consented; of a new merchant unless one is named. `minutes` how long it is good."""
        more: dict[str, Any] = {"organisation_id": organisation_id} if organisation_id else {}
        more |= {"minutes": minutes} if minutes is not None else {}
        return str(self._lever(f"{self._app}/codes", redirect_uri=redirect_uri, scope=scope, **more)["code"])

    def disconnect(self, organisation_id: str, *, tell: bool = True) -> None:
        """The merchant takes their consent back; the app is told by webhook unless `tell` is false."""
        self._lever(f"{self._app}/disconnect", organisation_id=organisation_id, tell=tell)

    def payments(self, organisation_id: str, mandate: str, count: int = 1) -> list[str]:
        """The ids of so many new payments, of which nobody is told."""
        made = self._lever("payments", organisation_id=organisation_id, mandate=mandate, count=count)
        return [str(one) for one in made["payments"]]

    def own_call(self, organisation_id: str, method: str, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """What the API answers to the merchant itself, who needs no app for it. Raises SandboxFailed."""
        if organisation_id not in self._tokens:
            self._tokens[organisation_id] = str(self._lever("tokens", organisation_id=organisation_id)["access_token"])
        head = {"Authorization": f"Bearer {self._tokens[organisation_id]}", "GoCardless-Version": "2015-07-06"}
        return self._send(method, f"{self.url}{path}", headers=head, json=body)

    def token_fault(self, kind: str, *, count: int = 1, seconds: float = 0) -> None:
        """The next calls of this app to the token endpoint go wrong: 500, slow, timeout, html or empty; `none` takes back what is left."""
        self._lever(f"{self._app}/token_faults", kind=kind, count=count, milliseconds=round(1000 * seconds))

    def fault(
        self, organisation_id: str, kind: str, *, target: str = "api", count: int = 1, seconds: int = 0, **only: str
    ) -> None:
        """The next calls for this organisation, or its next webhooks, go wrong; `none` takes back what is left (docs/sandbox.md)."""
        values = {"target": target, "kind": kind, "count": count, "seconds": seconds, "organisation_id": organisation_id}
        self._lever("faults", **values, **only)

    def deliver(self) -> None:
        """Webhooks that wait are sent now."""
        self._lever("deliver")

    def mark(self) -> int:
        """Where the log stands now; what comes later has a greater number."""
        return int(self._ask("GET", "requests", params={"client_id": self.client_id, "limit": 1})["mark"])

    def calls(self, since: int = 0) -> list[Call]:
        """What OAuth and the API saw of this app after the mark, oldest first."""
        found: list[Call] = []
        while True:
            asked = {"client_id": self.client_id, "limit": PAGE, "since": since}
            batch = [Call.of(record) for record in self._ask("GET", "requests", params=asked)["requests"]]
            found += batch
            if len(batch) < PAGE or len(found) >= MOST:
                return found
            since = batch[-1].number

    def token_calls(self, since: int = 0) -> list[Call]:
        return [call for call in self.calls(since) if call.is_token]

    def wait_for_call(self, wanted: Callable[[Call], bool], seconds: float, *, since: int = 0) -> Call | None:
        """The first call after the mark that is wanted, as soon as it is there; None when the time is over."""
        end, pause = time.monotonic() + seconds, PAUSE
        while True:
            found = next((call for call in self.calls(since) if wanted(call)), None)
            left = end - time.monotonic()
            if found or left <= 0:
                return found
            time.sleep(min(pause, left))
            pause = min(2 * pause, LONGEST_PAUSE)

    @property
    def _app(self) -> str:
        return f"apps/{quote(self.client_id, safe='')}"

    def _lever(self, path: str, **values: Any) -> dict[str, Any]:
        return self._ask("POST", path, json=values)

    def _ask(self, method: str, path: str, **sent: Any) -> dict[str, Any]:
        return self._send(method, f"{self.url}/_sandbox/{path}", headers=self._headers, **sent)

    def _send(self, method: str, url: str, **sent: Any) -> dict[str, Any]:
        try:
            answer = self._session.request(method, url, timeout=TIMEOUT, allow_redirects=False, **sent)
        except requests.RequestException as error:
            raise SandboxFailed("The sandbox could not be asked.") from error
        found = _object(answer.text)
        if answer.status_code >= 300:
            raise SandboxFailed(f"The sandbox refused (HTTP {answer.status_code}): {_why(found)}")
        return found


def _object(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _why(body: Mapping[str, Any]) -> str:
    error = body.get("error")
    reasons: Iterable[Any] = (error.get("errors") or [error]) if isinstance(error, dict) else ()
    return "; ".join(str(one.get("message", ""))[:200] for one in reasons if isinstance(one, dict)) or "no reason given"

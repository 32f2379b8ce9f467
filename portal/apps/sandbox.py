"""Apps at the embedded sandbox, by HTTP to its levers (docs/sandbox.md): registered, changed, given new secrets.

Slow: nothing of this is called with an open transaction.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import requests

from portal import exchange, gocardless
from portal.apps.details import Details
from portal.apps.service import Credentials
from portal.config import Settings
from portal.refusals import Refusal
from portal.status import Environment

TIMEOUT = (2, 8)
URLS = ("homepage_url", "post_onboarding_url")


class NotAnswering(Refusal):
    """The sandbox next door did not do it; nothing was stored here."""

    status = 503


@dataclass(frozen=True, slots=True)
class Sandbox:
    """The embedded sandbox as the portal knows it."""

    url: str
    token: str = ""

    @classmethod
    def of(cls, settings: Settings) -> "Sandbox":
        """Raises NotAnswering where there is none."""
        try:
            place = gocardless.place(Environment.EMBEDDED)
        except gocardless.NotHere as error:
            raise NotAnswering("This portal has no embedded sandbox any more.") from error
        return cls(place.api_url, settings.embedded_levers_token.get_secret_value())

    def register(self, details: Details, *, hook: str) -> Credentials:
        """A new app, whose webhooks come to the portal's receiver."""
        return _credentials(self._call("POST", "apps", _sent(details, hook)))

    def change(self, details: Details, *, hook: str, credentials: Credentials) -> None:
        """New details; a sandbox that was emptied meanwhile gets the app once more, with the same credentials."""
        sent = {**dict.fromkeys(URLS), "description": None, **_sent(details, hook)}
        if self._call("PATCH", f"apps/{credentials.client_id}", sent, missing=True) is None:
            again = {name: getattr(credentials, name) for name in ("client_id", "client_secret", "webhook_secret")}
            self._call("POST", "apps", _sent(details, hook) | again)

    def rotate(self, client_id: str, kind: str, *, overlap: timedelta, secret: str = "") -> str:
        """A new secret of this kind, or the one given. The client secret before it is good for the overlap."""
        minutes = round(overlap.total_seconds() / 60)
        sent = ({"overlap_minutes": minutes} if kind == "client_secret" else {}) | ({kind: secret} if secret else {})
        return str((self._call("POST", f"apps/{client_id}/{kind}", sent) or {})[kind])

    def end_overlap(self, client_id: str, client_secret: str) -> None:
        """The current client secret once more, without an overlap: the one before it ends."""
        self._call("POST", f"apps/{client_id}/client_secret", {"client_secret": client_secret, "overlap_minutes": 0})

    def silence(self, client_id: str) -> None:
        """A retired app is sent no more webhooks."""
        self._call("PATCH", f"apps/{client_id}", {"webhook_url": None}, missing=True)

    def open_merchant(self, merchant: dict[str, str]) -> None:
        """A verified merchant with credentials that are known already (docs/sandbox.md, Levers). Raises NotAnswering when it is there."""
        self._call("POST", "organisations", merchant)

    def _call(self, method: str, path: str, body: dict[str, Any], *, missing: bool = False) -> dict[str, Any] | None:
        """The answer; None for an app that is not there, when `missing` is expected. Raises NotAnswering with words for a person."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        try:
            answer = exchange.session(None).request(
                method, f"{self.url}/_sandbox/{path}", json=body, headers=headers, timeout=TIMEOUT, allow_redirects=False
            )
        except requests.Timeout as error:
            raise NotAnswering(
                "The embedded sandbox did not answer in time. Nothing was stored; try again in a moment."
            ) from error
        except requests.RequestException as error:
            raise NotAnswering("The embedded sandbox cannot be reached. Nothing was stored; try again in a moment.") from error
        if missing and answer.status_code == 404:
            return None
        return _read(answer)


def _read(answer: requests.Response) -> dict[str, Any]:
    try:
        body = answer.json()
    except ValueError:
        body = None
    if answer.status_code < 300 and isinstance(body, dict):
        return body
    raise NotAnswering(f"The embedded sandbox refused (HTTP {answer.status_code}{_why(body)}). Nothing was stored.")


def _why(body: Any) -> str:
    """The first reason in the sandbox's own words."""
    error = body.get("error") if isinstance(body, dict) else None
    reasons = error.get("errors") or [error] if isinstance(error, dict) else []
    first = reasons[0] if reasons and isinstance(reasons[0], dict) else {}
    words = " ".join(str(first[name]) for name in ("field", "message") if first.get(name))
    return f": {words[:200]}" if words else ""


def _sent(details: Details, hook: str) -> dict[str, Any]:
    urls = {name: getattr(details, name) for name in URLS if getattr(details, name)}
    words = {"description": details.description} if details.description else {}
    return {"name": details.name, "redirect_uris": details.redirect_uris, "webhook_url": hook, **urls, **words}


def _credentials(made: dict[str, Any] | None) -> Credentials:
    try:
        found = made or {}
        return Credentials(found["client_id"], found["client_secret"], found["webhook_secret"])
    except KeyError as error:
        raise NotAnswering("The embedded sandbox answered without credentials. Nothing was stored.") from error

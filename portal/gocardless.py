"""GoCardless as the portal knows it: where each environment lives, and its official client. The only door to gocardless_pro."""

import json
import os
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import requests
from gocardless_pro import Client
from gocardless_pro.api_client import ApiClient
from gocardless_pro.errors import ApiError, GoCardlessProError, IdempotentCreationConflictError

from portal import exchange
from portal.config import Settings
from portal.exchange import TIMEOUT, Recorder
from portal.status import Environment

NONE = "none"
LOST = frozenset({"access_token_revoked", "access_token_not_active", "access_token_not_found"})
"""Reasons of a 401 that no other call with this token will escape."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where one GoCardless is reached; with client id and secret these are all that tells one from another."""

    connect_url: str
    api_url: str


_places: dict[Environment, Place] = {}


def configure(settings: Settings) -> None:
    """Take the addresses from the settings; a sandbox next door is only assumed where somebody develops."""
    local = f"http://127.0.0.1:{os.environ.get('SANDBOX_PORT', '5001')}" if settings.development else NONE
    connect = settings.embedded_connect_url or settings.embedded_api_url or local
    urls = {
        Environment.EMBEDDED: (connect, settings.embedded_api_url or connect),
        Environment.GOCARDLESS: (settings.gocardless_connect_url, settings.gocardless_api_url),
        Environment.LIVE: (settings.live_connect_url, settings.live_api_url),
    }
    for environment, (connect_url, api_url) in urls.items():
        if NONE in (connect_url, api_url):
            _places.pop(environment, None)
        else:
            _places[environment] = Place(connect_url.rstrip("/"), api_url.rstrip("/"))


def place(environment: Environment) -> Place:
    """Raises NotHere for an environment that this portal has none of."""
    if environment not in _places:
        raise NotHere
    return _places[environment]


def available() -> tuple[Environment, ...]:
    """The sandboxes in which apps can be registered and runs made, the embedded one first."""
    return tuple(environment for environment in (Environment.EMBEDDED, Environment.GOCARDLESS) if environment in _places)


class GoCardlessError(Exception):
    """A call did not succeed; each way has a class of its own. Texts that GoCardless sent may hold anything."""


class NotHere(GoCardlessError):
    """This portal is not connected to that environment."""


class Unreachable(GoCardlessError):
    """No connection: wrong address, nobody listens, TLS failed, cut off in the middle."""


class TimedOut(GoCardlessError):
    """Nobody answered in time; what was asked may have happened."""


class NotJson(GoCardlessError):
    """The answer is not what the API sends: an error page of something in between, nothing at all, or no object."""

    def __init__(self, status: int) -> None:
        super().__init__(f"HTTP {status}")
        self.status = status


class ApiRefused(GoCardlessError):
    """The API said no, in its own shape (api-reference, Errors)."""

    def __init__(self, status: int, error: dict[str, Any]) -> None:
        super().__init__(f"HTTP {status}")
        listed = error.get("errors")
        details = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
        self.status = status
        self.type = str(error.get("type") or "")
        self.reason = next((str(one["reason"]) for one in details if one.get("reason")), "")
        self.message = str(error.get("message") or "")
        self.details = tuple(details)
        self.request_id = str(error.get("request_id") or "")

    @property
    def fields(self) -> dict[str, str]:
        """What is wrong with each field, of a refusal by validation."""
        return {str(one.get("field")): str(one.get("message") or "") for one in self.details if one.get("field")}


class TokenRevoked(ApiRefused):
    """The token is no longer good for anything."""


class NotAllowed(ApiRefused):
    """The token's scope or the organisation's features do not cover this (403)."""


class TooManyCalls(ApiRefused):
    """The rate limit (429)."""


class ServerFailed(ApiRefused):
    """GoCardless itself failed (5xx); the same call may succeed later."""


def client(environment: Environment, access_token: str, *, recorder: Recorder | None = None) -> Client:
    """The official client, speaking to this environment, without retries; its calls raise the errors of this module.

    Every exchange goes to the recorder, failed ones too. Raises NotHere.
    """
    return _Client(place(environment).api_url, access_token, recorder)


class _Client(Client):  # type: ignore[misc]  # the library brings no types
    def __init__(self, api_url: str, access_token: str, recorder: Recorder | None) -> None:
        super().__init__(access_token=access_token, base_url=api_url, timeout=TIMEOUT)
        self._api_client = _Caller(api_url, access_token, recorder)


class _Caller(ApiClient):  # type: ignore[misc]  # the library brings no types
    """The library's own calls through our transport. What it would try again are exceptions that it does not see here."""

    def __init__(self, api_url: str, access_token: str, recorder: Recorder | None) -> None:
        super().__init__(api_url, access_token, timeout=TIMEOUT)
        self._session = exchange.session(recorder)

    def get(self, path: str, params: Any = None, headers: Any = None) -> requests.Response:
        return self._call("GET", path, headers, params=params)

    def post(self, path: str, body: Any, headers: Any = None) -> requests.Response:
        return self._call("POST", path, headers, data=json.dumps(body))

    def put(self, path: str, body: Any, headers: Any = None) -> requests.Response:
        return self._call("PUT", path, headers, data=json.dumps(body))

    def delete(self, path: str, body: Any, headers: Any = None) -> requests.Response:
        return self._call("DELETE", path, headers, data=json.dumps(body))

    def _call(self, method: str, path: str, headers: Any, **content: Any) -> requests.Response:
        address, sent = self._url_for(path), self._headers(headers)
        try:
            response = self._session.request(method, address, headers=sent, timeout=TIMEOUT, allow_redirects=False, **content)
        except requests.Timeout as error:
            raise TimedOut from error
        except requests.RequestException as error:
            raise Unreachable from error
        with suppress(ValueError):  # a header that is no number
            self.rate_limit.update_from_response(response)
        self._handle_errors(response)
        return response

    def _handle_errors(self, response: requests.Response) -> None:
        """Ours instead of the library's, but for the conflict that it solves by itself."""
        body = _object(response)
        if response.status_code < 300:
            return
        try:
            super()._handle_errors(response)
        except IdempotentCreationConflictError:
            raise
        except (ApiError, GoCardlessProError, LookupError, TypeError) as error:
            raise refused(response.status_code, body) from error
        raise NotJson(response.status_code)  # a redirect


def _object(response: requests.Response) -> dict[str, Any]:
    if response.status_code == 204:
        return {}
    try:
        body = response.json()
    except (ValueError, RecursionError) as error:
        raise NotJson(response.status_code) from error
    if not isinstance(body, dict):
        raise NotJson(response.status_code)
    return body


def refused(status: int, body: dict[str, Any]) -> GoCardlessError:
    """The error that an answer of 400 and more means."""
    error = body.get("error")
    if not isinstance(error, dict):
        return NotJson(status)
    made = ApiRefused(status, error)
    kinds = {403: NotAllowed, 429: TooManyCalls}
    kind = TokenRevoked if status == 401 and made.reason in LOST else ServerFailed if status >= 500 else kinds.get(status)
    return kind(status, error) if kind else made

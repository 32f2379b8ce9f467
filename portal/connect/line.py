"""The line to GoCardless during one step: Authlib's client for OAuth, the official client for the API, and what was exchanged."""

import json
from dataclasses import dataclass, field
from typing import Any

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session

from portal import exchange, gocardless
from portal.connect.link import LOOK_UP, REVOKE, TOKEN
from portal.exchange import TIMEOUT, Exchange
from portal.status import Environment

METHOD = "client_secret_post"
"""Client id and secret in the form, as GoCardless's own samples send them."""


class OAuthRefused(gocardless.GoCardlessError):
    """The OAuth server said no, in the shape of RFC 6749, section 5.2."""

    def __init__(self, status: int, error: str, description: str) -> None:
        super().__init__(error)
        self.status, self.error, self.description = status, error, description


@dataclass
class Line:
    """One step speaks through one line. Raises the errors of portal.gocardless, and OAuthRefused."""

    environment: Environment
    client_id: str
    client_secret: str = field(repr=False)
    exchanges: list[Exchange] = field(default_factory=list, repr=False)

    @property
    def last(self) -> Exchange | None:
        return self.exchanges[-1] if self.exchanges else None

    def exchange(self, code: str, *, redirect_uri: str) -> dict[str, Any]:
        """The answer of the token endpoint, an object with whatever is in it."""
        with self._session(redirect_uri) as session:
            self._spoken(
                lambda: session.fetch_token(
                    self._at(TOKEN),
                    grant_type="authorization_code",
                    code=code,
                    timeout=TIMEOUT,
                    allow_redirects=False,
                )
            )
        return self._answer()

    def look_up(self, token: str) -> dict[str, Any]:
        with self._session() as session:
            self._spoken(
                lambda: session.introspect_token(self._at(LOOK_UP), token=token, timeout=TIMEOUT, allow_redirects=False)
            )
        return self._answer()

    def revoke(self, token: str) -> None:
        """GoCardless answers 200 whether or not it knows the token (RFC 7009); the body means nothing."""
        with self._session() as session:
            self._spoken(lambda: session.revoke_token(self._at(REVOKE), token=token, timeout=TIMEOUT, allow_redirects=False))
        if self.last is None or self.last.status != 200:
            self._answer()

    def api(self, token: str) -> Any:
        """The official client, recorded on this line."""
        return gocardless.client(self.environment, token, recorder=self.exchanges.append)

    def _at(self, path: str) -> str:
        return gocardless.place(self.environment).connect_url + path

    def _session(self, redirect_uri: str | None = None) -> OAuth2Session:
        made = OAuth2Session(
            self.client_id,
            self.client_secret,
            token_endpoint_auth_method=METHOD,
            revocation_endpoint_auth_method=METHOD,
            redirect_uri=redirect_uri,
        )
        exchange.through(made, self.exchanges.append)
        return made

    def _spoken(self, ask: Any) -> None:
        """Whatever Authlib makes of the answer, what counts is the answer itself; it is read below."""
        try:
            ask()
        except requests.HTTPError:
            pass
        except requests.Timeout as error:
            raise gocardless.TimedOut from error
        except requests.RequestException as error:
            raise gocardless.Unreachable from error
        except (AuthlibBaseError, ValueError, TypeError, LookupError, AttributeError, RecursionError):
            pass

    def _answer(self) -> dict[str, Any]:
        heard = self.last
        if heard is None or heard.status is None:
            raise gocardless.Unreachable
        body = _object(heard.response_body)
        if heard.status >= 500:
            raise gocardless.ServerFailed(heard.status, {})
        if body is None:
            raise gocardless.NotJson(heard.status)
        if heard.status >= 300 or isinstance(body.get("error"), str):
            raise OAuthRefused(heard.status, str(body.get("error") or ""), str(body.get("error_description") or ""))
        return body


def _object(said: str) -> dict[str, Any] | None:
    try:
        body = json.loads(said)
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None

"""OAuth: sends a merchant to GoCardless, takes the answer, exchanges its code for an access token, and gives the token up."""

import hmac
import secrets
import time
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import requests

from examples.partner_app.settings import Settings
from examples.partner_app.users import User

TABS = 5
"""How many ways out of one browser may be open at once."""
LONGEST = 200


class NotConnected(Exception):
    """The words are for the merchant, beside the button that starts again."""


@dataclass(frozen=True, slots=True)
class Token:
    """What GoCardless gives for a code."""

    organisation_id: str
    access_token: str = field(repr=False)
    email: str


def leave(settings: Settings, session: MutableMapping[str, Any], user: User, *, view: str) -> str:
    """The address to send the browser to. `view` is signup, or login for merchants who have an account at GoCardless."""
    state = new_state()
    session["states"] = [*session.get("states", []), state][-TABS:]
    return f"{settings.connect_url}/oauth/authorize?{urlencode(parameters(settings, state, user, view=view))}"


def new_state() -> str:
    """Ties the answer to this browser's session. 256 random bits: nobody can guess it."""
    return secrets.token_urlsafe(32)


def parameters(settings: Settings, state: str, user: User, *, view: str) -> dict[str, str]:
    return {
        "response_type": "code",
        "client_id": settings.client_id,
        "scope": "read_write",
        "redirect_uri": settings.redirect_uri,
        "state": state,
        "initial_view": view,
        "prefill[email]": user.email,
        "prefill[given_name]": user.given_name,
        "prefill[family_name]": user.family_name,
        "prefill[organisation_name]": user.organisation_name,
        "prefill[country_code]": user.country_code,
    }


def come_back(settings: Settings, session: MutableMapping[str, Any], answer: Mapping[str, str]) -> Token:
    """`answer` holds the parameters of the redirect. Nothing in it is believed before the state. Raises NotConnected."""
    if not expected(session, answer.get("state", "")):
        raise NotConnected("This answer does not belong to your session. Please start again.")
    if "error" in answer:
        raise NotConnected(refusal(answer))
    if not answer.get("code"):
        raise NotConnected("GoCardless sent no code. Please start again.")
    return exchange(settings, answer["code"])


def expected(session: MutableMapping[str, Any], state: str) -> bool:
    """Whether this browser left with this state. It is good for one answer, whatever the answer is."""
    mine = [known for known in session.get("states", []) if hmac.compare_digest(known.encode(), state.encode())]
    session["states"] = [known for known in session.get("states", []) if known not in mine]
    return bool(mine)


def refusal(answer: Mapping[str, str]) -> str:
    if answer["error"] == "access_denied":
        return "You did not allow access, so nothing was connected."
    return f"GoCardless could not connect you: {answer.get('error_description') or answer['error']}"[:LONGEST]


def exchange(settings: Settings, code: str) -> Token:
    """From server to server: the client secret never reaches a browser. A code is good once, and for minutes.

    An answer that got lost may have used the code up; the next attempt is then told so, and the merchant starts again.
    """
    sent = {"grant_type": "authorization_code", "code": code, "redirect_uri": settings.redirect_uri}
    answer = ask(settings, "/oauth/access_token", sent)
    if answer is None:
        raise NotConnected("GoCardless does not answer at the moment. Please start again in a few minutes.")
    return token(answer)


def ask(settings: Settings, path: str, values: Mapping[str, str]) -> requests.Response | None:
    """What the server says to this app; None when it does not, after some attempts with growing pauses between them."""
    sent = {**values, "client_id": settings.client_id, "client_secret": settings.client_secret}
    for attempt in range(settings.tries):
        time.sleep(settings.pause_before(attempt))
        try:
            answer = requests.post(settings.connect_url + path, data=sent, timeout=settings.timeout, allow_redirects=False)
        except requests.RequestException:
            continue
        if answer.status_code < 500:
            return answer
    return None


def token(answer: requests.Response) -> Token:
    try:
        said = answer.json()
        return Token(said["organisation_id"], said["access_token"], said.get("email") or "")
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise NotConnected("GoCardless did not take the code. Please start again.") from error


def give_up(settings: Settings, access_token: str) -> bool:
    """Tell GoCardless that the token is not wanted any more; whether it heard."""
    answer = ask(settings, "/oauth/revoke", {"token": access_token})
    return answer is not None and answer.ok

"""The authorisation link: built by Authlib, and explained parameter by parameter."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from authlib.integrations.requests_client import OAuth2Session

from portal import gocardless
from portal.connect.choices import WRONG, Choices
from portal.models.partner_app import PartnerApp

AUTHORIZE, TOKEN, LOOK_UP, REVOKE = "/oauth/authorize", "/oauth/access_token", "/oauth/introspect", "/oauth/revoke"
UNKNOWN = "made-when-you-press-the-button"
"""Stands for the state in a link that is only shown."""
MEANINGS: Mapping[str, str] = {
    "response_type": "Always code: the merchant comes back with a code, which your server exchanges for a token.",
    "client_id": "Which app asks. It is no secret.",
    "redirect_uri": "Where the merchant comes back to. It must be registered for the app, byte for byte.",
    "scope": "What the token may do: read_write or read_only, one of them.",
    "state": (
        "A text that cannot be guessed, made for this merchant and this visit. "
        "Compare it when they come back, or anybody could finish a connection for somebody else."
    ),
    "initial_view": "Which page the merchant sees first: signup or login.",
    "language": "The language of GoCardless's pages, as ISO 639-1. Anything unknown falls back to the browser's.",
    "prefill[email]": "Filled into both views.",
    "prefill[given_name]": "Filled into the sign-up view.",
    "prefill[family_name]": "Filled into the sign-up view.",
    "prefill[organisation_name]": "Filled into the sign-up view.",
    "prefill[country_code]": "The country of the business in the sign-up view, as ISO 3166-1.",
}


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str
    value: str
    meaning: str


def build(app: PartnerApp, choices: Choices, *, redirect_uri: str, state: str = UNKNOWN) -> str:
    """The address that the merchant is sent to. Raises gocardless.NotHere."""
    wrong = choices.mistake
    session = OAuth2Session(app.client_id + (WRONG if wrong == "client" else ""), redirect_uri=redirect_uri)
    scope = "everything" if wrong == "scope" else choices.scope
    place = gocardless.place(app.environment)
    url, _ = session.create_authorization_url(f"{place.connect_url}{AUTHORIZE}", state=state, scope=scope, **choices.asked())
    return str(url)


def explained(link: str) -> list[Parameter]:
    return [Parameter(name, value, MEANINGS.get(name, "")) for name, value in parse_qsl(urlsplit(link).query)]


def origins(app: PartnerApp) -> str:
    """Where a form that begins a test may be sent on to, for the page's security policy; GoCardless signs in on several of its hosts."""
    parts = urlsplit(gocardless.place(app.environment).connect_url)
    own = f"{parts.scheme}://{parts.netloc}"
    host = parts.hostname or ""
    return f"{own} https://*.gocardless.com" if host == "gocardless.com" or host.endswith(".gocardless.com") else own

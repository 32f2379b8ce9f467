"""Which app's values stand in the code: the one that was asked for, else the newest; placeholders while there is none."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from portal import gocardless
from portal.gocardless import NotHere, Place
from portal.models.partner_app import PartnerApp
from portal.samples.filling import Values
from portal.status import Environment

NO_CLIENT_ID = "your client id"
NO_REDIRECT_URI = "https://www.example.com/gocardless/callback"


@dataclass(frozen=True, slots=True)
class Choice:
    """`apps` can be chosen from; `borrowed` when the redirect URI leads to the portal and not to the partner's product."""

    apps: tuple[PartnerApp, ...]
    app: PartnerApp | None
    values: Values
    borrowed: bool

    def app_options(self) -> list[tuple[str, str]]:
        """For a field of choice."""
        return [(app.key, app.name) for app in self.apps]

    def uri_options(self) -> list[tuple[str, str]]:
        return [(uri, uri) for uri in self.app.redirect_uris] if self.app else []


def choose(apps: Sequence[PartnerApp], *, app_key: str, redirect_uri: str, ours: Collection[str]) -> Choice:
    """`ours` are the portal's own redirect URIs; one of the partner's product is preferred to them."""
    usable = tuple(app for app in apps if app.client_id and not app.retired_at and place(app.environment))
    app = next((app for app in usable if app.key == app_key), next(iter(usable), None))
    if app is None:
        return Choice(usable, None, _values(_any_place(), NO_CLIENT_ID, NO_REDIRECT_URI), borrowed=False)
    uris = sorted(app.redirect_uris, key=lambda uri: uri in ours)
    uri = redirect_uri if redirect_uri in uris else next(iter(uris), NO_REDIRECT_URI)
    return Choice(usable, app, _values(gocardless.place(app.environment), app.client_id, uri), borrowed=uri in ours)


def place(environment: Environment) -> Place | None:
    """None for an environment that this portal has none of."""
    try:
        return gocardless.place(environment)
    except NotHere:
        return None


def _any_place() -> Place:
    return gocardless.place(next(iter(gocardless.available()), Environment.LIVE))


def _values(at: Place, client_id: str, redirect_uri: str) -> Values:
    return Values(at.connect_url, at.api_url, client_id, redirect_uri)

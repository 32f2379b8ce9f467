"""The levers for apps: register one, read it, change it, give it new secrets."""

from portal.sandbox import apps
from portal.sandbox.fields import rows, text, url, whole
from portal.sandbox.house import here
from portal.sandbox.levers.lever import Answer, Json, Lever

LONGEST_OVERLAP = 60 * 24 * 30


def register(values: Json) -> Answer:
    """Registers an app and answers its credentials; a known ``client_id`` is registered anew."""
    with here().change("") as world:
        return apps.register(world, values), 201


def read(_values: Json, client_id: str) -> Answer:
    """The app without its secrets."""
    with here().look("") as world:
        return apps.shown(apps.get(world.conn, client_id)), 200


def change(values: Json, client_id: str) -> Answer:
    """Changes what is sent; null empties what may be empty."""
    with here().change("") as world:
        return apps.change(world.conn, client_id, values), 200


def rotate_client_secret(values: Json, client_id: str) -> Answer:
    """A new client secret; the one before it stays good for ``overlap_minutes``."""
    secret, overlap = values.get("client_secret") or "", values.get("overlap_minutes") or 0
    with here().change("") as world:
        return apps.rotate_client_secret(world, client_id, secret=secret, overlap_minutes=overlap), 201


def rotate_webhook_secret(values: Json, client_id: str) -> Answer:
    """A new webhook secret; webhooks that are made from now on are signed with it."""
    with here().change("") as world:
        return apps.rotate_webhook_secret(world.conn, client_id, secret=values.get("webhook_secret") or ""), 201


_REDIRECT = url("redirect_uri", required=True)
_DETAILS = (url("webhook_url"), url("post_onboarding_url"), url("homepage_url"), text("description", most=2000))
_CLIENT_SECRET, _WEBHOOK_SECRET = text("client_secret", least=8), text("webhook_secret", least=8)
_NEW = (
    text("name", required=True),
    rows("redirect_uris", _REDIRECT, required=True, most=apps.MOST_REDIRECTS),
    *_DETAILS,
    text("client_id", least=8, most=80, pattern="[^/]*"),
    _CLIENT_SECRET,
    _WEBHOOK_SECRET,
)
_CHANGES = (text("name"), rows("redirect_uris", _REDIRECT, most=apps.MOST_REDIRECTS), *_DETAILS)
_OVERLAP = whole("overlap_minutes", most=LONGEST_OVERLAP)
LEVERS = (
    Lever("POST", "apps", _NEW, register),
    Lever("GET", "apps/<client_id>", (), read),
    Lever("PATCH", "apps/<client_id>", _CHANGES, change),
    Lever("POST", "apps/<client_id>/client_secret", (_CLIENT_SECRET, _OVERLAP), rotate_client_secret),
    Lever("POST", "apps/<client_id>/webhook_secret", (_WEBHOOK_SECRET,), rotate_webhook_secret),
)

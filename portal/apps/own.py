"""The portal's own addresses as this request knows them: where a merchant comes back to, where webhooks come in."""

from flask import request

from portal.apps import reading
from portal.status import Environment
from portal.web import settings


def callbacks(environment: Environment) -> list[str]:
    """The portal's redirect URIs of an app: at its configured address, and at the one that a developer uses. None in live."""
    return [] if environment is Environment.LIVE else list(dict.fromkeys([reading.callback(settings()), here()]))


def here() -> str:
    """The redirect URI of a run that this person starts: on a developer's machine, localhost and 127.0.0.1 have cookies of their own."""
    return request.host_url.rstrip("/") + reading.CALLBACK if settings().development else reading.callback(settings())


def hook_of(hook_key: str) -> str:
    return reading.hook(settings(), hook_key)

"""Apps as pages and runs read them: a partner's list, and what surrounds an app before a run."""

from datetime import datetime

from sqlalchemy import select

from portal import clock, gocardless
from portal.apps import service
from portal.apps.surroundings import Surroundings
from portal.config import Settings
from portal.extensions import db
from portal.models.partner import Partner
from portal.models.partner_app import PartnerApp
from portal.status import Environment, Look

CALLBACK = "/developers/connect/callback"
"""The path of connect.callback, which also the worker must know."""
SHOWN = 2
"""Characters of a secret that pages show, so that one can be told from another."""
MOST = 200


def apps_of(partner: Partner) -> list[PartnerApp]:
    """Those in use first, newest first."""
    mine = select(PartnerApp).where(PartnerApp.partner_id == partner.id)
    return list(db.session.scalars(mine.order_by(PartnerApp.retired_at.is_not(None), PartnerApp.id.desc()).limit(MOST)))


IN_USE = Look("In use", "success", "check-circle-fill")
WAITING = Look("Waiting for its credentials", "warning", "exclamation-triangle-fill")
RETIRED = Look("Retired", "neutral", "x-circle-fill")


def state(app: PartnerApp) -> Look:
    """How far an app is, for people."""
    return RETIRED if app.retired_at else IN_USE if app.client_id and app.client_secret else WAITING


def callback(settings: Settings) -> str:
    return settings.address + CALLBACK


def hook(settings: Settings, hook_key: str) -> str:
    """Where the portal receives an app's webhooks."""
    return f"{settings.address}/hooks/{hook_key}"


def surroundings(app: PartnerApp, settings: Settings, *, callback_url: str = "") -> Surroundings:
    """For preflight.look. `callback_url` is the redirect URI that a run will use; empty: at the portal's own address.

    Raises gocardless.NotHere for an app of an environment that this portal has none of.
    """
    elsewhere = {environment: found for environment in Environment if (found := place(environment))}
    return Surroundings(
        place=gocardless.place(app.environment),
        callback=callback_url or callback(settings),
        hook=hook(settings, app.hook_key),
        elsewhere=elsewhere,
        siblings=service.siblings(app),
    )


def overlap(app: PartnerApp) -> datetime | None:
    """Until when the previous secrets are valid; None when they are not."""
    return app.previous_until if app.previous_until and app.previous_until > clock.now() else None


def ending(secret: str | None) -> str:
    """How a kept secret is shown: by its last two characters."""
    return f"…{secret[-SHOWN:]}" if secret else ""


def place(environment: Environment) -> gocardless.Place | None:
    try:
        return gocardless.place(environment)
    except gocardless.NotHere:
        return None

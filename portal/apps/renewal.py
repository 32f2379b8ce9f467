"""The credentials of an app over time: entered, replaced, rotated with an overlap, forgotten."""

from datetime import datetime, timedelta

from sqlalchemy import update

from portal import clock, timeline
from portal.apps import credentials as mixups
from portal.apps import service
from portal.apps.pasted import NAMES
from portal.apps.service import Credentials
from portal.exam import proof
from portal.extensions import db
from portal.models.partner_app import PartnerApp
from portal.models.people import User
from portal.refusals import IllegalMove, Invalid
from portal.timeline.developers import AppCredentialsEntered, AppOverlapEnded, AppSecretRotated


def enter(app: PartnerApp, credentials: Credentials, *, by: User) -> None:
    """The credentials of an app that has none yet, as they were pasted. Raises Invalid for the usual mix-ups."""
    service.refuse_retired(app)
    if app.client_secret:
        raise IllegalMove("This app has its credentials already. An admin of your team can replace them.")
    _judge(app, credentials)
    service.give(app, credentials)
    timeline.record(AppCredentialsEntered(app=app.name), by=by, partner=app.partner)


def replace(app: PartnerApp, credentials: Credentials, *, overlap: timedelta, by: User) -> None:
    """New pasted credentials; secrets that differ from the ones before leave those valid for the overlap. Raises Invalid."""
    service.refuse_retired(app)
    _judge(app, credentials)
    if app.client_id != credentials.client_id:
        app.client_id = credentials.client_id
        proof.settings_changed(app)
        timeline.record(AppCredentialsEntered(app=app.name), by=by, partner=app.partner)
    for kind in ("client_secret", "webhook_secret"):
        if getattr(app, kind) != getattr(credentials, kind):
            rotate(app, kind, getattr(credentials, kind), until=clock.now() + overlap, by=by)


def rotate(app: PartnerApp, kind: str, secret: str, *, until: datetime, by: User) -> None:
    """A new secret of one kind; the one before stays valid until then."""
    forget_expired(app)
    setattr(app, f"previous_{kind}", getattr(app, kind))
    setattr(app, kind, secret)
    app.previous_until, app.updated_at = until, clock.now()
    said = AppSecretRotated(app=app.name, what=NAMES[kind], until=until.isoformat())
    timeline.record(said, by=by, partner=app.partner)


def end_overlap(app: PartnerApp, *, by: User) -> None:
    """From now on only the current secrets are valid."""
    if app.previous_until is None:
        return
    _forget(app)
    timeline.record(AppOverlapEnded(app=app.name), by=by, partner=app.partner)


def forget_expired(app: PartnerApp) -> None:
    """Previous secrets whose overlap is over."""
    if app.previous_until and app.previous_until <= clock.now():
        _forget(app)


def forget_all_expired(now: datetime) -> None:
    """The same for every app: a duty of the worker. Nobody has to hear of it: the version stays."""
    over = update(PartnerApp).where(PartnerApp.previous_until <= now)
    db.session.execute(over.values(previous_client_secret=None, previous_webhook_secret=None, previous_until=None))


def _judge(app: PartnerApp, credentials: Credentials) -> None:
    typed = {name: getattr(credentials, name) for name in NAMES}
    found = mixups.faults(typed, environment=app.environment, known=mixups.Known.of(service.siblings(app)))
    if found:
        raise Invalid({name: fault.words for name, fault in found.items()})


def _forget(app: PartnerApp) -> None:
    app.previous_client_secret = app.previous_webhook_secret = app.previous_until = None

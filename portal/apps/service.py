"""What can be done with a partner app: register, change, give and renew its credentials, retire."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import func, select, update

from portal import clock, timeline
from portal.apps import credentials as mixups
from portal.apps import details as about
from portal.apps.details import Details
from portal.apps.finding import Finding
from portal.extensions import db
from portal.models.partner import Partner
from portal.models.partner_app import PartnerApp
from portal.models.people import User
from portal.refusals import IllegalMove, Invalid, StaleDraft, TooMany
from portal.status import ENVIRONMENT, Environment
from portal.timeline.developers import (
    AppChanged,
    AppCredentialsEntered,
    AppOverlapEnded,
    AppRegistered,
    AppRetired,
    AppSecretRotated,
)

MOST = 100
"""Apps of one partner that are in use."""
PAUSE = timedelta(seconds=3)
"""Between two times that hosts are asked about an app."""
STALE = "Somebody else changed this app since you opened it. Nothing of theirs was overwritten."


@dataclass(frozen=True, slots=True)
class Credentials:
    """What GoCardless gives an app. Never printed."""

    client_id: str
    client_secret: str = field(repr=False)
    webhook_secret: str = field(repr=False)


def register(
    partner: Partner,
    details: Details,
    *,
    environment: Environment,
    key: str,
    hook_key: str,
    credentials: Credentials | None,
    by: User,
) -> PartnerApp:
    """Keep a new app; `key` is made with the form, so that sending it twice is found out. Details are checked before."""
    app = PartnerApp(
        key=key,
        hook_key=hook_key,
        partner_id=partner.id,
        environment=environment,
        terms_accepted_at=clock.now(),
        created_by_id=by.id,
    )
    _describe(app, details)
    if credentials:
        _give(app, credentials)
    db.session.add(app)
    db.session.flush()
    timeline.record(AppRegistered(app=details.name, environment=ENVIRONMENT[environment].words), by=by, partner=partner)
    return app


def refuse_too_many(partner: Partner) -> None:
    mine = select(func.count()).where(PartnerApp.partner_id == partner.id, PartnerApp.retired_at.is_(None))
    if db.session.execute(mine).scalar_one() >= MOST:
        raise Invalid({"name": f"You have {MOST} apps in use. Retire one that you no longer need first."})


def refuse_too_soon(app: PartnerApp) -> None:
    """Raises TooMany when the hosts were asked a moment ago: each time keeps a thread of ours waiting."""
    if app.checked_at and app.checked_at > clock.now() - PAUSE:
        raise TooMany("The hosts were asked a moment ago.", seconds=round(PAUSE.total_seconds()))


def check_version(app: PartnerApp, details: Details, version: int) -> None:
    """Raises StaleDraft when somebody saved since the form was opened, and what is typed differs from it."""
    if version != app.version and about.of(app) != details:
        raise StaleDraft(STALE)


def change(app: PartnerApp, details: Details, *, version: int, by: User) -> bool:
    """Store the details; False when nothing differs. Raises StaleDraft, IllegalMove for a retired app."""
    refuse_retired(app)
    before, after = about.of(app).plain(), details.plain()
    if before == after:
        return False
    check_version(app, details, version)
    _describe(app, details)
    changed = [name for name in after if after[name] != before[name]]
    said = AppChanged(
        app=details.name, before={name: before[name] for name in changed}, after={name: after[name] for name in changed}
    )
    timeline.record(said, by=by, partner=app.partner)
    return True


def enter(app: PartnerApp, credentials: Credentials, *, by: User) -> None:
    """The credentials of an app that has none yet, as they were pasted. Raises Invalid for the usual mix-ups."""
    refuse_retired(app)
    if app.client_secret:
        raise IllegalMove("This app has its credentials already. An admin of your team can replace them.")
    _judge(app, credentials)
    _give(app, credentials)
    timeline.record(AppCredentialsEntered(app=app.name), by=by, partner=app.partner)


def replace(app: PartnerApp, credentials: Credentials, *, overlap: timedelta, by: User) -> None:
    """New pasted credentials; secrets that differ from the ones before leave those valid for the overlap. Raises Invalid."""
    refuse_retired(app)
    _judge(app, credentials)
    if app.client_id != credentials.client_id:
        app.client_id = credentials.client_id
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
    said = AppSecretRotated(app=app.name, what=mixups.NAMES[kind], until=until.isoformat())
    timeline.record(said, by=by, partner=app.partner)


def end_overlap(app: PartnerApp, *, by: User) -> None:
    """From now on only the current secrets are valid."""
    if app.previous_until is None:
        return
    _forget(app)
    timeline.record(AppOverlapEnded(app=app.name), by=by, partner=app.partner)


def retire(app: PartnerApp, *, by: User) -> None:
    """No more runs and no more webhooks; what was seen stays."""
    refuse_retired(app)
    app.retired_at = app.updated_at = clock.now()
    timeline.record(AppRetired(app=app.name), by=by, partner=app.partner)


def refuse_retired(app: PartnerApp) -> None:
    if app.retired_at:
        raise IllegalMove("This app is retired and cannot be changed. Register a new one.")


def forget_expired(app: PartnerApp) -> None:
    """Previous secrets whose overlap is over."""
    if app.previous_until and app.previous_until <= clock.now():
        _forget(app)


def forget_all_expired(now: datetime) -> None:
    """The same for every app: a duty of the worker."""
    for app in db.session.scalars(select(PartnerApp).where(PartnerApp.previous_until <= now)):
        _forget(app)


def keep_findings(app_id: int, findings: Sequence[Finding]) -> None:
    """What the last check said. It is no change of the app: its version stays."""
    row = {"findings": [finding.stored() for finding in findings], "checked_at": clock.now()}
    db.session.execute(update(PartnerApp).where(PartnerApp.id == app_id).values(**row))


def credentials_of(app: PartnerApp) -> Credentials:
    return Credentials(app.client_id, app.client_secret or "", app.webhook_secret or "")


def _judge(app: PartnerApp, credentials: Credentials) -> None:
    typed = {name: getattr(credentials, name) for name in mixups.NAMES}
    found = mixups.faults(typed, environment=app.environment, known=mixups.Known.of(siblings(app)))
    if found:
        raise Invalid({name: fault.words for name, fault in found.items()})


def siblings(app: PartnerApp) -> list[PartnerApp]:
    """The partner's other apps that are in use."""
    others = select(PartnerApp).where(
        PartnerApp.partner_id == app.partner_id, PartnerApp.id != app.id, PartnerApp.retired_at.is_(None)
    )
    return list(db.session.scalars(others.order_by(PartnerApp.id)))


def _describe(app: PartnerApp, details: Details) -> None:
    for name, value in details.plain().items():
        setattr(app, name, value)
    app.updated_at = clock.now()


def _give(app: PartnerApp, credentials: Credentials) -> None:
    for name in mixups.NAMES:
        setattr(app, name, getattr(credentials, name))
    app.updated_at = clock.now()


def _forget(app: PartnerApp) -> None:
    app.previous_client_secret = app.previous_webhook_secret = app.previous_until = None

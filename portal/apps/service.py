"""What can be done with a partner app: register, change, retire. Its credentials are renewed in renewal.py."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import func, select, update

from portal import clock, timeline
from portal.apps import details as about
from portal.apps.details import Details
from portal.apps.finding import Finding
from portal.apps.pasted import NAMES
from portal.exam import proof
from portal.extensions import db
from portal.files.logo_upload import Received
from portal.models.partner import Partner
from portal.models.partner_app import PartnerApp
from portal.models.people import User
from portal.refusals import IllegalMove, Invalid, StaleDraft, TooMany
from portal.status import ENVIRONMENT, Environment
from portal.timeline.developers import (
    AppChanged,
    AppRegistered,
    AppRetired,
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
        give(app, credentials)
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
    proof.settings_changed(app)
    changed = [name for name in after if after[name] != before[name]]
    said = AppChanged(
        app=details.name, before={name: before[name] for name in changed}, after={name: after[name] for name in changed}
    )
    timeline.record(said, by=by, partner=app.partner)
    return True


def use_logo(app: PartnerApp, received: Received, *, by: User) -> list[str]:
    """Show this picture from now on. What comes out are keys of the storage that nothing refers to any more."""
    before, app.logo_key = app.logo_key, received.keys["small"]
    app.updated_at = clock.now()
    timeline.record(
        AppChanged(app.name, {"logo": "" if before is None else "another"}, {"logo": received.name}), by=by, partner=app.partner
    )
    return [key for key in (before, received.keys["large"], received.keys["social"]) if key]


def retire(app: PartnerApp, *, by: User) -> None:
    """No more runs and no more webhooks; what was seen stays."""
    refuse_retired(app)
    app.retired_at = app.updated_at = clock.now()
    proof.settings_changed(app)
    timeline.record(AppRetired(app=app.name), by=by, partner=app.partner)


def refuse_retired(app: PartnerApp) -> None:
    if app.retired_at:
        raise IllegalMove("This app is retired and cannot be changed. Register a new one.")


def keep_findings(app_id: int, findings: Sequence[Finding]) -> None:
    """What the last check said. It is no change of the app: its version stays."""
    row = {"findings": [finding.stored() for finding in findings], "checked_at": clock.now()}
    db.session.execute(update(PartnerApp).where(PartnerApp.id == app_id).values(**row))


def credentials_of(app: PartnerApp) -> Credentials:
    return Credentials(app.client_id, app.client_secret or "", app.webhook_secret or "")


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


def give(app: PartnerApp, credentials: Credentials) -> None:
    """Keep credentials as the current ones."""
    for name in NAMES:
        setattr(app, name, getattr(credentials, name))
    app.updated_at = clock.now()

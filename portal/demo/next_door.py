"""Makes the embedded sandbox know the apps and the merchants of the demo data, so that they can be used and not only looked at."""

from contextlib import suppress

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.apps import details, reading, service
from portal.apps.sandbox import NotAnswering, Sandbox
from portal.config import Settings
from portal.extensions import db
from portal.models.partner_app import Connection, PartnerApp
from portal.status import ConnectionStatus, Environment
from portal.transaction import release

_APPS = select(PartnerApp).where(
    PartnerApp.environment == Environment.EMBEDDED, PartnerApp.retired_at.is_(None), PartnerApp.client_secret.is_not(None)
)
_CONNECTIONS = (
    select(Connection)
    .join(Connection.app)
    .where(Connection.status == ConnectionStatus.CONNECTED, Connection.access_token.is_not(None))
    .where(PartnerApp.environment == Environment.EMBEDDED)
    .options(joinedload(Connection.app))
)


def introduce(settings: Settings) -> None:
    """What the sandbox knows already stays as it is. Raises NotAnswering where there is none. Needs an application context."""
    apps = [
        (details.of(app), reading.hook(settings, app.hook_key), service.credentials_of(app))
        for app in db.session.scalars(_APPS)
    ]
    merchants = [_merchant(connection) for connection in db.session.scalars(_CONNECTIONS)]
    release()
    sandbox = Sandbox.of(settings)
    for about, hook, credentials in apps:
        sandbox.change(about, hook=hook, credentials=credentials)
    for merchant in merchants:
        with suppress(NotAnswering):  # one that is there already is refused
            sandbox.open_merchant(merchant)


def _merchant(connection: Connection) -> dict[str, str]:
    return {
        "name": connection.creditor_name,
        "country_code": "GB",
        "client_id": connection.app.client_id,
        "scope": connection.scope,
        "organisation_id": connection.organisation_id,
        "creditor_id": connection.creditor_id,
        "access_token": connection.access_token or "",
    }

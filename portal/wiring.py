"""The portal assembled: what is configured by the settings, and every part that takes hold of the application, in order."""

from typing import Any, Protocol

from portal import (
    assets,
    database,
    errors,
    frame,
    gates,
    gocardless,
    headers,
    identity,
    logs,
    office,
    outgoing,
    proxy,
    signing,
    storage,
    timeline,
    transaction,
    vault,
    views,
    words,
    worker,
)
from portal.catalog.versions import configure as configure_catalog
from portal.config import Settings
from portal.exam import proof
from portal.extensions import compress, csrf, limiter
from portal.files import antivirus
from portal.launch import certificates
from portal.leads import crm
from portal.mail import links
from portal.notifications import telling, unsubscribing
from portal.web import Portal
from portal.webhooks import door


class Part(Protocol):
    """A module or an extension that takes hold of the application."""

    def init_app(self, app: Any) -> object: ...


PARTS: tuple[Part, ...] = (
    logs,
    transaction,
    database,
    csrf,
    compress,
    limiter,
    identity,
    gates,
    headers,
    words,
    frame,
    errors,
    door,
    assets,
    proxy,
    worker,
)


def assemble(settings: Settings) -> Portal:
    _configure(settings)
    app = Portal("portal", static_folder=None)
    app.config.from_mapping(settings.flask())
    app.settings = settings
    for part in PARTS:
        part.init_app(app)
    links.configure(settings.address, app.url_map)
    for blueprint in views.blueprints(development=settings.development):
        app.register_blueprint(blueprint)
    return app


def _configure(settings: Settings) -> None:
    """What works without the application, too: in the worker, on the command line."""
    vault.configure(settings.secret("encryption_keys"))
    office.configure(settings)
    configure_catalog(settings.catalog_folder)
    storage.configure(settings.storage, endpoint=settings.storage_endpoint)
    crm.configure(settings)
    antivirus.configure(settings.antivirus)
    outgoing.configure(loopback=settings.outgoing_loopback)
    gocardless.configure(settings)
    signing.configure(settings.secret("signing_key"))
    certificates.configure(settings.certificate_months)
    unsubscribing.configure(settings.secret("secret_key"))
    timeline.tell(telling.heard)
    proof.configure(settings.proof_days)

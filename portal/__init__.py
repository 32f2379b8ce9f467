"""The Partner Portal. Nothing is imported here at module level, so that portal.sandbox stays a light neighbour."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from portal.config import Settings
    from portal.web import Portal


def create_app(settings: Settings | None = None) -> Portal:
    """The portal as a WSGI application; without settings they come from the environment."""
    from portal import (
        assets,
        database,
        errors,
        frame,
        gates,
        headers,
        identity,
        logs,
        office,
        proxy,
        storage,
        transaction,
        vault,
        views,
        words,
        worker,
    )
    from portal.catalog.versions import configure as configure_catalog
    from portal.config import Settings
    from portal.extensions import compress, csrf, limiter
    from portal.files import antivirus
    from portal.mail import links
    from portal.web import Portal

    settings = settings or Settings()
    vault.configure(settings.secret("encryption_keys"))
    office.configure(settings)
    configure_catalog(settings.catalog_folder)
    storage.configure(settings.storage, endpoint=settings.storage_endpoint)
    antivirus.configure(settings.antivirus)
    app = Portal("portal", static_folder=None)
    app.config.from_mapping(settings.flask())
    app.settings = settings

    logs.init_app(app)
    transaction.init_app(app)
    database.init_app(app)
    csrf.init_app(app)
    compress.init_app(app)
    limiter.init_app(app)
    identity.init_app(app)
    gates.init_app(app)
    headers.init_app(app)
    words.init_app(app)
    frame.init_app(app)
    errors.init_app(app)
    assets.init_app(app)
    proxy.init_app(app)
    worker.init_app(app)
    links.configure(settings.address, app.url_map)
    for blueprint in views.blueprints(development=settings.development):
        app.register_blueprint(blueprint)
    return app

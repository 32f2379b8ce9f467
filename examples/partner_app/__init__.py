"""A partner integration on the GoCardless API, small and complete: start yours from it."""

from flask import Flask, Response
from flask_wtf import CSRFProtect

from examples.partner_app import hook, pages, webhooks
from examples.partner_app.events import Processor
from examples.partner_app.house import House
from examples.partner_app.settings import Settings
from examples.partner_app.store import Store

LARGEST_BODY = 5 * 1024 * 1024
HEADERS = {
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def create_app(settings: Settings) -> Flask:
    """The app without its processor running: whoever serves it starts that, `app.extensions["partner_app"].processor`."""
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY=settings.session_key,
        SESSION_COOKIE_NAME="example_session",
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.public_url.startswith("https://"),
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        WTF_CSRF_TIME_LIMIT=None,
    )
    csrf = CSRFProtect(app)
    store = Store(settings.folder / "partner_app.sqlite", settings.token_key)
    app.extensions["partner_app"] = House(settings, store, Processor(settings, store))
    app.register_blueprint(pages.bp)
    app.register_blueprint(csrf.exempt(webhooks.bp))
    if settings.test_key:
        app.register_blueprint(csrf.exempt(hook.bp))
    app.after_request(_guard)
    return app


def _guard(response: Response) -> Response:
    response.headers.update(HEADERS)
    return response

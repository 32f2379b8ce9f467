"""Puts the parts onto the application: routes, pages, OAuth, levers, headers and error answers."""

import os

from flask import Flask, Request, Response
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from jinja2 import StrictUndefined
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter

from portal.sandbox.api import blueprint as api
from portal.sandbox.errors import internal, usage
from portal.sandbox.levers.blueprint import bp as levers
from portal.sandbox.oauth.endpoints import bp as oauth
from portal.sandbox.oauth.grant import make_server
from portal.sandbox.pages import authorise, bank, flow, home, merchant, redirect_flow, web
from portal.sandbox.routes import ROUTES
from portal.sandbox.settings import Settings


class Sessions(SecureCookieSessionInterface):
    """Flask's own, which make nothing ready for calls without a cookie: those of the API are all such."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        named = self.get_cookie_name(app) in request.environ.get("HTTP_COOKIE", "")
        return super().open_session(app, request) if named else self.session_class()


class App(Flask):
    """Flask with a shorter way from a call's path to its rule: the sandbox answers at the root of any host."""

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        if request is None:
            return super().create_url_adapter(request)
        environ = request.environ
        path = request.path
        return MapAdapter(
            self.url_map, request.host, "/", "", request.scheme, path, request.method, environ.get("QUERY_STRING", "")
        )


def configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        SECRET_KEY=settings.signing_key(),
        SESSION_COOKIE_NAME=f"sandbox_session_{settings.port}",
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.origin.startswith("https:"),
        MAX_CONTENT_LENGTH=settings.body_limit,
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=None,
    )
    app.session_interface = Sessions()
    app.jinja_env.undefined = StrictUndefined
    app.json.sort_keys = False  # type: ignore[attr-defined]  # Flask's own provider has it
    if settings.origin.startswith("http:"):
        os.environ.setdefault("AUTHLIB_INSECURE_TRANSPORT", "1")


def register(app: Flask, settings: Settings) -> None:
    app.extensions["oauth"] = make_server(app)
    app.register_blueprint(api.blueprint(ROUTES))
    app.register_blueprint(oauth)
    web.set_up(app)
    for pages in (home.bp, authorise.bp, merchant.bp, flow.bp, bank.bp, redirect_flow.bp):
        app.register_blueprint(pages)
    if settings.levers_open:
        app.register_blueprint(levers)
    app.register_error_handler(HTTPException, _http_error)


def _http_error(error: HTTPException) -> Response:
    """Outside the pages every error is the API's."""
    if error.code == 404:
        return api.path_not_found()
    if error.code == 405:
        return api.method_not_allowed()
    if error.code == 413:
        return api.refusal(usage(413, "request_entity_too_large", "The request body is too large"))
    if error.code and error.code < 500:
        return api.refusal(usage(error.code, "bad_request", error.description or "Bad request"))
    return api.refusal(internal())

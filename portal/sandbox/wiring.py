"""Puts the parts onto the application: routes, pages, OAuth, levers, headers and error answers."""

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask, Response, request
from jinja2 import StrictUndefined
from werkzeug.exceptions import HTTPException

from portal.sandbox.api.dispatch import Calls, refusal
from portal.sandbox.errors import internal, usage
from portal.sandbox.house import House
from portal.sandbox.levers.blueprint import bp as levers
from portal.sandbox.oauth.endpoints import bp as oauth
from portal.sandbox.oauth.grant import make_server
from portal.sandbox.pages import authorise, bank, flow, home, merchant, redirect_flow, web
from portal.sandbox.routes import ROUTES
from portal.sandbox.settings import Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


class App(Flask):
    """Flask for the pages, OAuth and the levers; the API's calls, which need nothing of it, are answered before."""

    calls: Calls

    def wsgi_app(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        answer = self.calls.answer(environ)
        return answer(environ, start_response) if answer else super().wsgi_app(environ, start_response)


def configure(app: App, house: House) -> None:
    settings = house.settings
    app.calls = Calls(house, ROUTES)
    app.config.update(
        SECRET_KEY=settings.signing_key(),
        SESSION_COOKIE_NAME=f"sandbox_session_{settings.port}",
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.origin.startswith("https:"),
        MAX_CONTENT_LENGTH=settings.body_limit,
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=None,
    )
    app.jinja_env.undefined = StrictUndefined
    app.json.sort_keys = False  # type: ignore[attr-defined]  # Flask's own provider has it
    if settings.origin.startswith("http:"):
        os.environ.setdefault("AUTHLIB_INSECURE_TRANSPORT", "1")


def register(app: App, settings: Settings) -> None:
    app.extensions["oauth"] = make_server(app)
    app.register_blueprint(oauth)
    web.set_up(app)
    for pages in (home.bp, authorise.bp, merchant.bp, flow.bp, bank.bp, redirect_flow.bp):
        app.register_blueprint(pages)
    if settings.levers_open:
        app.register_blueprint(levers)
    app.register_error_handler(HTTPException, lambda error: _http_error(error, app.calls))


def _http_error(error: HTTPException, calls: Calls) -> Response:
    """Outside the pages every error is the API's."""
    if error.code in (404, 405):
        return calls.refuse(request.environ)
    if error.code == 413:
        return refusal(usage(413, "request_entity_too_large", "The request body is too large"))
    if error.code and error.code < 500:
        return refusal(usage(error.code, "bad_request", error.description or "Bad request"))
    return refusal(internal())

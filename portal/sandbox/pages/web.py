"""What every page shares: strict headers, the form token, leaving to a registered address, and errors as pages."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Flask, Response, g, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.exceptions import HTTPException

from portal.sandbox.errors import ApiError

csrf = CSRFProtect()
POLICY = "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'"
View = Callable[..., ResponseReturnValue]


class Refused(Exception):
    """A page that says why there is nothing to do here."""

    def __init__(self, title: str, words: str, status: int = 400) -> None:
        self.title, self.words, self.status = title, words, status


def page_blueprint(name: str, module: str) -> Blueprint:
    """A blueprint whose forms carry a token and whose answers carry the strict headers."""
    bp = Blueprint(name, module)
    bp.before_request(_protect)
    bp.after_request(secured)
    bp.register_error_handler(Refused, _refused)
    bp.register_error_handler(ApiError, _api_error)
    bp.register_error_handler(CSRFError, _stale)
    return bp


def page(template: str, status: int = 200, **values: Any) -> Response:
    return make_response(render_template(f"sandbox/{template}.html", **values), status)


def leave(uri: str, parameters: Mapping[str, str | None]) -> Response:
    """Sends the browser to an address outside; what it already asks for stays."""
    allow_form_to(uri)
    added = urlencode({name: value for name, value in parameters.items() if value is not None})
    joint = "&" if urlsplit(uri).query else "?"
    address, _, fragment = uri.partition("#")
    response: Response = make_response(redirect(f"{address}{joint}{added}" + (f"#{fragment}" if fragment else ""), 302))
    return response


def allow_form_to(uri: str | None) -> None:
    """Lets the forms of this page end at that address: browsers check the redirect after a post too."""
    if uri:
        parts = urlsplit(uri)
        origin = f"{parts.scheme}://{parts.netloc}" if parts.scheme in ("http", "https") else f"{parts.scheme}:"
        g.setdefault("form_targets", set()).add(origin)


def secured(response: Response) -> Response:
    targets = " ".join(["'self'", *sorted(g.get("form_targets", ()))])
    response.headers.setdefault("Content-Security-Policy", f"{POLICY}; form-action {targets}")
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def set_up(app: Flask) -> None:
    csrf.init_app(app)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def needs(load: Callable[[], Any]) -> Callable[[View], View]:
    """Hands the view what ``load`` finds, for nouns that come from the session."""

    def wrap(view: View) -> View:
        @wraps(view)
        def inner(**arguments: Any) -> ResponseReturnValue:
            found = load()
            return found if isinstance(found, Response) else view(found, **arguments)

        return inner

    return wrap


def _protect() -> None:
    if request.method == "POST":
        csrf.protect()


def _refused(problem: Refused) -> Response:
    return page("problem", problem.status, title=problem.title, words=problem.words)


def _api_error(error: ApiError) -> Response:
    words = "; ".join(dict.fromkeys(str(entry["message"]) for entry in error.entries)) or error.message
    return page("problem", error.code, title="This can not be done", words=words)


def _stale(_error: HTTPException) -> Response:
    return page("problem", 400, title="This page is too old", words="Go back, load the page again and send it once more.")

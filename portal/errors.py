"""Which answer each exception becomes: always with words, never with a trace."""

from http import HTTPStatus

import structlog
from flask import Flask, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from portal.bearer import KeyRefused
from portal.gates import SecondFactorFirst, SignInFirst
from portal.refusals import Refusal, StaleDraft, TooMany

log = structlog.get_logger("portal")


def init_app(app: Flask) -> None:
    app.register_error_handler(SignInFirst, _sign_in_first)
    app.register_error_handler(SecondFactorFirst, lambda _: redirect(url_for("identity.second_factor")))
    app.register_error_handler(KeyRefused, _key_refused)
    app.register_error_handler(CSRFError, _session_ended)
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(StaleDataError, _came_second)
    app.register_error_handler(IntegrityError, _came_second)
    app.register_error_handler(OperationalError, _busy)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unforeseen)


API = "/api/"
"""Below this address programs ask, not people."""


def http_words(status: int) -> str:
    """The name of a status, for programs."""
    return HTTPStatus(status).phrase if status in set(HTTPStatus) else "Error"


def _key_refused(_: KeyRefused) -> ResponseReturnValue:
    """One answer, whatever is wrong with the key."""
    answer = page(401, words="Send a valid API key: Authorization: Bearer pk_… Partner admins create keys at /developers/keys.")
    return (*answer, {"WWW-Authenticate": "Bearer"})  # type: ignore[misc]  # Flask takes (body, status, headers)


def background() -> bool:
    """Whether a script asked, not a person following a link."""
    return request.headers.get("HX-Request") == "true" or request.headers.get("X-Requested-With") == "fetch"


def page(status: int, **words: object) -> ResponseReturnValue:
    """The error page of a status: its own template, or the plain one; programs get JSON."""
    if request.path.startswith(API):
        return {"error": {"status": status, "message": words.get("words") or http_words(status)}}, status
    return render_template([f"errors/{status}.html", "errors/plain.html"], status=status, **words), status


def _sign_in_first(_: SignInFirst) -> ResponseReturnValue:
    if background() or request.method not in ("GET", "HEAD"):
        words = "Your session ended. What you typed is kept in this browser; sign in and it comes back."
        return page(401, words=words, typed=_typed())
    return redirect(url_for("security.login", next=request.full_path.rstrip("?")))


def _session_ended(error: CSRFError) -> ResponseReturnValue:
    return page(400, words="This page was open in an older session. What you typed is kept in this browser.", typed=_typed())


NOT_SHOWN = ("csrf_token", "password", "code", "passcode", "token", "secret", "version", "credential")
"""Parts of field names whose values are secret, or say nothing to a person."""


def _typed() -> list[tuple[str, str]]:
    """What was typed into the form that could not be taken: without scripts there is no other place that keeps it."""
    if request.mimetype not in ("application/x-www-form-urlencoded", "multipart/form-data"):
        return []
    fields = request.form.items(multi=True)
    return [(name, words) for name, words in fields if words.strip() and not any(part in name.lower() for part in NOT_SHOWN)]


def _refused(refusal: Refusal) -> ResponseReturnValue:
    answer = page(refusal.status, words=refusal.words, refusal=refusal)
    if isinstance(refusal, TooMany):
        return (*answer, {"Retry-After": str(refusal.seconds)})  # type: ignore[misc]  # Flask takes (body, status, headers)
    return answer


def _came_second(error: Exception) -> ResponseReturnValue:
    """Two requests raced and the database let one win: nothing was overwritten."""
    log.info("came second", error=type(error).__name__)
    return _refused(StaleDraft("Somebody saved this a moment before you. Nothing was overwritten; reload to see it."))


def _busy(error: OperationalError) -> ResponseReturnValue:
    """The database is locked, gave way to another transaction, or is away; what was begun is rolled back."""
    log.error("database busy", exc_info=error)
    words = "The portal is busy at the moment. Nothing was lost: what you typed is kept in this browser. Try again in a few seconds."
    return (*page(503, words=words), {"Retry-After": "5"})  # type: ignore[misc]  # Flask takes (body, status, headers)


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None or error.code is None or error.code < 400:
        return error  # a redirect, or an answer that is complete already
    answer = page(error.code, words=None)
    allowed = getattr(error, "valid_methods", None)  # RFC 9110, 15.5.6: a 405 names what it would take
    return (*answer, {"Allow": ", ".join(sorted(allowed))}) if allowed else answer  # type: ignore[misc]  # Flask takes (body, status, headers)


def _unforeseen(error: Exception) -> ResponseReturnValue:
    log.error("unforeseen", exc_info=error)
    return page(500, words=None)

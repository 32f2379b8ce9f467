"""The door for webhooks, in front of Flask: there is no session, no form and no page here, so nothing is paid for them.

`POST /hooks/<hook_key>` is taken here before Flask sees it, which makes it three times as quick; what everything else pays for (the
session, the limiter, the request's transaction, the headers of pages) has no business with a webhook. Flask knows the address too
(portal.webhooks.hook_routes): it stands in the table of gates, and other methods are told 405 as everywhere.
"""

import secrets
import time
from collections.abc import Iterable
from functools import lru_cache
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import structlog
from sqlalchemy import Engine

from portal import clock, headers
from portal.extensions import db
from portal.web import Portal
from portal.webhooks import bodies, endpoints, group, pace, receiving
from portal.webhooks.endpoints import Endpoint

PATH = "/hooks/"
LINES = {
    204: "204 No Content", 400: "400 Bad Request", 404: "404 Not Found", 413: "413 Content Too Large", 429: "429 Too Many Requests",
    498: "498 Token Invalid", 500: "500 Internal Server Error", 503: "503 Service Unavailable",
}  # fmt: skip
MORE = {
    413: [("Connection", "close")],  # so that nobody reads the rest
    429: [("Retry-After", "1")],
    503: [("Retry-After", "5")],
}
FIXED = [*headers.FIXED, ("Content-Security-Policy", "default-src 'none'"), ("Cache-Control", "no-store")]
log = structlog.get_logger("portal")


class Unread(Exception):
    """The sender hung up, or did not keep to the protocol."""


def init_app(app: Portal) -> None:
    """Stand in front of the application."""
    door, behind = Door(app), app.wsgi_app

    def entrance(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] == "POST" and environ.get("PATH_INFO", "").startswith(PATH):
            return door(environ, start_response)
        return behind(environ, start_response)

    app.extensions["hooks"] = door
    app.wsgi_app = entrance  # type: ignore[method-assign]  # how WSGI middleware is put around Flask


class Door:
    """Takes webhooks of one application."""

    def __init__(self, app: Portal) -> None:
        with app.app_context():
            self._engine: Engine = db.engine
        self._settings = app.settings

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """A WSGI application of its own; one line in the log for each request, like everything else."""
        started, request_id = time.perf_counter(), secrets.token_hex(8)
        try:
            status = self._status(environ, started)
        except Exception:  # a defect of ours: told to the log, and to the sender that it may come again
            log.exception("unforeseen", request_id=request_id)
            status = 500
        milliseconds = round((time.perf_counter() - started) * 1000, 1)
        log.info("request", method="POST", endpoint="hooks.receive", status=status, ms=milliseconds, request_id=request_id)
        length = [] if status == 204 else [("Content-Length", "0")]
        start_response(LINES[status], [*FIXED, *length, *MORE.get(status, ()), ("X-Request-Id", request_id)])
        return ()

    def _status(self, environ: WSGIEnvironment, started: float) -> int:
        """204 once it is stored; 498 for a wrong signature, stored as well; 404, 413, 429; 503 when it could not be stored."""
        endpoint = endpoints.find(self._engine, environ["PATH_INFO"].removeprefix(PATH))
        if endpoint is None:
            return 404
        if pace.too_fast(endpoint.app_id, self._settings.webhook_rate):
            return 429
        try:
            raw = _body(environ)
        except Unread:
            return 400
        return self._stored(endpoint, environ, raw, started)

    def _stored(self, endpoint: Endpoint, environ: WSGIEnvironment, raw: bytes | None, started: float) -> int:
        """`raw` is None when the body was too large: it is noted without it, with the length that it claimed."""
        values = receiving.row(endpoint, raw, list(_headers(environ)), at=clock.now())
        try:
            group.store(self._engine, values, started)
        except group.NotStored:
            return 503
        return int(values["answer"])


def _body(environ: WSGIEnvironment) -> bytes | None:
    """All of it as it came, or None when that is more than is taken. Raises Unread."""
    claimed = environ.get("CONTENT_LENGTH") or ""
    if claimed and not (claimed.isascii() and claimed.isdecimal()):
        raise Unread
    try:
        if claimed:
            return _exactly(int(claimed[:20]), environ["wsgi.input"])
        raw = environ["wsgi.input"].read(bodies.LARGEST + 1) if environ.get("wsgi.input_terminated") else b""
    except OSError as error:
        raise Unread from error
    return raw if len(raw) <= bodies.LARGEST else None


def _exactly(length: int, stream: Any) -> bytes | None:
    if length > bodies.LARGEST:
        return None
    raw: bytes = stream.read(length)
    if len(raw) < length:
        raise Unread
    return raw


def _headers(environ: WSGIEnvironment) -> Iterable[tuple[str, str]]:
    """As a web server hands them over: a header that was sent twice is one here, its values joined by commas."""
    for name, value in environ.items():
        if name.startswith("HTTP_") or (name in ("CONTENT_TYPE", "CONTENT_LENGTH") and value):
            yield _name(name.removeprefix("HTTP_")), value


@lru_cache(maxsize=1_000)
def _name(name: str) -> str:
    return name.replace("_", "-").title()

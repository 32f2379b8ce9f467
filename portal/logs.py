"""One line of JSON a request, without secrets; a request id in the answer and in every line."""

import logging
import secrets
import time
from functools import lru_cache

import structlog
from flask import Flask, Response, g, request
from structlog.typing import EventDict, WrappedLogger

SECRET_WORDS = ("password", "secret", "token", "code", "cookie", "authorization", "csrf")
log = structlog.get_logger("portal")


def _mask(_: WrappedLogger, __: str, line: EventDict) -> EventDict:
    """No value whose name smells of a secret reaches the log."""
    for name in line:
        if _smells(name):
            line[name] = "***"
    return line


@lru_cache(maxsize=512)
def _smells(name: str) -> bool:
    return any(word in name.lower() for word in SECRET_WORDS)


def configure(*, pretty: bool) -> None:
    """Structured lines to standard error; JSON unless a developer reads along."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _mask,
            structlog.processors.format_exc_info,
            structlog.dev.ConsoleRenderer() if pretty else structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(),
        cache_logger_on_first_use=True,
    )


def init_app(app: Flask) -> None:
    configure(pretty=False)
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    g.started = time.perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=secrets.token_hex(8))


def _end(response: Response) -> Response:
    response.headers["X-Request-Id"] = structlog.contextvars.get_contextvars().get("request_id", "")
    log.info(
        "request",
        method=request.method,
        endpoint=request.endpoint,
        status=response.status_code,
        ms=round((time.perf_counter() - g.get("started", time.perf_counter())) * 1000, 1),
        user=g.get("me_id"),
    )
    return response

"""Calls of OAuth and visits of its page, written to the request log at once: who looks there asks what has not happened, too."""

from flask import Response, request

from portal.sandbox import clock, ids
from portal.sandbox.api.log import Seen
from portal.sandbox.house import here

LONGEST_CLIENT_ID = 80


def note(response: Response, *, client_id: str, seconds: float, body: bytes = b"", answer: str = "") -> None:
    log = here().log
    log.note(
        Seen(
            at=clock.stamp(clock.real_now()),
            method=request.method,
            path=request.path,
            query=request.query_string.decode("latin-1"),
            environ=request.environ,
            body=body,
            status=response.status_code,
            answer=answer,
            seconds=seconds,
            request_id=response.headers.get("X-Request-Id") or ids.request_id(),
            client_id=client_id.replace("\0", "")[:LONGEST_CLIENT_ID] or None,
        )
    )
    log.flush()

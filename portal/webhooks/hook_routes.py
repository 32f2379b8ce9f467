"""The address where webhooks arrive: public, without a session, and nothing is understood here that could wait."""

from typing import Any

from flask import Blueprint, Response, g, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from portal import clock
from portal.extensions import csrf, limiter
from portal.gates import Gate, gate
from portal.status import Signature
from portal.web import settings
from portal.webhooks import bodies, endpoints, group, pace, receiving
from portal.webhooks.endpoints import Endpoint
from portal.webhooks.reasons import Reason

bp = Blueprint("hooks", __name__)
FIXED = {"Cache-Control": "no-store", "Content-Security-Policy": "default-src 'none'"}
"""Said here, because what says it for pages asks for the session first."""
LINES = {498: "498 Token Invalid"}


@bp.post("/hooks/<hook_key>", provide_automatic_options=False)
@gate(Gate.PUBLIC)
def receive(hook_key: str) -> ResponseReturnValue:
    """204 once it is stored; 498 for a wrong signature, stored as well; 404, 413, 429; 503 when it could not be stored."""
    endpoint = endpoints.find(hook_key)
    if endpoint is None:
        return _answer(404)
    if pace.too_fast(endpoint.app_id, settings().webhook_rate):
        return _answer(429, {"Retry-After": "1"})
    try:
        request.max_content_length = bodies.LARGEST
        raw = request.get_data(cache=False)
    except RequestEntityTooLarge:
        return _too_large(endpoint)
    signature, reason = receiving.verdict(endpoint, raw, request.headers.get(receiving.HEADER))
    return _stored(endpoint, raw, signature=signature, reason=reason, size=len(raw))


csrf.exempt(receive)  # a sender has no session whose token could be forged
limiter.exempt(receive)  # it has a limit of its own, per endpoint


def _too_large(endpoint: Endpoint) -> ResponseReturnValue:
    """Noted without its body and with the length that it claimed; the connection ends, so that nobody reads the rest."""
    size = min(request.content_length or 0, 2**31 - 1)
    answer = _stored(endpoint, b"", signature=Signature.UNCHECKED, reason=Reason.TOO_LARGE, size=size)
    answer.headers["Connection"] = "close"
    return answer


def _stored(endpoint: Endpoint, raw: bytes, **said: Any) -> Response:
    values = receiving.row(endpoint, raw, request.headers.items(), at=clock.now(), **said)
    try:
        group.store(values, g.started)
    except group.NotStored:
        return _answer(503, {"Retry-After": "5"})
    return _answer(values["answer"])


def _answer(status: int, more: dict[str, str] | None = None) -> Response:
    return Response(status=LINES.get(status, status), headers={**FIXED, **(more or {})})

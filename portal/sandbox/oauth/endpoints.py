"""The addresses that apps call: token, look-up and revocation."""

import json
import time
from collections.abc import Callable

from authlib.oauth2 import OAuth2Error
from flask import Blueprint, Response, current_app, g, jsonify, request

from portal.sandbox import clock, ids
from portal.sandbox.api.log import Seen
from portal.sandbox.errors import ApiError
from portal.sandbox.house import here
from portal.sandbox.oauth.grant import Server, parameters

bp = Blueprint("oauth_endpoints", __name__, url_prefix="/oauth")
NEEDED = ("grant_type", "code", "redirect_uri")


def server() -> Server:
    made: Server = current_app.extensions["oauth"]
    return made


@bp.post("/access_token")
def access_token() -> Response:
    return _answer(_token)


@bp.post("/introspect")
def look_up() -> Response:
    return _answer(lambda: _checked("introspection"))


@bp.post("/revoke")
def revoke() -> Response:
    return _answer(lambda: _checked("revocation"))


def _token() -> Response:
    sent = parameters(request)
    missing = [name for name in NEEDED if not sent.get(name)]
    if missing:
        return _refusal("invalid_request", f"Missing {', '.join(missing)} in request.")
    response: Response = server().create_token_response()
    return response


def _checked(name: str) -> Response:
    response: Response = server().create_endpoint_response(name)
    return response


def _answer(act: Callable[[], Response]) -> Response:
    """Runs one call in one transaction; a refusal keeps nothing, and every call is kept in the log."""
    started = time.perf_counter()
    try:
        with here().database.writing() as conn:
            g.oauth_conn = conn
            response = act()
    except OAuth2Error as error:
        response = _refusal(error.error, error.description or "", error.status_code)
    except ApiError as error:
        response = _refusal("temporarily_unavailable" if error.code == 503 else "invalid_request", error.message, error.code)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Pragma"] = "no-cache"
    response.headers["X-Request-Id"] = ids.request_id()
    _note(response, time.perf_counter() - started)
    return response


def _refusal(error: str, words: str, status: int = 400) -> Response:
    response = jsonify({"error": error, "error_description": words})
    response.status_code = status
    return response


def _note(response: Response, seconds: float) -> None:
    sent = parameters(request)
    basic = request.authorization.username if request.authorization and request.authorization.type == "basic" else None
    here().log.note(
        Seen(
            at=clock.stamp(clock.real_now()),
            method=request.method,
            path=request.path,
            query=request.query_string.decode("latin-1"),
            environ=request.environ,
            body=request.get_data() or json.dumps(request.form.to_dict()).encode(),
            status=response.status_code,
            answer=response.get_data(as_text=True),
            seconds=seconds,
            request_id=response.headers["X-Request-Id"],
            client_id=basic or sent.get("client_id"),
        )
    )

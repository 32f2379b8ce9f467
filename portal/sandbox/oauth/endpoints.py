"""The addresses that apps call: token, look-up and revocation."""

import json
import time
from collections.abc import Callable

from authlib.oauth2 import OAuth2Error
from flask import Blueprint, Response, current_app, g, jsonify, request

from portal.sandbox import ids
from portal.sandbox.api import faults
from portal.sandbox.errors import ApiError
from portal.sandbox.house import here
from portal.sandbox.oauth import noting
from portal.sandbox.oauth.grant import Server, parameters

bp = Blueprint("oauth_endpoints", __name__, url_prefix="/oauth")
NEEDED = ("grant_type", "code", "redirect_uri")


def server() -> Server:
    made: Server = current_app.extensions["oauth"]
    return made


@bp.post("/access_token")
def access_token() -> Response:
    return _answer(_token, before=_suffer)


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


def _suffer() -> None:
    """The fault that a lever has ordered for this app, before the code is looked at."""
    house = here()
    with house.database.writing() as conn:
        fault = faults.take(conn, faults.of_app(_caller()), faults.TOKEN)
    if fault:
        faults.suffer(fault, house.settings.fault_seconds, "")


def _caller() -> str:
    """The app that calls, as it says."""
    basic = request.authorization.username if request.authorization and request.authorization.type == "basic" else None
    return basic or parameters(request).get("client_id") or ""


def _answer(act: Callable[[], Response], *, before: Callable[[], None] = lambda: None) -> Response:
    """Runs one call in one transaction; a refusal keeps nothing, and every call is kept in the log."""
    started = time.perf_counter()
    try:
        before()
        with here().database.writing() as conn:
            g.oauth_conn = conn
            response = act()
    except OAuth2Error as error:
        response = _refusal(error.error, error.description or "", error.status_code)
    except faults.Broken as broken:
        response = Response(broken.text, broken.status, content_type=broken.content_type)
    except ApiError as error:
        response = _refusal(_name(error), error.message, error.code)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Pragma"] = "no-cache"
    response.headers["X-Request-Id"] = ids.request_id()
    noting.note(
        response,
        client_id=_caller(),
        seconds=time.perf_counter() - started,
        body=request.get_data() or json.dumps(request.form.to_dict()).encode(),
        answer=response.get_data(as_text=True),
    )
    return response


def _name(error: ApiError) -> str:
    """RFC 6749 has one name for a server that is busy and one for a server that failed."""
    if error.code < 500:
        return "invalid_request"
    return "temporarily_unavailable" if error.code == 503 else "server_error"


def _refusal(error: str, words: str, status: int = 400) -> Response:
    response = jsonify({"error": error, "error_description": words})
    response.status_code = status
    return response

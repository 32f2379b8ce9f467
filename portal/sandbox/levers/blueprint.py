"""The levers' addresses: JSON in, JSON out, refusals in the API's error shape."""

from collections.abc import Callable

from flask import Blueprint, Response, jsonify, request

from portal.sandbox import openapi
from portal.sandbox.api.bodies import storable
from portal.sandbox.api.dispatch import refusal
from portal.sandbox.errors import ApiError, usage
from portal.sandbox.fields import typed
from portal.sandbox.house import here
from portal.sandbox.levers import seeing
from portal.sandbox.levers.lever import Json, Lever
from portal.sandbox.levers.table import LEVERS

bp = Blueprint("levers", __name__, url_prefix="/_sandbox")


@bp.before_request
def _guard() -> Response | None:
    """Outside development the levers ask for their own token."""
    wanted = here().settings.levers_token.get_secret_value()
    if wanted and request.headers.get("Authorization") != f"Bearer {wanted}":
        return refusal(usage(401, "unauthorized", "The levers need the token of SANDBOX_LEVERS_TOKEN"))
    return None


def _view(lever: Lever) -> Callable[..., Response]:
    def view(**named: str) -> Response:
        try:
            body, status = lever.act(typed(lever.fields, _body(), ""), **named)
        except ApiError as error:
            return refusal(error)
        response = jsonify(body)
        response.status_code = status
        return response

    return view


def _body() -> Json:
    if not request.get_data():
        return {}
    document = storable(request.get_data())
    if not isinstance(document, dict):
        raise usage(400, "invalid_document_structure", "Root element must be an object.")
    return document


for _lever in LEVERS:
    bp.add_url_rule(f"/{_lever.path}", f"{_lever.method} {_lever.path}", _view(_lever), methods=[_lever.method])


@bp.get("/openapi.json")
def openapi_document() -> Response:
    return jsonify(openapi.document(here().settings))


@bp.get("/requests")
def requests() -> Response:
    try:
        return jsonify(seeing.seen(request.args.to_dict()))
    except ApiError as error:
        return refusal(error)

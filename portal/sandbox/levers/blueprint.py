"""The levers' addresses: JSON in, JSON out, refusals in the API's error shape."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Blueprint, Response, jsonify, request

from portal.sandbox import openapi
from portal.sandbox.api import blueprint as api
from portal.sandbox.api.bodies import storable
from portal.sandbox.errors import ApiError, usage
from portal.sandbox.fields import Field, typed
from portal.sandbox.house import here
from portal.sandbox.levers import actions

Json = dict[str, Any]
bp = Blueprint("levers", __name__, url_prefix="/_sandbox")


@bp.before_request
def _guard() -> Response | None:
    """Outside development the levers ask for their own token."""
    wanted = here().settings.levers_token.get_secret_value()
    if wanted and request.headers.get("Authorization") != f"Bearer {wanted}":
        return api.refusal(usage(401, "unauthorized", "The levers need the token of SANDBOX_LEVERS_TOKEN"))
    return None


def lever(*fields: Field) -> Callable[[Callable[[Json], tuple[Any, int]]], Callable[[], Response]]:
    """A POST that takes a JSON object of these fields."""

    def wrap(act: Callable[[Json], tuple[Any, int]]) -> Callable[[], Response]:
        @wraps(act)
        def view() -> Response:
            try:
                body, status = act(typed(fields, _body(), ""))
            except ApiError as error:
                return api.refusal(error)
            response = jsonify(body)
            response.status_code = status
            return response

        return view

    return wrap


def _body() -> Json:
    if not request.get_data():
        return {}
    document = storable(request.get_data())
    if not isinstance(document, dict):
        raise usage(400, "invalid_document_structure", "Root element must be an object.")
    return document


for _path, _fields, _act in actions.POSTS:
    bp.add_url_rule(f"/{_path}", _path, lever(*_fields)(_act), methods=["POST"])


@bp.get("/openapi.json")
def openapi_document() -> Response:
    return jsonify(openapi.document(here().settings))


@bp.get("/requests")
def requests() -> Response:
    try:
        return jsonify(actions.seen(request.args.to_dict()))
    except ApiError as error:
        return api.refusal(error)

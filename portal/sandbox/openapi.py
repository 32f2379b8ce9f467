"""The OpenAPI document, made from the very tables that the API and the levers check with."""

import inspect
from typing import Any

from portal.sandbox.api.routes import Filters, Route
from portal.sandbox.fields import schema
from portal.sandbox.kinds import KINDS
from portal.sandbox.levers import seeing
from portal.sandbox.levers.lever import Lever
from portal.sandbox.levers.table import LEVERS
from portal.sandbox.routes import ROUTES
from portal.sandbox.settings import Settings

Json = dict[str, Any]
ERROR: Json = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["message", "documentation_url", "type", "request_id", "code", "errors"],
            "properties": {
                "message": {"type": "string"},
                "documentation_url": {"type": "string"},
                "type": {"enum": ["gocardless", "invalid_api_usage", "invalid_state", "validation_failed"]},
                "request_id": {"type": "string"},
                "code": {"type": "integer"},
                "errors": {"type": "array", "items": {"type": "object", "required": ["message"]}},
            },
        }
    },
}
VERSION: Json = {"name": "GoCardless-Version", "in": "header", "required": True, "schema": {"const": "2015-07-06"}}


def document(settings: Settings) -> Json:
    paths: Json = {}
    for route in ROUTES:
        paths.setdefault(route.path.replace(":id", "{identity}"), {})[route.method.lower()] = _operation(route)
    for lever in LEVERS if settings.levers_open else ():
        paths.setdefault(_lever_path(lever), {})[lever.method.lower()] = _lever(lever)
    paths |= {"/_sandbox/requests": {"get": _seen()}} if settings.levers_open else {}
    return {
        "openapi": "3.1.0",
        "info": {"title": "GoCardless sandbox (emulated)", "version": "2015-07-06"},
        "servers": [{"url": settings.origin}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {"schemas": {"Error": ERROR}, "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
    }


def _operation(route: Route) -> Json:
    operation: Json = {
        "operationId": f"{route.kind}-{route.verb}",
        "tags": [route.kind],
        "parameters": [VERSION, *_path(route), *_query(route.filters)],
        "responses": {**_successes(route), "default": _answer("An error", {"$ref": "#/components/schemas/Error"})},
    }
    if route.envelope:
        body = {"application/json": {"schema": _envelope(route)}}
        operation["requestBody"] = {"required": not route.optional_body, "content": body}
    return operation


def _lever_path(lever: Lever) -> str:
    return f"/_sandbox/{lever.path}".replace("<", "{").replace(">", "}")


def _lever(lever: Lever) -> Json:
    """A lever's words are its docstring; its token is asked for outside development only."""
    client_id = {"type": "string", "minLength": 1, "maxLength": 80}
    named = [{"name": "client_id", "in": "path", "required": True, "schema": client_id}]
    operation: Json = {
        "operationId": f"sandbox-{lever.method.lower()}-{lever.path}",
        "tags": ["_sandbox"],
        "summary": inspect.getdoc(lever.act),
        "security": [{}, {"token": []}],
        "parameters": named if "<client_id>" in lever.path else [],
        "responses": {
            "2XX": _answer("Done", {"type": "object"}),
            "default": _answer("An error", {"$ref": "#/components/schemas/Error"}),
        },
    }
    if lever.method != "GET":
        operation["requestBody"] = {"content": {"application/json": {"schema": schema(lever.fields)}}}
    return operation


def _seen() -> Json:
    """The one lever that is asked by a query."""
    numbers = [{"name": name, "in": "query", "schema": {"type": "integer", "minimum": 0}} for name in ("since", "limit")]
    return {
        "operationId": "sandbox-get-requests",
        "tags": ["_sandbox"],
        "summary": inspect.getdoc(seeing.seen),
        "security": [{}, {"token": []}],
        "parameters": [*map(_text, seeing.OWNERS), *numbers],
        "responses": {
            "2XX": _answer("What was seen", {"type": "object", "required": ["requests", "mark"]}),
            "default": _answer("An error", {"$ref": "#/components/schemas/Error"}),
        },
    }


def _envelope(route: Route) -> Json:
    inside = schema(route.fields) if route.fields else {"type": "object"}
    needed = {} if route.optional_body else {"required": [route.envelope]}
    return {"type": "object", "properties": {route.envelope: inside}, "additionalProperties": False, **needed}


def _successes(route: Route) -> Json:
    shown = _answer("The resource", {"type": "object", "required": [_answered(route)]})
    return dict.fromkeys(("200", "201") if route.method == "POST" else ("200",), shown)


def _answered(route: Route) -> str:
    return "billing_request_with_actions" if route.verb == "create_with_actions" else _institutions(route)


def _institutions(route: Route) -> str:
    return "institutions" if route.verb == "institutions" else route.kind


def _path(route: Route) -> list[Json]:
    if ":id" not in route.path:
        return []
    example = KINDS[route.kind].prefix + "123" if route.kind in KINDS else "123"
    return [
        {"name": "identity", "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}, "example": example}
    ]


def _query(filters: Filters | None) -> list[Json]:
    if filters is None:
        return []
    limit: Json = {"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": 500}}
    cursors = [_text(name) for name in ("after", "before")]
    plain = [_text(name, tuple(choices or ())) for name, choices in filters.choices.items()]
    ranges = [_text(f"{name}[{operator}]") for name in filters.ranges for operator in ("gt", "gte", "lt", "lte")]
    sorts = [_text("sort_field", filters.sorts), _text("sort_direction", ("asc", "desc"))] if filters.sorts else []
    noted = [_text("metadata[key]")] if filters.metadata else []
    return [limit, *cursors, *plain, *ranges, *sorts, *noted]


def _text(name: str, choices: tuple[str, ...] = ()) -> Json:
    return {"name": name, "in": "query", "schema": {"type": "string", **({"enum": list(choices)} if choices else {})}}


def _answer(words: str, shape: Json) -> Json:
    return {"description": words, "content": {"application/json": {"schema": shape}}}

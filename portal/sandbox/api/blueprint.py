"""Puts every declared route on the application, and answers what is no route in the API's own words."""

from collections.abc import Callable, Iterable

from flask import Blueprint, Response

from portal.sandbox.api import pipeline
from portal.sandbox.api.routes import Route
from portal.sandbox.errors import ApiError, usage
from portal.sandbox.house import here


def blueprint(routes: Iterable[Route]) -> Blueprint:
    bp = Blueprint("api", __name__)
    for route in routes:
        rule = route.path.replace(":id", "<identity>")
        endpoint = f"{route.kind}-{route.verb}"
        bp.add_url_rule(rule, endpoint, _view(route), methods=[route.method], provide_automatic_options=False)
    return bp


def refusal(error: ApiError) -> Response:
    """An API error outside any route, such as an unknown path."""
    return pipeline.refuse(pipeline.Call(here()), error)


def path_not_found() -> Response:
    return refusal(usage(404, "path_not_found", "There is nothing at this address"))


def method_not_allowed() -> Response:
    return refusal(usage(405, "method_not_allowed", "This address does not take that method"))


def _view(route: Route) -> Callable[..., Response]:
    def view(identity: str = "") -> Response:
        return pipeline.answer(here(), route, identity)

    return view

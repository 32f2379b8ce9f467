"""Finds the route of each call and answers it; what is no route is refused in the API's own words."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Response, request

from portal.sandbox.api import pipeline
from portal.sandbox.api.routes import Route
from portal.sandbox.errors import ApiError, usage
from portal.sandbox.house import House, here

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment


class Calls:
    """The API beside Flask: its calls need no session, form token or template, and so are spared what these cost."""

    def __init__(self, house: House, routes: Iterable[Route]) -> None:
        self._house = house
        self._routes = {(route.method, route.path): route for route in routes}
        self._paths = {path for _, path in self._routes}

    def answer(self, environ: "WSGIEnvironment") -> pipeline.Plain | None:
        """None when this is no call of the API."""
        method = environ["REQUEST_METHOD"]
        for path, identity in _readings(environ):
            if route := self._routes.get(("GET" if method == "HEAD" else method, path)):
                return pipeline.answer(pipeline.Call(self._house, environ), route, identity)
        return None

    def refuse(self, environ: "WSGIEnvironment") -> Response:
        """There is nothing here, or only by another method."""
        if any(path in self._paths for path, _ in _readings(environ)):
            return refusal(usage(405, "method_not_allowed", "This address does not take that method"))
        return refusal(usage(404, "path_not_found", "There is nothing at this address"))


def refusal(error: ApiError) -> Response:
    """An API error outside any route, such as an unknown path."""
    return pipeline.refuse(pipeline.Call(here(), request.environ), error).response()


def _readings(environ: "WSGIEnvironment") -> Iterable[tuple[str, str]]:
    """The path as it stands, and with its second part taken for an id: WSGI hands over UTF-8 as if it were Latin-1."""
    path = environ["PATH_INFO"]
    yield path, ""
    parts = path.split("/")
    if len(parts) > 2 and parts[2]:
        identity = parts[2].encode("latin-1").decode(errors="replace")
        yield "/".join([*parts[:2], ":id", *parts[3:]]), identity

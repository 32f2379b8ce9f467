"""Pages that are the same for every visitor: told apart by a cheap mark, answered with 304 while nothing changed."""

from collections.abc import Callable
from functools import cache as once
from importlib.metadata import version
from zlib import crc32

from flask import Response, current_app, make_response, request, session
from flask.typing import ResponseReturnValue
from flask_login import current_user

MINUTE = "public, max-age=60"
ALWAYS_ASK = "public, no-cache"
"""It may be kept, but not shown without asking whether it still holds."""


def answer(mark: str, make: Callable[[], ResponseReturnValue], *, cache: str = MINUTE, page: bool = True) -> Response:
    """`mark` changes with everything that the answer shows. A page of somebody who is signed in has their bar, and is not kept."""
    if page and (current_user.is_authenticated or session.get("_flashes")):
        return make_response(make())
    mark = f"{mark}-{_edition()}"
    if request.if_none_match.contains_weak(mark):
        response = Response(status=304)
        del response.headers["Content-Type"]
    else:
        response = make_response(make())
    response.set_etag(mark, weak=True)
    response.headers["Cache-Control"] = cache
    if page:
        response.vary.add("Cookie")
    return response


def _edition() -> str:
    """Another one after each release, which may draw the same facts in another way."""
    style = current_app.jinja_env.globals["asset_url"]("css/launch.css")  # type: ignore[operator]  # a function that assets.py put there
    return f"{_release()}-{crc32(style.encode()):x}"


@once
def _release() -> str:
    return version("partner-portal")

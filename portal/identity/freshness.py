"""Sensitive pages: the password once more when the sign-in is older than half an hour."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import check_and_update_authn_fresh

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])


def fresh(*, back: str) -> Callable[[View], View]:
    """Below @gate. A page comes back after the password; a POST leads back to the page `back`, to be sent again."""

    def decorate(view: View) -> View:
        @wraps(view)
        def enter(**values: Any) -> ResponseReturnValue:
            if is_fresh():
                return view(**values)
            flash("Before this, show that it is you.", "info")
            onward = request.full_path.rstrip("?") if request.method == "GET" else url_for(back)
            return redirect(url_for("security.verify", next=onward), 303)

        return enter  # type: ignore[return-value]  # the wrapped view takes the same values

    return decorate


def is_fresh() -> bool:
    """Whether this person showed lately that it is them."""
    options = current_app.config
    return check_and_update_authn_fresh(options["SECURITY_FRESHNESS"], options["SECURITY_FRESHNESS_GRACE_PERIOD"], "session")

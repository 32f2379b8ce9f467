"""The Flask application of the portal, which ends each request's transaction where exceptions are still answered."""

from typing import cast

from flask import Flask, Response, current_app, request
from flask.typing import ResponseReturnValue

from portal import transaction
from portal.config import Settings
from portal.templating import Templates

LARGEST = 2**31 - 1
"""Of the numbers that PostgreSQL compares with a row's."""


class Portal(Flask):
    """Flask, with typed settings and one place where a request is committed."""

    settings: Settings
    jinja_environment = Templates

    def preprocess_request(self) -> ResponseReturnValue | None:
        """A form without files is held in memory whole: the limit of other fields holds for all of it."""
        if request.mimetype == "application/x-www-form-urlencoded":
            request.max_content_length = self.config["MAX_FORM_MEMORY_SIZE"]
        return super().preprocess_request()

    def dispatch_request(self) -> ResponseReturnValue:
        """Commit inside the dispatch, so that a refused commit becomes an answer like any other exception."""
        response: Response = self.make_response(super().dispatch_request())
        transaction.finish(response)
        return response

    def handle_user_exception(self, e: Exception) -> ResponseReturnValue:
        """What a refused request changed is settled (kept when it asked for that) before its page is rendered."""
        transaction.settle()
        response: Response = self.make_response(super().handle_user_exception(e))
        transaction.finish(response)
        return response


def number(given: str) -> int:
    """A row's number in a form or an address, for `request.args.get(name, type=number)`. ValueError for what no row can have."""
    if not (given.isascii() and given.isdecimal() and len(given) <= len(str(LARGEST)) and int(given) <= LARGEST):
        raise ValueError("not the number of a row")
    return int(given)


def settings() -> Settings:
    """The settings of the running application."""
    return cast("Portal", current_app).settings

"""The address of webhooks as Flask knows it: for the table of gates, for links, and for those who ask by another method."""

from flask import Blueprint, Response, current_app, request
from flask.typing import ResponseReturnValue

from portal.extensions import csrf
from portal.gates import Gate, gate

bp = Blueprint("hooks", __name__)


@bp.post("/hooks/<hook_key>", provide_automatic_options=False)
@gate(Gate.PUBLIC)
def receive(hook_key: str) -> ResponseReturnValue:
    """The door in front of Flask takes these; what comes by here all the same is handed to it."""
    return Response.from_app(current_app.extensions["hooks"], request.environ)


csrf.exempt(receive)  # a sender has no session whose token could be forged

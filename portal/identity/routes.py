"""A person's own security page: second factors, devices, settings."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from portal.gates import Gate, gate
from portal.identity import second_factors, sessions
from portal.models.people import User

bp = Blueprint("identity", __name__)


@bp.get("/security")
@gate(Gate.SIGNED_IN)
def security(me: User) -> ResponseReturnValue:
    return render_template("identity/security.html", me=me, devices=sessions.open_ones(me), **second_factors.factors(me))

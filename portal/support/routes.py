"""Support is always open: it says who helps with what."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from portal.gates import Gate, gate

bp = Blueprint("support", __name__)


@bp.get("/support")
@gate(Gate.PARTNER)
def show() -> ResponseReturnValue:
    return render_template("support/show.html")

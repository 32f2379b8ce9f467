"""Launch can be read at any time and edited once the integration has been submitted."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from portal import journey
from portal.frame import stage
from portal.gates import Gate, gate

bp = Blueprint("launch", __name__)


@bp.get("/launch")
@gate(Gate.PARTNER)
def show() -> ResponseReturnValue:
    return render_template("launch/show.html", reasons=journey.launch_reasons(stage()))

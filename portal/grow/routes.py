"""Grow is locked until My Account, Build and Launch are complete, and says so."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from portal import journey
from portal.frame import stage
from portal.gates import Gate, gate

bp = Blueprint("grow", __name__)


@bp.get("/grow")
@gate(Gate.PARTNER)
def show() -> ResponseReturnValue:
    return render_template("grow/show.html", reasons=journey.grow_reasons(stage()))

"""The developers' area."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from portal.catalog import guides
from portal.gates import Gate, gate

bp = Blueprint("developers", __name__)


@bp.get("/developers")
@gate(Gate.PARTNER)
def show() -> ResponseReturnValue:
    return render_template("developers/show.html", guides=guides().values())

"""One page: every component, with sample data."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from wtforms import EmailField, Form

from portal import clock
from portal.gates import Gate, gate

bp = Blueprint("patterns", __name__)


class Sample(Form):
    """Stands for the forms that the sign-in library brings."""

    email = EmailField("Email address", default="alice@example.com")


@bp.get("/patterns")
@gate(Gate.STAFF)
def show() -> ResponseReturnValue:
    return render_template("patterns/index.html", now=clock.now(), form=Sample())

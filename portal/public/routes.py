"""Pages for everybody: the front door, registering interest, questions and answers, accessibility."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.extensions import limiter
from portal.gates import Gate, gate
from portal.public import forms, service

bp = Blueprint("public", __name__)


@bp.get("/healthz")
@gate(Gate.PUBLIC)
def alive() -> dict[str, str]:
    """The process answers."""
    return {"status": "alive"}


@bp.get("/welcome")
@gate(Gate.PUBLIC)
def welcome() -> ResponseReturnValue:
    return render_template("public/welcome.html")


@bp.get("/register")
@gate(Gate.PUBLIC)
def register() -> ResponseReturnValue:
    return render_template(
        "public/register.html", fields=forms.FIELDS, values={field.name: "" for field in forms.FIELDS}, problems={}
    )


@bp.post("/register")
@limiter.limit("20 per hour")
@gate(Gate.PUBLIC)
def register_interest() -> ResponseReturnValue:
    """A bot that fills the field which people do not see gets the same answer and stores nothing."""
    if request.form.get("fax"):
        return redirect(url_for(".registered"), 303)
    typed = forms.read(request.form)
    if typed.problems:
        return render_template("public/register.html", fields=forms.FIELDS, values=typed.values, problems=typed.problems), 422
    service.register_interest(typed)
    return redirect(url_for(".registered"), 303)


@bp.get("/register/thanks")
@gate(Gate.PUBLIC)
def registered() -> ResponseReturnValue:
    return render_template("public/registered.html")


@bp.get("/questions")
@gate(Gate.PUBLIC)
def faq() -> ResponseReturnValue:
    return render_template("public/faq.html")


@bp.get("/accessibility")
@gate(Gate.PUBLIC)
def accessibility() -> ResponseReturnValue:
    return render_template("public/accessibility.html")

"""What a person may say about themselves: name, time zone, colours."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.gates import Gate, gate
from portal.identity import accounts, typed
from portal.identity.routes.blueprint import bp
from portal.models.people import User
from portal.refusals import Invalid

SCHEMES = (("", "As my device says"), ("light", "Light"), ("dark", "Dark"))


@bp.get("/settings")
@gate(Gate.SIGNED_IN)
def settings(me: User) -> ResponseReturnValue:
    return _page(me, {"name": me.name, "time_zone": me.time_zone, "scheme": me.scheme}, {})


@bp.post("/settings")
@gate(Gate.SIGNED_IN)
def save_settings(me: User) -> ResponseReturnValue:
    entered = {name: request.form.get(name, "") for name in ("name", "time_zone", "scheme")}
    try:
        accounts.describe(me, **entered)
    except Invalid as refusal:
        return _page(me, entered, refusal.problems), 422
    flash("Your settings are saved.", "success")
    return redirect(url_for(".settings"), 303)


def _page(me: User, entered: dict[str, str], problems: dict[str, str]) -> str:
    return render_template(
        "identity/settings.html", me=me, entered=entered, problems=problems, zones=typed.zones(), schemes=SCHEMES
    )

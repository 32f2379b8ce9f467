"""One's own security: how one signs in, and on which devices one is signed in."""

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_security import logout_user

from portal.gates import Gate, gate
from portal.identity import devices, second_factors, sessions
from portal.identity.happenings import record
from portal.identity.routes.blueprint import bp
from portal.models.people import User


@bp.get("/security")
@gate(Gate.SIGNED_IN)
def security(me: User) -> ResponseReturnValue:
    opened = [(one, devices.named(one.agent), one.id == g.device) for one in sessions.open_ones(me)]
    return render_template("identity/security.html", me=me, devices=opened, second=second_factors.factors(me))


@bp.get("/security/second-step")
@gate(Gate.SIGNED_IN)
def second_factor(me: User) -> ResponseReturnValue:
    """Where staff land until they have one."""
    if me.has_second_factor:
        return redirect(url_for(".security"))
    return render_template("identity/second_factor.html")


@bp.post("/security/devices/<device_key>/sign-out")
@gate(Gate.SIGNED_IN)
def end_device(me: User, device_key: str) -> ResponseReturnValue:
    sessions.end_one(me, device_key)
    record(me, "signed out one device")
    flash("The device is signed out.", "success")
    return redirect(url_for(".security"), 303)


@bp.post("/security/devices/sign-out")
@gate(Gate.SIGNED_IN)
def end_everywhere(me: User) -> ResponseReturnValue:
    """All devices, this one too."""
    record(me, "signed out everywhere")
    sessions.end_all(me)
    logout_user()
    flash("You are signed out on every device.", "success")
    return redirect(url_for("security.login"), 303)

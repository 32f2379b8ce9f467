"""Setting up an authenticator app, and removing it."""

from flask import current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_security import Security

from portal.gates import Gate, gate
from portal.identity.freshness import fresh
from portal.identity.happenings import warn
from portal.identity.routes.blueprint import bp
from portal.models.people import User


def _library() -> Security:
    library: Security = current_app.extensions["security"]
    return library


@bp.get("/security/authenticator-app")
@gate(Gate.SIGNED_IN)
@fresh(back="identity.authenticator")
def authenticator(me: User) -> ResponseReturnValue:
    return _page(me)


def _page(me: User, *, error: str = "") -> str:
    """The key stays the same until it is taken, so that a mistyped code does not mean scanning again; it travels encrypted."""
    key = session.setdefault("new_totp", _library().totp_factory.generate_totp_secret())
    values = _library().totp_factory.fetch_setup_values(key, me)
    words = {"picture": values["image"], "key": values["key"], "error": error, "has_app": bool(me.tf_primary_method)}
    return render_template("identity/authenticator.html", **words)


@bp.post("/security/authenticator-app")
@gate(Gate.SIGNED_IN)
@fresh(back="identity.authenticator")
def set_up_authenticator(me: User) -> ResponseReturnValue:
    key, code = session.get("new_totp", ""), request.form.get("code", "")
    if not key or not _library().totp_factory.verify_totp(token=code, totp_secret=key, user=me, window=30):
        return _page(me, error="This code is not right. Wait for the next one that the app shows."), 422
    session.pop("new_totp")
    _library().datastore.tf_set(me, "authenticator", key)
    warn(me, "set up an authenticator app")
    flash("Your authenticator app is set up.", "success")
    return redirect(url_for(".security" if me.mf_recovery_codes else "security.mf_recovery_codes"), 303)


@bp.post("/security/authenticator-app/remove")
@gate(Gate.SIGNED_IN)
@fresh(back="identity.security")
def remove_authenticator(me: User) -> ResponseReturnValue:
    _library().datastore.tf_reset(me)
    warn(me, "removed the authenticator app")
    flash("Your authenticator app is removed.", "success")
    return redirect(url_for(".security"), 303)

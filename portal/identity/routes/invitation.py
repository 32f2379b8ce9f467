"""The link of an invitation: opening it changes nothing, accepting it makes the account and signs in."""

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import login_user

from portal.gates import Gate, gate
from portal.identity import invitations, passwords, typed
from portal.identity.routes.blueprint import bp
from portal.models.people import ROLE_WORDS, Invitation
from portal.refusals import Invalid


@bp.get("/invitation/<token>")
@gate(Gate.PUBLIC)
def invitation(token: str) -> ResponseReturnValue:
    found = invitations.opened(token) or abort(404)
    page = _page(found, token, {"name": found.name, "time_zone": "Europe/London"}, {})
    return page, {"Cache-Control": "no-store"}


@bp.post("/invitation/<token>")
@gate(Gate.PUBLIC)
def accept(token: str) -> ResponseReturnValue:
    found = invitations.opened(token) or abort(404)
    entered = {field: request.form.get(field, "") for field in ("name", "time_zone")}
    try:
        typed.refuse(_problems(found, entered))
        hashed = passwords.hashed(request.form["password"])
        user = invitations.accept(found, **entered, password_hash=hashed)
    except Invalid as refusal:
        return _page(found, token, entered, refusal.problems), 422
    login_user(user, authn_via=["invitation"])
    return redirect(url_for("home.show"), 303)


def _problems(found: Invitation, entered: dict[str, str]) -> dict[str, str | None]:
    password, again = request.form.get("password", ""), request.form.get("password_confirm", "")
    wrong = passwords.problems(password, about=(entered["name"], found.username, found.email))
    return {
        "name": typed.check_name(entered["name"]),
        "time_zone": typed.check_zone(entered["time_zone"]),
        "password": wrong[0] if wrong else None,
        "password_confirm": None if password == again else "The two passwords differ. Type the same one twice.",
    }


def _page(found: Invitation, token: str, entered: dict[str, str], problems: dict[str, str]) -> str:
    return render_template(
        "identity/invitation.html",
        invitation=found,
        token=token,
        house=invitations.house(found),
        role=ROLE_WORDS[invitations.role_of(found)],
        entered=entered,
        problems=problems,
        zones=typed.zones(),
    )

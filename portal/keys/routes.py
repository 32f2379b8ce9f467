"""The page of API keys: partner admins create and revoke them, everybody in the team sees which there are."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.gates import Gate, gate
from portal.identity.freshness import fresh
from portal.keys import service
from portal.mail.address import one_line
from portal.models.api_key import ApiKey
from portal.models.partner import Partner
from portal.models.people import User
from portal.refusals import Invalid
from portal.web import settings

bp = Blueprint("keys", __name__)


@bp.get("/developers/keys", endpoint="index")
@gate(Gate.PARTNER)
def show(partner: Partner) -> ResponseReturnValue:
    return render_template("keys/index.html", keys=service.listing(partner), most=service.LISTED)


@bp.get("/developers/keys/new")
@gate(Gate.TEAM)
@fresh(back="keys.index")
def new() -> ResponseReturnValue:
    return render_template("keys/new.html", name="", problems={})


@bp.post("/developers/keys/new")
@gate(Gate.TEAM)
@fresh(back="keys.new")
def create(partner: Partner, me: User) -> ResponseReturnValue:
    """The one answer in which the token stands: it is not stored, neither here nor in the browser's session."""
    name = one_line(request.form.get("name", ""))
    try:
        key, token = service.create(partner, name=name, by=me)
    except Invalid as refused:
        return render_template("keys/new.html", name=name, problems=refused.problems), refused.status
    return render_template("keys/created.html", key=key, token=token, address=settings().address)


@bp.get("/developers/keys/<api_key_key>/revoke")
@gate(Gate.TEAM)
@fresh(back="keys.index")
def ask_to_revoke(api_key: ApiKey) -> ResponseReturnValue:
    return render_template("keys/revoke.html", key=api_key)


@bp.post("/developers/keys/<api_key_key>/revoke")
@gate(Gate.TEAM)
@fresh(back="keys.index")
def revoke(api_key: ApiKey, partner: Partner, me: User) -> ResponseReturnValue:
    service.revoke(api_key, partner=partner, by=me)
    flash(f"The key “{api_key.name}” opens nothing any more.", "success")
    return redirect(url_for(".index"), 303)


@bp.get("/api/v1/key")
@gate(Gate.API)
def about(api_key: ApiKey, partner: Partner) -> ResponseReturnValue:
    """Whose key this is: the first thing that a program asks."""
    return {"name": api_key.name, "begins_with": api_key.prefix, "partner": partner.name}

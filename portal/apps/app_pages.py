"""The pages of apps: the list, one app, retiring it."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.apps import reading, service
from portal.apps.blueprint import bp
from portal.apps.own import callbacks, hook_of
from portal.apps.sandbox import NotAnswering, Sandbox
from portal.gates import Gate, gate
from portal.models.partner import Partner
from portal.models.partner_app import PartnerApp
from portal.models.people import User
from portal.status import Environment
from portal.transaction import release
from portal.web import settings


@bp.get("/developers/apps")
@gate(Gate.PARTNER)
def index(partner: Partner) -> ResponseReturnValue:
    return render_template("apps/index.html", apps=reading.apps_of(partner), partner=partner, state=reading.state)


@bp.get("/staff/partners/<partner_key>/apps")
@gate(Gate.STAFF)
def of_partner(partner: Partner) -> ResponseReturnValue:
    return render_template("apps/index.html", apps=reading.apps_of(partner), partner=partner, state=reading.state)


@bp.get("/developers/apps/<app_key>")
@gate(Gate.EVIDENCE)
def show(partner_app: PartnerApp) -> ResponseReturnValue:
    return page_of(partner_app)


def page_of(app: PartnerApp, *, wrong_logo: str = "") -> str:
    """One app; `wrong_logo` says why a logo was not taken."""
    return render_template(
        "apps/show.html",
        app=app,
        state=reading.state(app),
        ending=reading.ending,
        until=reading.overlap(app),
        hook=hook_of(app.hook_key),
        own=callbacks(app.environment),
        wrong_logo=wrong_logo,
    )


@bp.get("/developers/apps/<app_key>/retire")
@gate(Gate.WORK)
def ask_to_retire(partner_app: PartnerApp) -> ResponseReturnValue:
    service.refuse_retired(partner_app)
    return render_template("apps/retire.html", app=partner_app)


@bp.post("/developers/apps/<app_key>/retire")
@gate(Gate.WORK)
def retire(partner_app: PartnerApp, me: User) -> ResponseReturnValue:
    service.refuse_retired(partner_app)
    if partner_app.environment is Environment.EMBEDDED:
        _silence(partner_app.client_id)
    service.retire(partner_app, by=me)
    flash(f"{partner_app.name} is retired.", "success")
    return redirect(url_for(".index"), 303)


def _silence(client_id: str) -> None:
    try:
        release()
        Sandbox.of(settings()).silence(client_id)
    except NotAnswering:
        flash("The embedded sandbox did not answer: webhooks that it still sends are refused here.", "info")

"""Passing every webhook on to the partner's own address: the switch of each app, and the schedule that is kept."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import clock
from portal.gates import Gate, gate
from portal.models.partner import Partner
from portal.models.partner_app import PartnerApp
from portal.models.people import User
from portal.refusals import IllegalMove
from portal.web import settings
from portal.webhooks import schedule, switching
from portal.webhooks.blueprint import bp
from portal.webhooks.reader import Reader


@bp.get("/developers/webhooks/forwarding")
@gate(Gate.PARTNER)
def forwarding(partner: Partner) -> ResponseReturnValue:
    reader = Reader(partner)
    apps = [(app, switching.why_not(app)) for app in reader.apps]
    return render_template(
        "webhooks/forwarding.html",
        apps=apps,
        schedule=schedule.WORDS,
        patience=switching.PATIENCE.days,
        now=clock.now(),
        address=settings().address,
    )


@bp.post("/developers/webhooks/apps/<app_key>/forwarding")
@gate(Gate.WORK)
def switch(partner_app: PartnerApp, me: User) -> ResponseReturnValue:
    on = request.form.get("on") == "y"
    try:
        switching.switch(partner_app, on=on, by=me)
    except IllegalMove as refused:
        flash(refused.words, "warning")
        return redirect(url_for(".forwarding"), 303)
    words = "are passed on from now on" if on else "are no longer passed on"
    flash(f"The webhooks of {partner_app.name} {words}.", "success")
    return redirect(url_for(".forwarding"), 303)

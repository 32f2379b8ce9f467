"""The pre-flight page: what can be seen at once, what the hosts said when they were asked, and a link of the partner's own product."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.apps import asking, reading, service
from portal.apps.blueprint import bp
from portal.apps.finding import restored
from portal.apps.links import ask_of
from portal.apps.own import here
from portal.apps.preflight import look
from portal.gates import Gate, gate
from portal.gocardless import NotHere
from portal.models.partner_app import PartnerApp
from portal.refusals import IllegalMove
from portal.status import Environment
from portal.transaction import release
from portal.web import settings

LONGEST_LINK = 8000


@bp.get("/developers/apps/<app_key>/check")
@gate(Gate.EVIDENCE)
def check(partner_app: PartnerApp) -> ResponseReturnValue:
    """`link` is an authorise link or a redirect URI of the partner's own product."""
    _refuse_live(partner_app)
    link = request.args.get("link", "")[:LONGEST_LINK]
    try:
        around = reading.surroundings(partner_app, settings(), callback_url=here())
    except NotHere:
        raise IllegalMove("This portal is not connected to the environment of this app any more.") from None
    return render_template(
        "apps/check.html",
        app=partner_app,
        link=link,
        findings=look(partner_app, around, ask_of(link)),
        said=[restored(row) for row in partner_app.findings],
        place=around.place,
    )


@bp.post("/developers/apps/<app_key>/check")
@gate(Gate.WORK)
def ask_hosts(partner_app: PartnerApp) -> ResponseReturnValue:
    """Asks both hosts, without a transaction, and keeps what they said."""
    service.refuse_retired(partner_app)
    _refuse_live(partner_app)
    service.refuse_too_soon(partner_app)
    around = reading.surroundings(partner_app, settings(), callback_url=here())
    app_id, app_key, link = partner_app.id, partner_app.key, asking.Link(partner_app.client_id, here())
    release()
    service.keep_findings(app_id, asking.ask(around.place, link))
    flash("Both hosts were asked.", "success")
    return redirect(url_for(".check", app_key=app_key, _anchor="hosts"), 303)


def _refuse_live(app: PartnerApp) -> None:
    if app.environment is Environment.LIVE:
        raise IllegalMove("Live apps are checked on the page Go live, read-only.")

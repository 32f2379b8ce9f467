"""The page of going live: why not yet, both environments side by side, and the one read-only look at live that the partner starts."""

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from portal import gocardless
from portal.apps import asking, credentials, readiness, reading, service
from portal.apps.blueprint import bp
from portal.apps.finding import Finding, restored
from portal.extensions import db
from portal.gates import Gate, gate
from portal.models.integration import Integration
from portal.models.partner import Partner
from portal.models.partner_app import PartnerApp
from portal.refusals import IllegalMove
from portal.status import Environment
from portal.transaction import release


@dataclass(frozen=True, slots=True)
class Side:
    """One environment's settings as the partner's own product needs them; the app may not be there yet."""

    environment: Environment
    place: gocardless.Place | None
    app: PartnerApp | None


@bp.get("/developers/go-live")
@gate(Gate.PARTNER)
def go_live(partner: Partner, integration: Integration) -> ResponseReturnValue:
    return _page(partner, integration, {})


@bp.post("/developers/go-live/check")
@gate(Gate.WORK)
def check_live(partner: Partner, integration: Integration) -> ResponseReturnValue:
    """Asks the live authorise page, and with a pasted token reads one creditor. The token is used once and kept nowhere."""
    live = _sides(_in_use(partner))[1]
    if live.app is None or live.place is None or not live.app.client_id:
        raise IllegalMove("There is no live app with credentials to check yet.")
    token = request.form.get("token", "")
    fault = credentials.token_fault(token, live=True) if token else None
    if fault:
        return _page(partner, integration, {"token": fault.words}), 422
    service.refuse_too_soon(live.app)
    app_id = live.app.id
    link = asking.Link(live.app.client_id, (live.app.redirect_uris or [""])[0])
    release()
    name, findings = _ask(live.place, link, token)
    service.keep_findings(app_id, findings)
    flash(f"Live was asked, read-only. The token reads “{name}”." if name else "Live was asked, read-only.", "success")
    return redirect(url_for(".go_live", _anchor="check"), 303)


def _ask(place: gocardless.Place, link: asking.Link, token: str) -> tuple[str, list[Finding]]:
    name, found = asking.creditor(place, token) if token else ("", [])
    return name, [*asking.connect(place, link), *found]


def _in_use(partner: Partner) -> list[PartnerApp]:
    mine = select(PartnerApp).where(PartnerApp.partner_id == partner.id, PartnerApp.retired_at.is_(None))
    return list(db.session.scalars(mine.order_by(PartnerApp.id.desc()).limit(reading.MOST)))


def _sides(apps: list[PartnerApp]) -> tuple[Side, Side]:
    """Sandbox and live. GoCardless's own sandbox is nearer to live than the embedded one."""
    order = (Environment.GOCARDLESS, Environment.EMBEDDED)
    sandbox = next((app for environment in order for app in apps if app.environment is environment), None)
    live = next((app for app in apps if app.environment is Environment.LIVE), None)
    where = sandbox.environment if sandbox else order[0]
    return Side(where, reading.place(where), sandbox), Side(Environment.LIVE, reading.place(Environment.LIVE), live)


def _page(partner: Partner, integration: Integration, problems: dict[str, str]) -> str:
    apps = _in_use(partner)
    sandbox, live = _sides(apps)
    return render_template(
        "apps/go_live.html",
        sandbox=sandbox,
        live=live,
        reasons=readiness.reasons(integration.status, live.app, [app for app in apps if app is not live.app]),
        said=[restored(row) for row in live.app.findings] if live.app else [],
        ending=reading.ending,
        problems=problems,
    )

"""The start of a connect test: settings, what the pre-flight names, the link explained, and the button that begins it."""

from collections.abc import Mapping

from flask import Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import gocardless
from portal.apps import reading
from portal.apps.own import here
from portal.apps.preflight import Ask, Finding, look
from portal.connect import choices, leaving, link, service
from portal.connect.blueprint import bp
from portal.connect.choices import Choices
from portal.gates import Gate, gate
from portal.headers import POLICY, nonce
from portal.models.partner import Partner
from portal.models.partner_app import PartnerApp
from portal.models.people import User
from portal.models.run import Run
from portal.refusals import IllegalMove
from portal.web import settings


@bp.get("/developers/connect")
@gate(Gate.PARTNER)
def show(partner: Partner) -> ResponseReturnValue:
    """The settings are in the address, so that a test can be passed on."""
    chosen, problems = choices.typed(request.args)
    return _page(partner, request.args.get("app", ""), chosen, problems)


@bp.post("/developers/connect/link")
@gate(Gate.WORK)
def preview(partner: Partner) -> ResponseReturnValue:
    """Show the link for these settings."""
    chosen, problems = choices.typed(request.form)
    if problems:
        return _page(partner, request.form.get("app", ""), chosen, problems, 422)
    return redirect(url_for(".show", app=request.form.get("app", ""), **chosen.flat(), _anchor="link"), 303)


@bp.post("/developers/connect")
@gate(Gate.WORK)
def start(partner: Partner, me: User) -> ResponseReturnValue:
    """A run that waits, its state bound to this browser, and the merchant on the way to GoCardless."""
    chosen, problems = choices.typed(request.form)
    app = _app(_apps(partner), request.form.get("app", ""))
    if app is None:
        problems["app"] = "Choose an app that is registered in a sandbox."
    if problems or app is None:
        return _page(partner, request.form.get("app", ""), chosen, problems, 422)
    try:
        run, state = service.begin(app, chosen, by=me, redirect_uri=here(), device=leaving.device())
        address = link.build(app, chosen, redirect_uri=here(), state=state)
    except gocardless.NotHere:
        raise IllegalMove("This portal is not connected to the environment of this app any more.") from None
    service.sent(run, address)
    leaving.bind(state, here())
    return redirect(address, 303)


@bp.post("/developers/connect/again/<run_key>")
@gate(Gate.WORK)
def again(run: Run) -> ResponseReturnValue:
    """The start page with the settings of this run."""
    return redirect(url_for(".show", app=run.app.key, **choices.restored(run.parameters).flat()), 303)


def _apps(partner: Partner) -> list[PartnerApp]:
    """Those that a test can be made with."""
    return [app for app in reading.apps_of(partner) if app.retired_at is None and app.environment in gocardless.available()]


def _app(apps: list[PartnerApp], key: str) -> PartnerApp | None:
    """The one asked for; the first when none was asked for."""
    return next((app for app in apps if app.key == key or not key), None)


def _page(partner: Partner, key: str, chosen: Choices, problems: Mapping[str, str], status: int = 200) -> ResponseReturnValue:
    apps = _apps(partner)
    app = _app(apps, key) or _app(apps, "")
    shown = link.build(app, chosen, redirect_uri=here()) if app and not problems else ""
    page = render_template(
        "connect/show.html",
        apps=apps,
        app=app,
        chosen=chosen,
        problems=problems,
        findings=_findings(app, chosen) if app else [],
        link=shown,
        parameters=link.explained(shown) if shown else [],
        choices=choices,
    )
    return _leading_out(page, apps, status)


def _findings(app: PartnerApp, chosen: Choices) -> list[Finding]:
    return look(app, reading.surroundings(app, settings(), callback_url=here()), Ask(scope=chosen.scope))


def _leading_out(page: str, apps: list[PartnerApp], status: int) -> Response:
    """The form of this page ends at GoCardless: Chromium holds redirects of a form against the policy, too."""
    response = make_response(page, status)
    targets = " ".join(dict.fromkeys(["'self'", *(link.origins(app) for app in apps)]))
    policy = POLICY.format(nonce=nonce()).replace("form-action 'self'", f"form-action {targets}")
    response.headers["Content-Security-Policy"] = policy
    return response

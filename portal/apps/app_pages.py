"""The pages of apps: the list, one app, registering, editing, retiring."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import gocardless
from portal.apps import details as about
from portal.apps import forms, reading, service
from portal.apps.blueprint import bp
from portal.apps.forms import Typed
from portal.apps.own import callbacks, hook_of
from portal.apps.sandbox import NotAnswering, Sandbox
from portal.apps.secret_pages import reveal
from portal.extensions import db
from portal.gates import Gate, gate
from portal.identity.freshness import fresh
from portal.models.columns import new_key
from portal.models.partner import Partner
from portal.models.partner_app import PartnerApp
from portal.models.people import User
from portal.refusals import Invalid, StaleDraft
from portal.status import Environment
from portal.transaction import release
from portal.web import settings

TERMS = "Say that your organisation has accepted the Partner Agreement."


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
    return render_template(
        "apps/show.html",
        app=partner_app,
        state=reading.state(partner_app),
        ending=reading.ending,
        until=reading.overlap(partner_app),
        hook=hook_of(partner_app.hook_key),
        own=callbacks(partner_app.environment),
    )


@bp.get("/developers/apps/new")
@gate(Gate.WORK)
@fresh(back="apps.index")
def new() -> ResponseReturnValue:
    """A fresh sign-in, because the secret is shown once in the answer to the form."""
    chosen = forms.environment(request.args.get("environment", ""), _offered())
    return _form(Typed.empty(chosen or _offered()[0]), {})


@bp.post("/developers/apps/new")
@gate(Gate.WORK)
def create(partner: Partner, me: User) -> ResponseReturnValue:
    chosen = forms.environment(request.form.get("environment", ""), _offered())
    typed = forms.read(request.form, chosen or _offered()[0])
    if _registered(partner, typed.key):
        return redirect(url_for(".show", app_key=typed.key), 303)
    own, hook_key = callbacks(typed.environment), new_key()
    details, hook = typed.details(own=own), hook_of(hook_key)
    problems = about.problems(details, environment=typed.environment, own=own, hook=hook) | (
        {} if typed.terms else {"terms": TERMS}
    )
    if problems or not chosen:
        return _form(typed, {**problems, **({} if chosen else {"environment": "Choose where the app lives."})}), 422
    try:
        service.refuse_too_many(partner)
        credentials = _at_sandbox().register(details, hook=hook) if chosen is Environment.EMBEDDED else None
    except Invalid as refusal:
        return _form(typed, refusal.problems), 422
    except NotAnswering as refusal:
        return _form(typed, {"": refusal.words}), refusal.status
    app = service.register(
        partner, details, environment=chosen, key=typed.key, hook_key=hook_key, credentials=credentials, by=me
    )
    if not credentials:
        flash("Registered here. Now enter it at GoCardless and paste what you get.", "success")
        return redirect(url_for(".credentials", app_key=app.key), 303)
    return reveal(app, [("client_secret", credentials.client_secret), ("webhook_secret", credentials.webhook_secret)])


@bp.get("/developers/apps/<app_key>/edit")
@gate(Gate.WORK)
def edit(partner_app: PartnerApp) -> ResponseReturnValue:
    service.refuse_retired(partner_app)
    return _form(Typed.of(partner_app, own=callbacks(partner_app.environment)), {}, partner_app)


@bp.post("/developers/apps/<app_key>/edit")
@gate(Gate.WORK)
def save(partner_app: PartnerApp, me: User) -> ResponseReturnValue:
    service.refuse_retired(partner_app)
    own = callbacks(partner_app.environment)
    typed = forms.read(request.form, partner_app.environment)
    details, hook = typed.details(own=own), hook_of(partner_app.hook_key)
    problems = about.problems(details, environment=partner_app.environment, own=own, hook=hook)
    if problems:
        return _form(typed, problems, partner_app), 422
    try:
        service.check_version(partner_app, details, typed.version)
        _tell_sandbox(partner_app, details, hook)
        service.change(partner_app, details, version=typed.version, by=me)
    except StaleDraft as refusal:
        return _conflict(partner_app, typed, refusal)
    except NotAnswering as refusal:
        return _form(typed, {"": refusal.words}, partner_app), refusal.status
    flash(
        "Saved." if partner_app.environment is Environment.EMBEDDED else "Saved here. Change it at GoCardless, too.", "success"
    )
    return redirect(url_for(".show", app_key=partner_app.key), 303)


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


def _offered() -> tuple[Environment, ...]:
    """Where apps can be registered: the sandboxes of this portal, and live."""
    return (*gocardless.available(), Environment.LIVE)


def _registered(partner: Partner, key: str) -> bool:
    """Whether this form was sent before: reloading the page of the secrets registers nothing again."""
    return db.session.query(PartnerApp.id).filter_by(partner_id=partner.id, key=key).first() is not None


def _at_sandbox() -> Sandbox:
    """No transaction is open while it is spoken to."""
    release()
    return Sandbox.of(settings())


def _tell_sandbox(app: PartnerApp, details: about.Details, hook: str) -> None:
    """Also when nothing differs: saving again brings back an app that the sandbox has forgotten."""
    if app.environment is Environment.EMBEDDED:
        credentials = service.credentials_of(app)
        _at_sandbox().change(details, hook=hook, credentials=credentials)


def _silence(client_id: str) -> None:
    try:
        _at_sandbox().silence(client_id)
    except NotAnswering:
        flash("The embedded sandbox did not answer: webhooks that it still sends are refused here.", "info")


def _form(typed: Typed, problems: dict[str, str], app: PartnerApp | None = None) -> str:
    return render_template(
        "apps/form.html", typed=typed, problems=problems, app=app, own=callbacks(typed.environment), environments=_offered()
    )


def _conflict(app: PartnerApp, typed: Typed, refusal: StaleDraft) -> ResponseReturnValue:
    own = callbacks(app.environment)
    theirs, mine = about.of(app).plain(), typed.details(own=own).plain()
    page = render_template(
        "apps/conflict.html",
        app=app,
        words=refusal.words,
        typed=typed,
        differing=[(name, theirs[name], mine[name]) for name in theirs if theirs[name] != mine[name]],
    )
    return page, refusal.status

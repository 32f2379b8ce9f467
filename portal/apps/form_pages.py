"""The form of an app: registering a new one and editing it, at the embedded sandbox as well."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import gocardless
from portal.apps import details as about
from portal.apps import forms, service
from portal.apps.blueprint import bp
from portal.apps.details import Details
from portal.apps.forms import Typed
from portal.apps.own import callbacks, hook_of
from portal.apps.sandbox import NotAnswering, Sandbox
from portal.apps.secret_pages import KINDS, reveal
from portal.apps.service import Credentials
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
WHERE = "Choose where the app lives."


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
    hook_key, asked = new_key(), {} if chosen else {"environment": WHERE}
    try:
        details = _checked(typed, hook_of(hook_key), asked if typed.terms else {**asked, "terms": TERMS})
        service.refuse_too_many(partner)
        credentials = _given(typed.environment, details, hook_of(hook_key))
    except Invalid as refusal:
        return _form(typed, refusal.problems), 422
    except NotAnswering as refusal:
        return _form(typed, {"": refusal.words}), refusal.status
    keys = {"key": typed.key, "hook_key": hook_key}
    app = service.register(partner, details, environment=typed.environment, **keys, credentials=credentials, by=me)
    return _onward(app, credentials)


@bp.get("/developers/apps/<app_key>/edit")
@gate(Gate.WORK)
def edit(partner_app: PartnerApp) -> ResponseReturnValue:
    service.refuse_retired(partner_app)
    return _form(Typed.of(partner_app, own=callbacks(partner_app.environment)), {}, partner_app)


@bp.post("/developers/apps/<app_key>/edit")
@gate(Gate.WORK)
def save(partner_app: PartnerApp, me: User) -> ResponseReturnValue:
    service.refuse_retired(partner_app)
    typed, hook = forms.read(request.form, partner_app.environment), hook_of(partner_app.hook_key)
    try:
        details = _checked(typed, hook, {})
        service.check_version(partner_app, details, typed.version)
        _tell_sandbox(partner_app, details, hook)
        service.change(partner_app, details, version=typed.version, by=me)
    except Invalid as refusal:
        return _form(typed, refusal.problems, partner_app), 422
    except StaleDraft as refusal:
        return _conflict(partner_app, typed, refusal)
    except NotAnswering as refusal:
        return _form(typed, {"": refusal.words}, partner_app), refusal.status
    flash("Saved." if typed.environment is Environment.EMBEDDED else "Saved here. Change it at GoCardless, too.", "success")
    return redirect(url_for(".show", app_key=partner_app.key), 303)


def _offered() -> tuple[Environment, ...]:
    """Where apps can be registered: the sandboxes of this portal, and live."""
    return (*gocardless.available(), Environment.LIVE)


def _registered(partner: Partner, key: str) -> bool:
    """Whether this form was sent before: reloading the page of the secrets registers nothing again."""
    return db.session.query(PartnerApp.id).filter_by(partner_id=partner.id, key=key).first() is not None


def _checked(typed: Typed, hook: str, problems: dict[str, str]) -> Details:
    """What was typed, without a mistake. Raises Invalid with these problems and all others."""
    own = callbacks(typed.environment)
    details = typed.details(own=own)
    problems = {**about.problems(details, environment=typed.environment, own=own, hook=hook), **problems}
    if problems:
        raise Invalid(problems)
    return details


def _at_sandbox() -> Sandbox:
    """No transaction is open while it is spoken to."""
    release()
    return Sandbox.of(settings())


def _given(environment: Environment, details: Details, hook: str) -> Credentials | None:
    """The credentials that the embedded sandbox makes; those of other places are pasted later."""
    return _at_sandbox().register(details, hook=hook) if environment is Environment.EMBEDDED else None


def _onward(app: PartnerApp, credentials: Credentials | None) -> ResponseReturnValue:
    if credentials:
        return reveal(app, [(kind, getattr(credentials, kind)) for kind in KINDS])
    flash("Registered here. Now enter it at GoCardless and paste what you get.", "success")
    return redirect(url_for(".credentials", app_key=app.key), 303)


def _tell_sandbox(app: PartnerApp, details: Details, hook: str) -> None:
    """Also when nothing differs: saving again brings back an app that the sandbox has forgotten."""
    if app.environment is Environment.EMBEDDED:
        credentials = service.credentials_of(app)
        _at_sandbox().change(details, hook=hook, credentials=credentials)


def _form(typed: Typed, problems: dict[str, str], app: PartnerApp | None = None) -> str:
    return render_template(
        "apps/form.html", typed=typed, problems=problems, app=app, own=callbacks(typed.environment), environments=_offered()
    )


def _conflict(app: PartnerApp, typed: Typed, refusal: StaleDraft) -> ResponseReturnValue:
    theirs, mine = about.of(app).plain(), typed.details(own=callbacks(app.environment)).plain()
    differing = [(name, theirs[name], mine[name]) for name in theirs if theirs[name] != mine[name]]
    page = render_template("apps/conflict.html", app=app, words=refusal.words, typed=typed, differing=differing)
    return page, refusal.status

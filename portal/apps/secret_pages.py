"""The pages of an app's credentials: pasted, shown once, rotated with an overlap. Secrets are for the partner's admins only."""

from datetime import timedelta
from typing import NoReturn

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal import clock
from portal.apps import forms, reading, renewal, service
from portal.apps.blueprint import bp
from portal.apps.own import callbacks, hook_of
from portal.apps.pasted import NAMES
from portal.apps.sandbox import NotAnswering, Sandbox
from portal.gates import Gate, gate, may
from portal.identity.freshness import fresh, is_fresh
from portal.models.partner_app import PartnerApp
from portal.models.people import User
from portal.refusals import IllegalMove, Invalid, StaleDraft
from portal.status import Environment
from portal.transaction import release
from portal.web import settings

KINDS = ("client_secret", "webhook_secret")


def reveal(app: PartnerApp, secrets: list[tuple[str, str]]) -> ResponseReturnValue:
    """The one answer that shows secrets: to an admin who signed in lately. Everybody else goes on without them."""
    if not (may(Gate.TEAM, current_user) and is_fresh()):
        flash("Registered. The secrets are kept; an admin of your team can make new ones and see them then.", "success")
        return redirect(url_for("apps.show", app_key=app.key), 303)
    named = [(NAMES[kind], secret) for kind, secret in secrets]
    return render_template("apps/secrets.html", app=app, secrets=named)


@bp.get("/developers/apps/<app_key>/credentials")
@gate(Gate.WORK)
def credentials(partner_app: PartnerApp) -> ResponseReturnValue:
    """Where those of an app that has none are pasted."""
    service.refuse_retired(partner_app)
    if partner_app.client_secret:
        return redirect(url_for(".show", app_key=partner_app.key))
    return _form(partner_app, partner_app.client_id, {})


@bp.post("/developers/apps/<app_key>/credentials")
@gate(Gate.WORK)
def paste(partner_app: PartnerApp, me: User) -> ResponseReturnValue:
    pasted = forms.credentials(request.form)
    try:
        renewal.enter(partner_app, pasted, by=me)
    except Invalid as refusal:
        return _form(partner_app, pasted.client_id, refusal.problems), 422
    flash("The credentials are kept, encrypted.", "success")
    return redirect(url_for(".show", app_key=partner_app.key), 303)


@bp.get("/developers/apps/<app_key>/credentials/replace")
@gate(Gate.TEAM)
@fresh(back="apps.index")
def replacement(partner_app: PartnerApp) -> ResponseReturnValue:
    service.refuse_retired(partner_app)
    if partner_app.environment is Environment.EMBEDDED:
        return redirect(url_for(".rotation", app_key=partner_app.key))
    return _form(partner_app, partner_app.client_id, {}, again=True)


@bp.post("/developers/apps/<app_key>/credentials/replace")
@gate(Gate.TEAM)
@fresh(back="apps.index")
def replace(partner_app: PartnerApp, me: User) -> ResponseReturnValue:
    if partner_app.environment is Environment.EMBEDDED:
        raise IllegalMove("The embedded sandbox makes this app's secrets: rotate them instead.")
    pasted = forms.credentials(request.form)
    try:
        renewal.replace(partner_app, pasted, overlap=_overlap(), by=me)
    except Invalid as refusal:
        return _form(partner_app, pasted.client_id, refusal.problems, again=True), 422
    flash("The new credentials are kept, encrypted.", "success")
    return redirect(url_for(".show", app_key=partner_app.key), 303)


@bp.get("/developers/apps/<app_key>/rotate")
@gate(Gate.TEAM)
@fresh(back="apps.index")
def rotation(partner_app: PartnerApp) -> ResponseReturnValue:
    service.refuse_retired(partner_app)
    if partner_app.environment is not Environment.EMBEDDED:
        return redirect(url_for(".replacement", app_key=partner_app.key))
    return _rotation(partner_app, {})


@bp.post("/developers/apps/<app_key>/rotate")
@gate(Gate.TEAM)
@fresh(back="apps.index")
def rotate(partner_app: PartnerApp, me: User) -> ResponseReturnValue:
    """Asks the sandbox for a new secret of the chosen kind and shows it, once."""
    service.refuse_retired(partner_app)
    kind = request.form.get("kind", "")
    if kind not in KINDS or partner_app.environment is not Environment.EMBEDDED:
        return _rotation(partner_app, {"kind": "Choose the secret that you want to renew."}), 422
    client_id, version = partner_app.client_id, partner_app.version
    release()
    try:
        secret = Sandbox.of(settings()).rotate(client_id, kind, overlap=_overlap())
    except NotAnswering as refusal:
        return _rotation(partner_app, {"": refusal.words}), refusal.status
    if partner_app.version != version:
        _put_back(partner_app, kind)
    renewal.rotate(partner_app, kind, secret, until=clock.now() + _overlap(), by=me)
    return reveal(partner_app, [(kind, secret)])


@bp.post("/developers/apps/<app_key>/end-overlap")
@gate(Gate.TEAM)
@fresh(back="apps.index")
def end_overlap(partner_app: PartnerApp, me: User) -> ResponseReturnValue:
    if partner_app.environment is Environment.EMBEDDED and partner_app.previous_client_secret:
        known = service.credentials_of(partner_app)
        release()
        Sandbox.of(settings()).end_overlap(known.client_id, known.client_secret)
    renewal.end_overlap(partner_app, by=me)
    flash("Only the current secrets are valid now.", "success")
    return redirect(url_for(".show", app_key=partner_app.key), 303)


def _put_back(app: PartnerApp, kind: str) -> NoReturn:
    """Somebody else was first: the sandbox gets their secret again, so that both sides know the same."""
    client_id, theirs = app.client_id, getattr(app, kind)
    release()
    Sandbox.of(settings()).rotate(client_id, kind, overlap=_overlap(), secret=theirs)
    raise StaleDraft(
        "Somebody else changed this app at the same moment. No new secret was made; look at the app and try again."
    )


def _overlap() -> timedelta:
    return timedelta(hours=settings().secret_overlap_hours)


def _form(app: PartnerApp, client_id: str, problems: dict[str, str], *, again: bool = False) -> str:
    """Secrets are never put back into the page; the client id is none."""
    return render_template(
        "apps/credentials.html",
        app=app,
        client_id=client_id,
        problems=problems,
        again=again,
        hook=hook_of(app.hook_key),
        own=callbacks(app.environment),
        hours=settings().secret_overlap_hours,
    )


def _rotation(app: PartnerApp, problems: dict[str, str]) -> str:
    return render_template(
        "apps/rotate.html", app=app, problems=problems, ending=reading.ending, hours=settings().secret_overlap_hours
    )

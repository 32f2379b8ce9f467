"""Pages of My Account: the form, its history, and the answer when two people edited it at once."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from portal import journey
from portal.account import forms, readiness, service
from portal.account.fields import CONTACT_TEXTS, FIELDS, GROUPS
from portal.account.view import Sheet, sheet_of, sheet_typed
from portal.catalog import account_choices
from portal.extensions import db
from portal.frame import stage
from portal.gates import Gate, gate
from portal.models.event import Event
from portal.models.integration import Integration
from portal.models.partner import Profile
from portal.models.people import User
from portal.refusals import Invalid, NotReady, StaleDraft
from portal.transaction import keep
from portal.web import number

bp = Blueprint("account", __name__, url_prefix="/account")
HISTORY = 20


@bp.get("/")
@gate(Gate.PARTNER)
def show(profile: Profile) -> ResponseReturnValue:
    return _page(sheet_of(profile))


@bp.get("/company-profile")
@gate(Gate.PARTNER)
def profile() -> ResponseReturnValue:
    """The same data under the name that the person's menu gives it."""
    return redirect(url_for(".show"))


@bp.post("/")
@gate(Gate.WORK)
def save(profile: Profile, integration: Integration, me: User) -> ResponseReturnValue:
    """Save the draft; with `complete` also say that it is finished."""
    try:
        typed = forms.read(request.form)
        service.save(profile, typed, by=me)
    except Invalid as refusal:
        return _page(sheet_typed(request.form), problems=refusal.problems), 422
    except StaleDraft as refusal:
        return _conflict(profile, typed, refusal)
    if "complete" in request.form:
        return _complete(profile, integration, me)
    journey.account_changed(integration, by=me)
    flash("Saved. You can come back and finish later." if not profile.complete else "Saved.", "success")
    return redirect(url_for(".show"), 303)


def _complete(profile: Profile, integration: Integration, me: User) -> ResponseReturnValue:
    try:
        service.complete(profile, by=me)
    except NotReady:
        keep()
        journey.account_changed(integration, by=me)
        return _page(sheet_of(profile), problems=readiness.problems(profile)), 422
    submitted = journey.account_changed(integration, by=me)
    flash(
        "My Account is complete, and your integration was sent for review." if submitted else "My Account is complete.",
        "success",
    )
    return redirect(url_for("home.show"), 303)


def _conflict(profile: Profile, typed: forms.Typed, refusal: StaleDraft) -> ResponseReturnValue:
    theirs, mine = service.picture(profile), service.typed_picture(typed)
    differing = [field for field in FIELDS if theirs[field.name] != mine[field.name]]
    page = render_template(
        "account/conflict.html",
        words=refusal.words,
        differing=differing,
        theirs=sheet_of(profile),
        mine=sheet_typed(request.form),
        posted=[
            (name, value) for name, value in request.form.items(multi=True) if name not in ("csrf_token", "version", "complete")
        ],
        contacts_differ=theirs["contacts"] != mine["contacts"],
        version=profile.version,
    )
    return page, 409


@bp.get("/history")
@gate(Gate.PARTNER)
def history(profile: Profile) -> ResponseReturnValue:
    """Every change of My Account, newest first, with what stood there before."""
    before = request.args.get("before", type=number)
    statement = (
        select(Event.id, Event.at, Event.actor_name, Event.payload)
        .where(Event.partner_id == profile.partner_id, Event.kind == "profile_saved")
        .order_by(Event.id.desc())
        .limit(HISTORY + 1)
    )
    rows = db.session.execute(statement.where(Event.id < before) if before else statement).all()
    return render_template(
        "account/history.html",
        rows=rows[:HISTORY],
        older=rows[HISTORY - 1].id if len(rows) > HISTORY else None,
        labels={field.name: field.label for field in FIELDS} | {"contacts": "Contacts"},
        words={field.name: dict(field.options()) for field in FIELDS},
    )


def _page(sheet: Sheet, problems: dict[str, str] | None = None) -> str:
    return render_template(
        "account/show.html",
        sheet=sheet,
        groups=[(group, [field for field in FIELDS if field.group == group]) for group in GROUPS],
        problems=problems or {},
        contact_texts=CONTACT_TEXTS,
        contact_roles=[(option.code, option.words) for option in account_choices().contact_roles],
        submits=journey.waits_for_account(stage()),
    )

"""The texts of the listing: the form, its draft, the answer when two people edited it, and what the landing page says."""

from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import journey
from portal.frame import stage
from portal.gates import Gate, gate
from portal.launch import forms, service
from portal.launch.blueprint import bp, check_open
from portal.launch.fields import FIELDS, GROUPS
from portal.launch.landing import findings
from portal.models.partner import Partner
from portal.models.people import User
from portal.refusals import Invalid, StaleDraft
from portal.transaction import keep


@dataclass(frozen=True, slots=True)
class Sheet:
    """The texts as the page shows them, and the version that they belong to."""

    values: dict[str, Any]
    version: int


@bp.get("/launch/listing")
@gate(Gate.PARTNER)
def listing(partner: Partner) -> ResponseReturnValue:
    now = service.launch(partner)
    return _page(now, Sheet(dict(now.listing.draft), now.listing.version))


@bp.post("/launch/listing")
@gate(Gate.WORK)
def save_listing(partner: Partner, me: User) -> ResponseReturnValue:
    """Save the draft; with `check` also say what is missing."""
    check_open()
    try:
        typed = forms.listing(request.form)
        service.save(partner, typed, by=me)
    except Invalid as refusal:
        return _page(service.launch(partner), Sheet(forms.values(request.form), 0), refusal.problems), 422
    except StaleDraft as refusal:
        return _conflict(partner, typed, refusal)
    if "check" not in request.form:
        flash("Saved. You can come back and finish later.", "success")
        return redirect(url_for(".listing"), 303)
    return _checked(partner)


def _checked(partner: Partner) -> ResponseReturnValue:
    now = service.launch(partner)
    if problems := now.problems:
        keep()
        return _page(now, Sheet(dict(now.listing.draft), now.listing.version), problems), 422
    flash("Saved. Nothing is missing in the texts.", "success")
    return redirect(url_for(".show"), 303)


def _page(now: service.Launch, sheet: Sheet, problems: dict[str, str] | None = None) -> str:
    return render_template(
        "launch/listing.html",
        sheet=sheet,
        groups=[(group, [field for field in FIELDS if field.group == group]) for group in GROUPS],
        problems=problems or {},
        shut=journey.launch_reasons(stage()),
        allowed={"schemes": set(now.profile.schemes), "features": set(now.features)},
        landing=now.listing.landing,
        findings=findings(now.listing.landing),
        updated_at=now.listing.updated_at if now.listing.updated_by_id else None,
    )


def _conflict(partner: Partner, typed: forms.TypedListing, refusal: StaleDraft) -> ResponseReturnValue:
    theirs = service.launch(partner).listing
    differing = [field for field in FIELDS if theirs.draft.get(field.name) != typed.values[field.name]]
    posted = [(name, value) for name, value in request.form.items(multi=True) if name not in ("csrf_token", "version", "check")]
    page = render_template(
        "launch/conflict.html",
        words=refusal.words,
        differing=differing,
        theirs=theirs.draft,
        mine=typed.values,
        posted=posted,
        version=theirs.version,
    )
    return page, 409


@bp.post("/launch/landing")
@gate(Gate.WORK)
def look_again(partner: Partner) -> ResponseReturnValue:
    """Visit the landing page once more."""
    check_open()
    service.look_again(partner)
    flash("We look at your landing page now. What we find is shown here in a moment.", "info")
    return redirect(url_for(".listing", _anchor="landing"), 303)


@bp.get("/launch/landing")
@gate(Gate.PARTNER)
def landing(partner: Partner) -> ResponseReturnValue:
    """What the last visit found, as a part of the page: asked for while a visit is under way."""
    found = service.launch(partner).listing.landing
    return render_template("launch/landing.html", landing=found, findings=findings(found), asked=True)

"""Launch can be read at any time and edited once the integration has been submitted: overview, sending, taking back."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import journey
from portal.account.forms import clean
from portal.frame import stage
from portal.gates import Gate, gate
from portal.launch import document_routes, listing_routes, logo_routes, publishing, service  # noqa: F401 - their views join the room
from portal.launch.blueprint import bp, check_open
from portal.launch.cards import card
from portal.launch.landing import findings
from portal.models.partner import Partner
from portal.models.people import User
from portal.refusals import Invalid, NotReady

__all__ = ["bp"]


@bp.get("/launch")
@gate(Gate.PARTNER)
def show(partner: Partner) -> ResponseReturnValue:
    return _page(partner)


def _page(partner: Partner, problems: dict[str, str] | None = None, reason: str = "") -> str:
    now = service.launch(partner)
    reasons = now.reasons
    return render_template(
        "launch/show.html",
        shut=journey.launch_reasons(stage()),
        now=now,
        listing=now.listing,
        stage=stage(),
        reasons=reasons,
        texts_missing=sum(one.endpoint == "launch.listing" for one in reasons),
        differs=now.version != (now.listing.pending or now.listing.published),
        findings=findings(now.listing.landing),
        card=card(now.version, now.listing.logo, preview=True),
        problems=problems or {},
        reason=reason,
    )


@bp.post("/launch/send")
@gate(Gate.WORK)
def send(partner: Partner, me: User) -> ResponseReturnValue:
    check_open()
    try:
        service.send(partner, by=me)
    except NotReady as refusal:
        flash(f"The listing was not sent: {len(refusal.missing)} things are missing. They are listed below.", "danger")
        return _page(partner), 422
    flash("Sent. A partner manager looks at it next, and you hear from us by e-mail.", "success")
    return redirect(url_for(".show"), 303)


@bp.post("/launch/take-back")
@gate(Gate.WORK)
def take_back(partner: Partner, me: User) -> ResponseReturnValue:
    service.take_back(partner, by=me)
    flash("Taken back. Send it again when it is ready.", "success")
    return redirect(url_for(".show"), 303)


@bp.post("/launch/withdraw")
@gate(Gate.WORK)
def withdraw(partner: Partner, me: User) -> ResponseReturnValue:
    reason = clean(request.form.get("reason", ""))
    try:
        publishing.withdraw(service.stored(partner), reason=reason, by=me)
    except Invalid as refusal:
        return _page(partner, refusal.problems, reason), 422
    flash("Your listing is no longer in the directory.", "success")
    return redirect(url_for(".show"), 303)

"""The partner managers' pages about listings, and the administrators' page about a certificate."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from portal import journey
from portal.account.forms import clean
from portal.extensions import db
from portal.gates import Gate, gate
from portal.launch import certificates, desk, publishing
from portal.launch.landing import findings
from portal.launch.versions import changes
from portal.models.certificate import Certificate
from portal.models.integration import Integration
from portal.models.listing import Listing
from portal.models.people import User
from portal.refusals import Invalid, NotReady
from portal.status import ListingStatus
from portal.web import number

bp = Blueprint("listings", __name__, url_prefix="/staff")
OTHERS = (ListingStatus.PUBLISHED, ListingStatus.DRAFT, ListingStatus.WITHDRAWN)


@bp.get("/listings")
@gate(Gate.STAFF)
def index() -> ResponseReturnValue:
    """Those that wait, unless the URL asks for a state."""
    asked = request.args.get("state", "")
    state = next((state for state in ListingStatus if state.value == asked), None)
    after = desk.place(clean(request.args.get("after", "")))
    rows = desk.in_state(state, after=after) if state else desk.waiting(after=after)
    older = rows[desk.PAGE - 1].key if len(rows) > desk.PAGE else ""
    return render_template("listings/index.html", rows=rows[: desk.PAGE], state=state, states=OTHERS, older=older)


@bp.get("/listings/<listing_key>")
@gate(Gate.STAFF)
def show(listing: Listing) -> ResponseReturnValue:
    return _page(listing)


def _page(listing: Listing, problems: dict[str, str] | None = None, reason: str = "") -> str:
    return render_template(
        "listings/show.html",
        listing=listing,
        changes=changes(listing.published, listing.pending) if listing.pending else [],
        certificate=certificates.of_partner(listing.partner_id),
        findings=findings(listing.landing),
        problems=problems or {},
        reason=reason,
    )


@bp.post("/listings/<listing_key>/publish")
@gate(Gate.PARTNERS)
def publish(listing: Listing, me: User) -> ResponseReturnValue:
    try:
        publishing.publish(listing, number=request.form.get("number", 0, type=number), by=me)
    except NotReady:
        db.session.rollback()
        flash("This cannot be published: the integration is not certified, or its certificate does not hold.", "danger")
        return _page(listing), 422
    journey.published(_integration(listing), by=me)
    flash(f"{listing.partner.name} is in the directory now, and its team is told.", "success")
    return redirect(url_for(".show", listing_key=listing.key), 303)


def _integration(listing: Listing) -> Integration:
    return db.session.scalars(select(Integration).where(Integration.partner_id == listing.partner_id)).one()


@bp.post("/listings/<listing_key>/decline")
@gate(Gate.PARTNERS)
def decline(listing: Listing, me: User) -> ResponseReturnValue:
    reason = clean(request.form.get("reason", ""))
    try:
        publishing.decline(listing, number=request.form.get("number", 0, type=number), reason=reason, by=me)
    except Invalid as refusal:
        return _page(listing, refusal.problems, reason), 422
    flash("The listing went back, and the team is told why.", "success")
    return redirect(url_for(".show", listing_key=listing.key), 303)


@bp.post("/listings/<listing_key>/withdraw")
@gate(Gate.PARTNERS)
def withdraw(listing: Listing, me: User) -> ResponseReturnValue:
    reason = clean(request.form.get("reason", ""))
    try:
        publishing.withdraw(listing, reason=reason, by=me)
    except Invalid as refusal:
        return _page(listing, {f"withdraw-{name}": words for name, words in refusal.problems.items()}, reason), 422
    flash("The listing is no longer in the directory, and the team is told why.", "success")
    return redirect(url_for(".show", listing_key=listing.key), 303)


@bp.get("/certificates/<certificate_key>")
@gate(Gate.STAFF)
def certificate(certificate: Certificate) -> ResponseReturnValue:
    return _certificate(certificate)


def _certificate(certificate: Certificate, problems: dict[str, str] | None = None, reason: str = "") -> str:
    facts = {"certificate": certificate, "partner": certificate.integration.partner, "state": certificate.state()}
    return render_template("listings/certificate.html", **facts, problems=problems or {}, reason=reason)


@bp.post("/certificates/<certificate_key>/suspend")
@gate(Gate.ADMINISTER)
def suspend(certificate: Certificate, me: User) -> ResponseReturnValue:
    reason = clean(request.form.get("reason", ""))
    try:
        certificates.suspend(certificate, reason=reason, by=me)
    except Invalid as refusal:
        return _certificate(certificate, refusal.problems, reason), 422
    flash("The certificate is suspended. Its page, its badge and the directory show it now.", "success")
    return redirect(url_for(".certificate", certificate_key=certificate.key), 303)


@bp.post("/certificates/<certificate_key>/restore")
@gate(Gate.ADMINISTER)
def restore(certificate: Certificate, me: User) -> ResponseReturnValue:
    certificates.restore(certificate, by=me)
    flash("The certificate is valid again.", "success")
    return redirect(url_for(".certificate", certificate_key=certificate.key), 303)

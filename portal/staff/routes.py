"""Pages of the staff desk: registrations and partners; the others stand in files of their own."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from portal import journey, timeline
from portal.account.forms import clean
from portal.catalog import certification
from portal.extensions import db
from portal.gates import Gate, gate
from portal.models.integration import Integration
from portal.models.partner import Registration
from portal.models.people import User
from portal.refusals import Invalid
from portal.staff import audit_pages, catalog_pages, figure_pages, holiday_pages, overview
from portal.staff import partners as found
from portal.staff import registrations as service
from portal.staff.blueprint import bp
from portal.status import IntegrationStatus, RegistrationStatus
from portal.web import number, settings

__all__ = ["audit_pages", "bp", "catalog_pages", "figure_pages", "holiday_pages"]
PAGE = 50


@bp.get("/registrations")
@gate(Gate.PARTNERS)
def registrations() -> ResponseReturnValue:
    status = _choice(RegistrationStatus, request.args.get("status", "")) or RegistrationStatus.NEW
    before = request.args.get("before", type=number)
    statement = select(Registration).where(Registration.status == status).order_by(Registration.id.desc()).limit(PAGE + 1)
    rows = db.session.scalars(statement.where(Registration.id < before) if before else statement).all()
    older = rows[PAGE - 1].id if len(rows) > PAGE else None
    return render_template(
        "staff/registrations.html", rows=rows[:PAGE], status=status, statuses=RegistrationStatus, older=older
    )


@bp.get("/registrations/<registration_key>")
@gate(Gate.PARTNERS)
def registration(registration: Registration) -> ResponseReturnValue:
    return _registration(registration, {"username": service.suggested_username(registration), "reason": ""}, {})


@bp.post("/registrations/<registration_key>/accept")
@gate(Gate.PARTNERS)
def accept(registration: Registration, me: User) -> ResponseReturnValue:
    username = clean(request.form.get("username", "")).lower()
    try:
        partner = service.accept(registration, username=username, by=me, days=settings().invitation_days)
    except Invalid as refusal:
        db.session.rollback()
        return _registration(registration, {"username": username, "reason": ""}, refusal.problems), 422
    flash(f"{registration.company} is a partner now. The invitation is on its way to {registration.email}.", "success")
    return redirect(url_for(".partner", partner_key=partner.key), 303)


@bp.post("/registrations/<registration_key>/decline")
@gate(Gate.PARTNERS)
def decline(registration: Registration, me: User) -> ResponseReturnValue:
    reason = clean(request.form.get("reason", ""))[:5000]
    try:
        service.decline(registration, reason=reason, by=me)
    except Invalid as refusal:
        db.session.rollback()
        return _registration(registration, {"username": "", "reason": reason}, refusal.problems), 422
    flash(f"{registration.company} was declined and is told why.", "success")
    return redirect(url_for(".registrations"), 303)


@bp.get("/partners")
@gate(Gate.STAFF)
def partners() -> ResponseReturnValue:
    text, status = clean(request.args.get("q", ""))[:100], _choice(IntegrationStatus, request.args.get("status", ""))
    page = found.search(text=text, status=status, after=clean(request.args.get("after", "")))
    return render_template("staff/partners.html", page=page, text=text, status=status, statuses=IntegrationStatus)


@bp.get("/partners/<partner_key>")
@gate(Gate.STAFF)
def partner(integration: Integration) -> ResponseReturnValue:
    """Everything about one partner: short lists, each with a link to the whole."""
    of = integration.partner
    return render_template(
        "staff/partner.html",
        partner=of,
        integration=integration,
        stage=journey.stage(of.id),
        people=found.people(of),
        lists=overview.lists(of),
        journey=overview.journey(of),
        rounds=found.rounds(integration),
        titles={section.key: section.title for section in certification(integration.catalog_version)},
        lately=[(row, timeline.read(row.kind, row.payload).sentence()) for row in found.lately(of)],
    )


def _registration(registration: Registration, values: dict[str, str], problems: dict[str, str]) -> str:
    return render_template("staff/registration.html", registration=registration, values=values, problems=problems)


def _choice(of: Any, code: str) -> Any:
    """The member of an enum with this code, or None for anything else that stands in the URL."""
    return next((member for member in of if member.value == code), None)

"""Accounts of the staff: who may do what here, and the way in for new colleagues."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.gates import Gate, gate
from portal.identity import invitations, team
from portal.identity.freshness import fresh
from portal.identity.routes.blueprint import bp
from portal.identity.routes.roles import role_named
from portal.models.people import ROLE_WORDS, Invitation, StaffRole, User
from portal.refusals import Invalid
from portal.web import settings

ROLES = tuple((role.value, ROLE_WORDS[role]) for role in StaffRole)


@bp.get("/staff/people")
@gate(Gate.ADMINISTER)
def people(me: User) -> ResponseReturnValue:
    pending = [(one, invitations.state(one) is invitations.State.EXPIRED) for one in invitations.pending(None)]
    return render_template("identity/people.html", me=me, people=team.staff(), pending=pending, roles=ROLES, words=ROLE_WORDS)


@bp.get("/staff/people/invite")
@gate(Gate.ADMINISTER)
@fresh(back="identity.people")
def new_colleague() -> ResponseReturnValue:
    return _form({"name": "", "email": "", "role": ""}, {})


@bp.post("/staff/people/invite")
@gate(Gate.ADMINISTER)
@fresh(back="identity.new_colleague")
def invite_colleague(me: User) -> ResponseReturnValue:
    entered = {field: request.form.get(field, "") for field in ("name", "email", "role")}
    try:
        role = role_named(StaffRole, entered["role"])
        sent = invitations.invite(
            email=entered["email"], name=entered["name"], role=role, by=me, days=settings().invitation_days
        )
    except Invalid as refusal:
        return _form(entered, refusal.problems), 422
    flash(f"The invitation is on its way to {sent.email}.", "success")
    return redirect(url_for(".people"), 303)


def _form(entered: dict[str, str], problems: dict[str, str]) -> str:
    return render_template("identity/invite.html", entered=entered, problems=problems, roles=ROLES, staff=True)


@bp.post("/staff/people/invitations/<invitation_key>/resend")
@gate(Gate.ADMINISTER)
@fresh(back="identity.people")
def resend_to_colleague(invitation: Invitation, me: User) -> ResponseReturnValue:
    invitations.resend(_to_staff(invitation), by=me, days=settings().invitation_days)
    flash(f"The invitation is on its way to {invitation.email} again.", "success")
    return redirect(url_for(".people"), 303)


@bp.post("/staff/people/invitations/<invitation_key>/withdraw")
@gate(Gate.ADMINISTER)
@fresh(back="identity.people")
def withdraw_from_colleague(invitation: Invitation, me: User) -> ResponseReturnValue:
    invitations.withdraw(_to_staff(invitation), by=me)
    flash(f"The invitation of {invitation.name} is withdrawn.", "success")
    return redirect(url_for(".people"), 303)


@bp.post("/staff/people/<user_key>/role")
@gate(Gate.ADMINISTER)
@fresh(back="identity.people")
def change_staff_role(member: User, me: User) -> ResponseReturnValue:
    team.change_staff_role(_colleague(member), role_named(StaffRole, request.form.get("role", "")), by=me)
    flash(f"{member.name} has a new role.", "success")
    return redirect(url_for(".people"), 303)


@bp.post("/staff/people/<user_key>/off")
@gate(Gate.ADMINISTER)
@fresh(back="identity.people")
def switch_off(member: User, me: User) -> ResponseReturnValue:
    team.switch_off(_colleague(member), by=me)
    flash(f"The account of {member.name} is switched off.", "success")
    return redirect(url_for(".people"), 303)


@bp.post("/staff/people/<user_key>/on")
@gate(Gate.ADMINISTER)
@fresh(back="identity.people")
def switch_on(member: User, me: User) -> ResponseReturnValue:
    team.switch_on(_colleague(member), by=me)
    flash(f"The account of {member.name} is switched on.", "success")
    return redirect(url_for(".people"), 303)


def _colleague(member: User) -> User:
    """Partners' people are looked after elsewhere."""
    return member if member.is_staff else abort(404)


def _to_staff(invitation: Invitation) -> Invitation:
    return invitation if invitation.partner_id is None else abort(404)

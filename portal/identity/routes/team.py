"""The team of a partner: who is in it, who is invited, with which role."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.gates import Gate, gate
from portal.identity import invitations, team
from portal.identity.freshness import fresh
from portal.identity.routes.blueprint import bp
from portal.identity.routes.roles import role_named
from portal.models.partner import Partner
from portal.models.people import ROLE_WORDS, Invitation, PartnerRole, User
from portal.refusals import Invalid
from portal.web import settings

ROLES = tuple((role.value, ROLE_WORDS[role]) for role in PartnerRole)


@bp.get("/team", endpoint="team")
@gate(Gate.PARTNER)
def show(partner: Partner, me: User) -> ResponseReturnValue:
    return render_template(
        "identity/team.html", me=me, members=team.members(partner), pending=_pending(partner), roles=ROLES, words=ROLE_WORDS
    )


def _pending(partner: Partner) -> list[tuple[Invitation, bool]]:
    """Open invitations, and whether each has expired."""
    return [(one, invitations.state(one) is invitations.State.EXPIRED) for one in invitations.pending(partner)]


@bp.get("/team/invite")
@gate(Gate.TEAM)
@fresh(back="identity.team")
def new_invitation(partner: Partner) -> ResponseReturnValue:
    return _form({"name": "", "email": "", "role": PartnerRole.MEMBER.value}, {})


@bp.post("/team/invite")
@gate(Gate.TEAM)
@fresh(back="identity.new_invitation")
def invite(partner: Partner, me: User) -> ResponseReturnValue:
    entered = {field: request.form.get(field, "") for field in ("name", "email", "role")}
    try:
        role = role_named(PartnerRole, entered["role"])
        sent = invitations.invite(
            email=entered["email"], name=entered["name"], role=role, by=me, partner=partner, days=settings().invitation_days
        )
    except Invalid as refusal:
        return _form(entered, refusal.problems), 422
    flash(f"The invitation is on its way to {sent.email}.", "success")
    return redirect(url_for(".team"), 303)


def _form(entered: dict[str, str], problems: dict[str, str]) -> str:
    return render_template("identity/invite.html", entered=entered, problems=problems, roles=ROLES, staff=False)


@bp.post("/team/invitations/<invitation_key>/resend")
@gate(Gate.TEAM)
@fresh(back="identity.team")
def resend_invitation(invitation: Invitation, me: User) -> ResponseReturnValue:
    invitations.resend(invitation, by=me, days=settings().invitation_days)
    flash(f"The invitation is on its way to {invitation.email} again.", "success")
    return redirect(url_for(".team"), 303)


@bp.post("/team/invitations/<invitation_key>/withdraw")
@gate(Gate.TEAM)
@fresh(back="identity.team")
def withdraw_invitation(invitation: Invitation, me: User) -> ResponseReturnValue:
    invitations.withdraw(invitation, by=me)
    flash(f"The invitation of {invitation.name} is withdrawn.", "success")
    return redirect(url_for(".team"), 303)


@bp.post("/team/<user_key>/role")
@gate(Gate.TEAM)
@fresh(back="identity.team")
def change_role(member: User, me: User) -> ResponseReturnValue:
    team.change_role(member, role_named(PartnerRole, request.form.get("role", "")), by=me)
    flash(f"{member.name} has a new role.", "success")
    return redirect(url_for(".team"), 303)


@bp.get("/team/<user_key>/remove")
@gate(Gate.TEAM)
@fresh(back="identity.team")
def ask_to_remove(member: User) -> ResponseReturnValue:
    return render_template("identity/remove.html", member=member)


@bp.post("/team/<user_key>/remove")
@gate(Gate.TEAM)
@fresh(back="identity.team")
def remove(member: User, me: User) -> ResponseReturnValue:
    team.remove(member, by=me)
    flash(f"{member.name} is no longer in the team.", "success")
    return redirect(url_for(".team"), 303)

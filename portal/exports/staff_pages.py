"""Pages of exports for staff: of any partner's submissions, all its data, and its deletion."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.account.forms import clean
from portal.exports import asking, leaving
from portal.exports.blueprint import bp
from portal.exports.forms import kind
from portal.gates import Gate, gate
from portal.identity.freshness import fresh
from portal.models.partner import Partner
from portal.models.people import User
from portal.models.review import Round
from portal.refusals import Invalid


@bp.get("/staff/partners/<partner_key>/exports")
@gate(Gate.STAFF)
def of_partner(partner: Partner) -> ResponseReturnValue:
    return render_template(
        "exports/of_partner.html",
        partner=partner,
        exports=asking.listing(partner, by_staff=True),
        rounds=asking.rounds(partner),
    )


@bp.post("/staff/exports/<round_key>")
@gate(Gate.STAFF)
def ask_as_staff(review: Round, me: User) -> ResponseReturnValue:
    export = asking.ask_for_submission(review, kind(), by=me)
    return redirect(url_for(".show", export_key=export.key), 303)


@bp.post("/staff/partners/<partner_key>/exports/everything")
@gate(Gate.ADMINISTER)
@fresh(back="staff.partners")
def ask_for_everything_of(partner: Partner, me: User) -> ResponseReturnValue:
    export = asking.ask_for_everything(partner, by=me)
    return redirect(url_for(".show", export_key=export.key), 303)


@bp.get("/staff/partners/<partner_key>/delete")
@gate(Gate.ADMINISTER)
@fresh(back="staff.partners")
def ask_to_delete(partner: Partner) -> ResponseReturnValue:
    return _page(partner, "", {})


@bp.post("/staff/partners/<partner_key>/delete")
@gate(Gate.ADMINISTER)
@fresh(back="staff.partners")
def delete(partner: Partner, me: User) -> ResponseReturnValue:
    typed = clean(request.form.get("name", ""))
    try:
        leaving.ask(partner, typed=typed, by=me)
    except Invalid as refused:
        return _page(partner, typed, refused.problems), refused.status
    flash(f"{partner.name} is being deleted: its people are signed out, and the worker removes everything else.", "success")
    return redirect(url_for("staff.partners"), 303)


def _page(partner: Partner, typed: str, problems: dict[str, str]) -> str:
    return render_template(
        "exports/delete.html", partner=partner, typed=typed, problems=problems, counted=leaving.counted(partner)
    )

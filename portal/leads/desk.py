"""The pages of sales: all leads as a list and as a board, the pipeline, one lead."""

from flask import Response, flash, redirect, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from portal import clock
from portal.account.forms import clean
from portal.extensions import db
from portal.gates import Gate, gate
from portal.leads import finding, forms, service
from portal.leads.blueprint import bp
from portal.leads.fields import FIELDS, words
from portal.models.lead import Lead
from portal.models.partner import Partner
from portal.models.people import StaffRole, User
from portal.refusals import Invalid, StaleDraft
from portal.status import LEAD_MOVES, LeadStatus
from portal.web import number


@bp.get("/staff/leads", endpoint="desk")
@gate(Gate.STAFF)
def show_desk(me: User) -> ResponseReturnValue:
    asked = _asked(me)
    before = request.args.get("before", type=number)
    page = finding.Page(finding.overdue(), None) if asked.overdue else finding.desk(asked, before)
    kept = {name: request.args[name] for name in ("status", "whose", "partner", "overdue") if request.args.get(name)}
    return render_template(
        "leads/desk.html",
        page=page,
        asked=asked,
        kept=kept,
        statuses=LeadStatus,
        whose=request.args.get("whose", ""),
        now=clock.now(),
    )


@bp.get("/staff/leads/board")
@gate(Gate.STAFF)
def board(me: User) -> ResponseReturnValue:
    mine = request.args.get("whose") == "mine"
    return render_template("leads/board.html", board=finding.board(me.id if mine else None), mine=mine, now=clock.now())


@bp.get("/staff/leads/pipeline")
@gate(Gate.STAFF)
def pipeline() -> ResponseReturnValue:
    return render_template("leads/pipeline.html", pipeline=finding.pipeline(None))


@bp.get("/staff/leads.csv")
@gate(Gate.STAFF)
def all_csv(me: User) -> ResponseReturnValue:
    answer = Response(stream_with_context(finding.csv(_asked(me))), mimetype="text/csv")
    answer.headers["Content-Disposition"] = 'attachment; filename="leads.csv"'
    return answer


def _asked(me: User) -> finding.Asked:
    key = clean(request.args.get("partner", ""))[:32]
    partner = db.session.scalar(select(Partner.id).where(Partner.key == key)) if key else None
    status = next((one for one in LeadStatus if one.value == request.args.get("status")), None)
    return finding.Asked(
        partner_id=partner,
        status=status if status is not LeadStatus.DRAFT else None,
        owner={"mine": me.id, "nobody": 0}.get(request.args.get("whose", "")),
        overdue=request.args.get("overdue") == "y",
    )


@bp.get("/staff/leads/<lead_key>")
@gate(Gate.STAFF)
def handle(lead: Lead) -> ResponseReturnValue:
    return _page(lead)


@bp.post("/staff/leads/<lead_key>/move")
@gate(Gate.SELL)
def move(lead: Lead, me: User) -> ResponseReturnValue:
    after = next((one for one in LeadStatus if one.value == request.form.get("to")), None)
    seen = next((one for one in LeadStatus if one.value == request.form.get("seen")), lead.status)
    try:
        text = forms.text(required=False)
        if after is None:
            raise Invalid({"to": "Choose where the lead goes."})
        service.advance(lead, after, text=text, seen=seen, by=me)
    except (Invalid, StaleDraft) as refused:
        db.session.rollback()
        return _page(lead, refused.problems if isinstance(refused, Invalid) else {"": refused.words}, status=refused.status)
    flash("Moved; the partner is told.", "success")
    return redirect(url_for(".handle", lead_key=lead.key), 303)


@bp.post("/staff/leads/<lead_key>/update")
@gate(Gate.SELL)
def tell(lead: Lead, me: User) -> ResponseReturnValue:
    internal = request.form.get("internal") == "y"
    try:
        service.update(lead, forms.text("news"), internal=internal, by=me)
    except Invalid as refused:
        return _page(lead, refused.problems, status=422)
    flash("Kept for staff." if internal else "The partner is told.", "success")
    return redirect(url_for(".handle", lead_key=lead.key), 303)


@bp.post("/staff/leads/<lead_key>/assign")
@gate(Gate.SELL)
def assign(lead: Lead, me: User) -> ResponseReturnValue:
    row = request.form.get("to", type=number)
    service.assign(lead, to=db.session.get(User, row) if row else None, by=me)
    flash("Changed whose lead it is.", "success")
    return redirect(url_for(".handle", lead_key=lead.key), 303)


def _page(lead: Lead, problems: dict[str, str] | None = None, *, status: int = 200) -> ResponseReturnValue:
    if lead.status is LeadStatus.DRAFT:
        return redirect(url_for(".desk"), 303)  # a draft is the partner's own
    sellers = select(User).where(User.staff_role.in_((StaffRole.SALES, StaffRole.ADMINISTRATOR)), User.active)
    page = render_template(
        "leads/handle.html",
        lead=lead,
        facts=[(field.label, words(field, lead.values.get(field.name, ""))) for field in FIELDS if lead.values.get(field.name)],
        news=finding.news(lead, to_staff=True),
        like=service.like(lead),
        moves=[one for one in LeadStatus if one in LEAD_MOVES[lead.status] and one not in service.BY_PARTNER],
        sellers=[(one.id, one.name) for one in db.session.scalars(sellers.order_by(User.name, User.id))],
        problems=problems or {},
        typed={name: request.form.get(name, "") for name in ("text", "news", "to")},
        now=clock.now(),
    )
    return page, status

"""My Sales: a partner's leads, once Grow is open."""

from flask import Response, flash, redirect, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue

import portal.leads.desk  # noqa: F401 - the views of sales join the same blueprint
from portal import journey
from portal.extensions import db
from portal.frame import stage
from portal.gates import Gate, gate
from portal.leads import finding, forms, service
from portal.leads.blueprint import bp
from portal.leads.fields import FIELDS, GROUPS, Values, words
from portal.leads.fields import problems as problems_of
from portal.models.integration import Integration
from portal.models.lead import Lead
from portal.models.people import User
from portal.refusals import Invalid, NotReady, StaleDraft
from portal.status import LEAD_MOVES, LeadStatus
from portal.transaction import keep
from portal.web import number

__all__ = ["bp"]


def _open() -> None:
    """Raises NotReady while Grow is locked."""
    if reasons := journey.grow_reasons(stage()):
        raise NotReady(reasons)


@bp.errorhandler(NotReady)
def locked(_: NotReady) -> ResponseReturnValue:
    """Grow's own page says what is missing."""
    return redirect(url_for("grow.show"), 303)


@bp.get("/grow/leads")
@gate(Gate.PARTNER)
def index(integration: Integration) -> ResponseReturnValue:
    _open()
    status = next((one for one in LeadStatus if one.value == request.args.get("status")), None)
    page = finding.own(integration.partner_id, status, request.args.get("before", type=number))
    return render_template("leads/index.html", page=page, status=status, statuses=LeadStatus)


@bp.get("/grow/leads/pipeline")
@gate(Gate.PARTNER)
def own_pipeline(integration: Integration) -> ResponseReturnValue:
    _open()
    return render_template("leads/own_pipeline.html", pipeline=finding.pipeline(integration.partner_id))


@bp.get("/grow/leads.csv")
@gate(Gate.PARTNER)
def csv(integration: Integration) -> ResponseReturnValue:
    _open()
    answer = Response(
        stream_with_context(finding.csv(finding.Asked(partner_id=integration.partner_id, drafts=True))), mimetype="text/csv"
    )
    answer.headers["Content-Disposition"] = 'attachment; filename="leads.csv"'
    return answer


@bp.get("/grow/leads/new")
@gate(Gate.PARTNER)
def new() -> ResponseReturnValue:
    _open()
    return _form(None, service.EMPTY)


@bp.post("/grow/leads/new")
@gate(Gate.WORK)
def create(integration: Integration, me: User) -> ResponseReturnValue:
    _open()
    lead = service.draft(integration, forms.values(request.form), by=me)
    return _kept(lead, me)


@bp.get("/grow/leads/<lead_key>")
@gate(Gate.PARTNER)
def show(lead: Lead) -> ResponseReturnValue:
    _open()
    return _form(lead, lead.values) if lead.status is LeadStatus.DRAFT else _lead(lead)


@bp.post("/grow/leads/<lead_key>")
@gate(Gate.WORK)
def save(lead: Lead, me: User) -> ResponseReturnValue:
    _open()
    values = forms.values(request.form)
    try:
        service.save(lead, values, version=request.form.get("version", type=number) or 0)
    except StaleDraft as refused:
        return _form(lead, values, {"": refused.words}, status=409)
    return _kept(lead, me)


def _kept(lead: Lead, me: User) -> ResponseReturnValue:
    """What was typed is stored; with `send` it also goes to sales, unless they may know the merchant: then one page asks."""
    if "send" not in request.form:
        flash("Saved as a draft. Only your team sees it.", "success")
        return redirect(url_for(".show", lead_key=lead.key), 303)
    if wrong := problems_of(lead.values):
        keep()
        db.session.flush()
        return _form(lead, lead.values, wrong, status=422)
    if service.alike(lead):
        return redirect(url_for(".check", lead_key=lead.key), 303)
    return _sent(lead, me)


@bp.get("/grow/leads/<lead_key>/check")
@gate(Gate.PARTNER)
def check(lead: Lead) -> ResponseReturnValue:
    _open()
    if lead.status is not LeadStatus.DRAFT:
        return redirect(url_for(".show", lead_key=lead.key))
    return render_template("leads/check.html", lead=lead)


@bp.post("/grow/leads/<lead_key>/send")
@gate(Gate.WORK)
def send(lead: Lead, me: User) -> ResponseReturnValue:
    _open()
    try:
        return _sent(lead, me)
    except Invalid as refused:
        return _form(lead, lead.values, refused.problems, status=422)


def _sent(lead: Lead, me: User) -> ResponseReturnValue:
    service.submit(lead, by=me)
    flash("The lead is with our sales team. You hear of it as soon as there is news.", "success")
    return redirect(url_for(".show", lead_key=lead.key), 303)


@bp.post("/grow/leads/<lead_key>/update")
@gate(Gate.WORK)
def update(lead: Lead, me: User) -> ResponseReturnValue:
    _open()
    try:
        service.update(lead, forms.text(), by=me)
    except Invalid as refused:
        return _lead(lead, refused.problems), 422
    flash("Sent to sales.", "success")
    return redirect(url_for(".show", lead_key=lead.key), 303)


@bp.post("/grow/leads/<lead_key>/withdraw")
@gate(Gate.WORK)
def withdraw(lead: Lead, me: User) -> ResponseReturnValue:
    _open()
    try:
        service.advance(lead, LeadStatus.WITHDRAWN, text=forms.text("reason", required=False), seen=lead.status, by=me)
    except Invalid as refused:
        return _lead(lead, refused.problems), 422
    flash("The lead is withdrawn.", "success")
    return redirect(url_for(".index"), 303)


def _form(
    lead: Lead | None, values: Values, problems: dict[str, str] | None = None, *, status: int = 200
) -> ResponseReturnValue:
    page = render_template(
        "leads/form.html",
        lead=lead,
        values=service.EMPTY | values,
        problems=problems or {},
        groups=[(group, [field for field in FIELDS if field.group == group]) for group in GROUPS],
    )
    return page, status


def _lead(lead: Lead, problems: dict[str, str] | None = None) -> str:
    return render_template(
        "leads/show.html",
        lead=lead,
        facts=[(field.label, words(field, lead.values.get(field.name, ""))) for field in FIELDS if lead.values.get(field.name)],
        news=finding.news(lead, to_staff=False),
        problems=problems or {},
        may_withdraw=LeadStatus.WITHDRAWN in LEAD_MOVES[lead.status],
        typed=request.form.get("text", ""),
    )

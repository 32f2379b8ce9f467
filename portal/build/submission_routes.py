"""What is sent: the summary of all answers, its confirmation, all corrected sections, a newer certification."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import journey
from portal.build import disagreeing, moving, reading, submission
from portal.build.blueprint import bp
from portal.build.draft import catalog_of, draft
from portal.build.progress import asked_in
from portal.build.summary import placed, summary_of
from portal.catalog import versions
from portal.gates import Gate, gate
from portal.models.integration import Integration
from portal.models.people import User
from portal.refusals import Invalid, NotReady
from portal.status import IntegrationStatus, SectionStatus


@bp.get("/summary")
@gate(Gate.PARTNER)
def summary(integration: Integration) -> ResponseReturnValue:
    """Every answer on one page; a copy to keep at any time, and what is confirmed when all ten are complete."""
    return _summary(integration)


@bp.post("/summary")
@gate(Gate.WORK)
def confirm(me: User, integration: Integration) -> ResponseReturnValue:
    """The partner says that this is it; the integration is sent at once when My Account is complete."""
    try:
        submission.confirm(integration, by=me)
    except NotReady as refusal:
        return render_template("build/not_ready.html", missing=refusal.missing), 422
    if journey.advance(integration, by=me):
        flash("Your integration was sent for review.", "success")
    elif integration.status is IntegrationStatus.DRAFT:
        flash("Confirmed. Your integration is sent as soon as My Account is complete.", "success")
    return redirect(url_for(".overview"), 303)


@bp.post("/send")
@gate(Gate.WORK)
def send_all(me: User, integration: Integration) -> ResponseReturnValue:
    """Send all sections that are marked as corrected."""
    corrected = [
        row.key
        for row in reading.section_rows(integration)
        if row.status is SectionStatus.ATTENTION_NEEDED and row.marked_at is not None
    ]
    try:
        sent = submission.resubmit(integration, corrected, by=me)
    except NotReady as refusal:
        return render_template("build/not_ready.html", missing=refusal.missing), 422
    journey.advance(integration, by=me)
    words = "All corrected sections were sent for review." if sent else "There was nothing left to send."
    flash(words, "success" if sent else "info")
    return redirect(url_for(".overview"), 303)


@bp.post("/version")
@gate(Gate.WORK)
def move(me: User, integration: Integration) -> ResponseReturnValue:
    """Take the newer version of the certification; the form names it, so that nobody takes one unseen."""
    wanted = request.form.get("version", "")
    if wanted not in versions():
        raise Invalid({"version": "There is no such version of the certification."})
    changes = moving.carry_over(integration, wanted, by=me)
    flash(
        f"Your answers are in version {wanted} now: {len(changes.added)} new questions, {len(changes.changed)} changed.",
        "success",
    )
    return redirect(url_for(".overview"), 303)


def _summary(integration: Integration) -> str:
    catalog, typed = catalog_of(integration), draft(integration)
    rows = reading.section_rows(integration)
    ready = integration.status is IntegrationStatus.DRAFT and all(row.status is SectionStatus.COMPLETE for row in rows)
    sections = summary_of(catalog, rows, typed, asked_in(catalog, typed))
    against = placed(disagreeing.in_integration(integration, typed), catalog, rows)
    return render_template(
        "build/summary.html",
        integration=integration,
        sections=sections,
        ready=ready,
        against=against,
        unexplained=sum(one.against.open for one in against),
        version=catalog.version,
        account_complete=journey.stage(integration.partner_id).account_complete,
    )

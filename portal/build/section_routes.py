"""The page of one section: read it, save it (by a button or by itself), mark it complete, send its corrections."""

from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import journey
from portal.build import completing, forms, reading, saving, submission
from portal.build.blueprint import bp, find
from portal.build.draft import catalog_of
from portal.build.drawing import answers
from portal.build.forms import Form
from portal.build.pages import section_view
from portal.build.progress import parsed
from portal.build.saving import Saved
from portal.catalog import Section
from portal.errors import background
from portal.gates import Gate, gate
from portal.models.integration import Integration
from portal.models.people import User
from portal.refusals import Missing, NotReady
from portal.transaction import keep


@bp.get("/<section_key>")
@gate(Gate.PARTNER)
def section(me: User, integration: Integration, section_key: str) -> ResponseReturnValue:
    return page(integration, find(integration, section_key), me)


@bp.post("/<section_key>")
@gate(Gate.WORK)
def save(me: User, integration: Integration, section_key: str) -> ResponseReturnValue:
    """Store what was typed, valid or not; a script is told in a fragment, a person by the page."""
    where = find(integration, section_key)
    form, saved = _store(integration, where, me)
    if background():
        return _autosaved(where, form, saved)
    if problem := _not_all_stored(integration, where, form, saved, me):
        return problem
    flash("Saved." if saved.taken else "Saved. Nothing had changed.", "success")
    return redirect(url_for("build.section", section_key=section_key), 303)


@bp.post("/<section_key>/complete")
@gate(Gate.WORK)
def complete(me: User, integration: Integration, section_key: str) -> ResponseReturnValue:
    """Save first, then mark complete or say what is missing; the draft stays either way."""
    where = find(integration, section_key)
    form, saved = _store(integration, where, me)
    if problem := _not_all_stored(integration, where, form, saved, me):
        return problem
    try:
        all_complete = completing.mark_complete(integration, section_key, by=me)
    except NotReady as refusal:
        return _incomplete(integration, where, me, refusal.missing)
    if all_complete:
        flash("All ten sections are complete. Read the summary and confirm it.", "success")
        return redirect(url_for(".summary"), 303)
    flash(f"“{where.title}” is marked complete.", "success")
    return redirect(url_for(".overview"), 303)


@bp.post("/<section_key>/send")
@gate(Gate.WORK)
def send(me: User, integration: Integration, section_key: str) -> ResponseReturnValue:
    """Save the corrections and send this section to the reviewers again."""
    where = find(integration, section_key)
    form, saved = _store(integration, where, me)
    if problem := _not_all_stored(integration, where, form, saved, me):
        return problem
    try:
        sent = submission.resubmit(integration, [section_key], by=me)
    except NotReady as refusal:
        return _incomplete(integration, where, me, refusal.missing)
    journey.advance(integration, by=me)
    flash(f"“{where.title}” was sent for review." if sent else f"“{where.title}” is with the reviewers already.", "success")
    return redirect(url_for(".overview"), 303)


def page(
    integration: Integration,
    where: Section,
    me: User,
    *,
    errors: Mapping[str, str] | None = None,
    form: Form | None = None,
    message: str = "",
) -> str:
    """The section's page; `errors` by field id stand on top as links, `form` holds what could not be stored."""
    view = section_view(integration, where, reader=me, errors=errors or {}, typed=form.refused if form else {})
    return render_template("build/section.html", view=view, errors=errors or {}, message=message, answers=answers)


def _store(integration: Integration, where: Section, me: User) -> tuple[Form, Saved]:
    shown = reading.section_answers(integration, catalog_of(integration), where).stored
    form = forms.read(where, request.form, shown)
    saved = saving.save_draft(integration, where, form.typed, by=me)
    if saved.taken and integration.submitted_at:
        journey.advance(integration, by=me)  # a corrected answer may have brought sections back, and ended rounds
    return form, saved


def _not_all_stored(integration: Integration, where: Section, form: Form, saved: Saved, me: User) -> ResponseReturnValue | None:
    """The page for what was not taken: both texts where two people differ, or what was typed with what is wrong."""
    if not saved.refused and not form.problems:
        return None
    keep()
    if saved.refused:
        page_ = render_template("build/conflict.html", section=where, saved=saved, refused=form.refused)
        return page_, 409
    return page(integration, where, me, errors=form.problems, form=form), 422


def _incomplete(integration: Integration, where: Section, me: User, missing: list[Missing]) -> ResponseReturnValue:
    keep()
    errors: dict[str, str] = {}
    for reason in missing:
        errors.setdefault(reason.anchor, reason.words)
    return page(integration, where, me, errors=errors), 422


def _autosaved(where: Section, form: Form, saved: Saved) -> ResponseReturnValue:
    """The time of the last save, the new versions for the form, and a remark where something is not right."""
    keep()
    questions = {question.key: question for question in where.questions}
    remarks = {key: parsed(questions[key], one.value).problems for key, one in saved.taken.items() if key in questions}
    status = 409 if saved.refused else 422 if form.problems else 200
    return render_template("build/_autosaved.html", saved=saved, remarks=remarks, form=form), status

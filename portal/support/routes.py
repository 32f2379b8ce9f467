"""A partner's cases: where to turn, opening one, the conversation."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

import portal.support.desk  # noqa: F401 - the desk's views join the same blueprint
from portal import clock, transaction
from portal.account.forms import clean
from portal.catalog import certification
from portal.files import display
from portal.files.intake import discard
from portal.gates import Gate, gate
from portal.models.case import Case
from portal.models.integration import Integration
from portal.models.partner import Profile
from portal.models.people import User
from portal.refusals import Invalid
from portal.status import CaseCategory
from portal.support import about, finding, forms, handling, talking
from portal.support.blueprint import bp
from portal.support.categories import ACCOUNT, CATEGORIES
from portal.web import number

__all__ = ["bp"]


@bp.get("/support")
@gate(Gate.PARTNER)
def show(integration: Integration) -> ResponseReturnValue:
    which = request.args.get("which", "")
    text = clean(request.args.get("q", ""))[:100]
    page = finding.own(
        integration.partner_id, ball=forms.OWN.get(which), text=text, before=request.args.get("before", type=number)
    )
    return render_template("support/show.html", page=page, which=which if which in forms.OWN else "", text=text)


@bp.get("/support/new")
@gate(Gate.PARTNER)
def new(integration: Integration, profile: Profile) -> ResponseReturnValue:
    """First what it is about: a merchant's own account is helped elsewhere, before a case is written."""
    values = forms.sheet(request.args)
    if values["category"] == ACCOUNT:
        return render_template("support/account.html")
    if values["category"] not in set(CaseCategory):
        return _choose(values)
    if values["category"] == CaseCategory.LOGIN:
        values["subject"] = values["subject"] or "A sign-in for a contact"
    return _form(integration, profile, values)


@bp.post("/support/new")
@gate(Gate.WORK)
def create(me: User, integration: Integration, profile: Profile) -> ResponseReturnValue:
    values = forms.sheet(request.form)
    if values["category"] not in set(CaseCategory):
        return _choose(values, {"category": "Choose what this is about."})
    run = about.run(integration.partner_id, values["run"])
    delivery = about.delivery(integration.partner_id, values["delivery"])
    catalog = certification(integration.catalog_version)
    try:
        new = forms.new_case(
            values, catalog=catalog, run_id=run.id if run else None, delivery_id=delivery.id if delivery else None
        )
        transaction.release()  # pictures are decoded while nobody waits for our lock
        files = forms.files()
    except Invalid as refused:
        return _form(integration, profile, values, refused.problems)
    try:
        case = talking.open_case(integration, new, files=files, by=me)
    except Exception:
        discard(files)
        raise
    flash("Your case is with us. You get a mail as soon as somebody answers.", "success")
    return redirect(url_for(".case", case_key=case.key), 303)


@bp.get("/support/cases/<case_key>")
@gate(Gate.PARTNER)
def case(case: Case) -> ResponseReturnValue:
    return _case(case)


@bp.post("/support/cases/<case_key>/reply")
@gate(Gate.WORK)
def reply(me: User, case: Case) -> ResponseReturnValue:
    text = forms.text()
    try:
        if problems := forms.message_problems(text):
            raise Invalid(problems)
        transaction.release()
        files = forms.files()
    except Invalid as refused:
        return _case(case, text, refused.problems)
    try:
        talking.reply(case, text, files=files, by=me)
    except Exception:
        discard(files)
        raise
    flash("Sent.", "success")
    return redirect(url_for(".case", case_key=case.key, _anchor="end"), 303)


@bp.post("/support/cases/<case_key>/resolve")
@gate(Gate.WORK)
def resolve(me: User, case: Case) -> ResponseReturnValue:
    handling.resolve(case, by=me)
    flash("The case is resolved. Writing in it opens it again.", "success")
    return redirect(url_for(".case", case_key=case.key), 303)


@bp.post("/support/cases/<case_key>/reopen")
@gate(Gate.WORK)
def reopen(me: User, case: Case) -> ResponseReturnValue:
    handling.reopen(case, by=me)
    flash("The case is open again.", "success")
    return redirect(url_for(".case", case_key=case.key), 303)


def _choose(values: dict[str, str], problems: dict[str, str] | None = None) -> ResponseReturnValue:
    page = render_template("support/choose.html", categories=CATEGORIES, values=values, problems=problems or {})
    return page, 422 if problems else 200


def _form(
    integration: Integration, profile: Profile, values: dict[str, str], problems: dict[str, str] | None = None
) -> ResponseReturnValue:
    catalog = certification(integration.catalog_version)
    category = CaseCategory(values["category"])
    page = render_template(
        "support/new.html",
        category=CATEGORIES[category],
        asks_contact=category is CaseCategory.LOGIN,
        values=values,
        problems=problems or {},
        places=about.places(catalog),
        run=about.run(integration.partner_id, values["run"]),
        delivery=about.delivery(integration.partner_id, values["delivery"]),
        contacts=[one for one in profile.contacts if one.email],
        due=talking.due_at(clock.now()),
    )
    return page, 422 if problems else 200


def _case(case: Case, text: str = "", problems: dict[str, str] | None = None) -> ResponseReturnValue:
    page = render_template(
        "support/case.html",
        case=case,
        category=CATEGORIES[case.category],
        said=finding.said(case, to_staff=False),
        files={message: display.items(them) for message, them in finding.files(case).items()},
        about=about.of(case, to_staff=False),
        text=text,
        problems=problems or {},
    )
    return page, 422 if problems else 200

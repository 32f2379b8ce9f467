"""The staff's side of cases: the queue, answering, notes, who takes it, a sign-in for a contact."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from portal import clock, transaction
from portal.account.forms import clean
from portal.extensions import db
from portal.files import display
from portal.files.intake import discard
from portal.gates import Gate, gate
from portal.models.case import Case
from portal.models.partner import Partner
from portal.models.people import User
from portal.refusals import Invalid
from portal.reviews import replies
from portal.status import Ball, CaseCategory
from portal.support import about, finding, forms, handling, talking
from portal.support.blueprint import bp
from portal.support.categories import CATEGORIES
from portal.web import number, settings


@bp.get("/staff/cases", endpoint="desk")
@gate(Gate.STAFF)
def show_desk(me: User) -> ResponseReturnValue:
    which, category = request.args.get("which", ""), request.args.get("category", "")
    whose, partner_key = request.args.get("whose", ""), clean(request.args.get("partner", ""))[:32]
    partner = db.session.scalars(select(Partner).where(Partner.key == partner_key)).first() if partner_key else None
    asked = finding.Desk(
        ball=forms.BALLS.get(which, Ball.GOCARDLESS),
        category=CaseCategory(category) if category in set(CaseCategory) else None,
        assigned={"mine": me.id, "nobody": 0}.get(whose),
        partner_id=partner.id if partner else None,
        overdue=request.args.get("overdue") == "y",
        text=clean(request.args.get("q", ""))[:100],
    )
    return render_template(
        "support/desk.html",
        page=finding.desk(asked, after=request.args.get("after", "")),
        asked=asked,
        which=which,
        whose=whose,
        partner=partner,
        waiting=finding.waiting(),
        categories=CATEGORIES,
        kept={
            name: request.args[name]
            for name in ("which", "category", "whose", "partner", "overdue", "q")
            if request.args.get(name)
        },
        now=clock.now(),
    )


@bp.get("/staff/cases/<case_key>")
@gate(Gate.STAFF)
def handle(case: Case) -> ResponseReturnValue:
    saved = replies.find(clean(request.args.get("reply", ""))[:32])
    return _page(case, text=saved.text if saved else "")


@bp.post("/staff/cases/<case_key>/answer")
@gate(Gate.STAFF)
def answer(me: User, case: Case) -> ResponseReturnValue:
    text, then = forms.text(), request.form.get("then", "wait")
    try:
        if problems := forms.message_problems(text):
            raise Invalid(problems)
        if then not in forms.THEN:
            raise Invalid({"then": "Choose what happens to the case."})
        transaction.release()
        files = forms.files()
    except Invalid as refused:
        return _page(case, text=text, then=then, problems=refused.problems)
    try:
        talking.answer(case, text, then=forms.THEN[then], files=files, by=me)
    except Exception:
        discard(files)
        raise
    flash("The answer is sent.", "success")
    return redirect(url_for(".handle", case_key=case.key, _anchor="end"), 303)


@bp.post("/staff/cases/<case_key>/note")
@gate(Gate.STAFF)
def note(me: User, case: Case) -> ResponseReturnValue:
    text = clean(request.form.get("note", ""))[: forms.TEXT + 1]
    if problems := forms.message_problems(text):
        return _page(case, noted=text, problems={"note": problems["text"]})
    talking.note(case, text, by=me)
    flash("The note is kept. Only staff can read it.", "success")
    return redirect(url_for(".handle", case_key=case.key, _anchor="end"), 303)


@bp.post("/staff/cases/<case_key>/assign")
@gate(Gate.STAFF)
def assign(me: User, case: Case) -> ResponseReturnValue:
    row = request.form.get("to", type=number)
    handling.assign(case, to=db.session.get(User, row) if row else None, by=me)
    flash("Changed whose case it is.", "success")
    return redirect(url_for(".handle", case_key=case.key), 303)


@bp.post("/staff/cases/<case_key>/resolve")
@gate(Gate.STAFF)
def end(me: User, case: Case) -> ResponseReturnValue:
    handling.resolve(case, by=me)
    flash("The case is resolved.", "success")
    return redirect(url_for(".handle", case_key=case.key), 303)


@bp.post("/staff/cases/<case_key>/reopen")
@gate(Gate.STAFF)
def begin_again(me: User, case: Case) -> ResponseReturnValue:
    handling.reopen(case, by=me)
    flash("The case is open again.", "success")
    return redirect(url_for(".handle", case_key=case.key), 303)


@bp.post("/staff/cases/<case_key>/login")
@gate(Gate.PARTNERS)
def login(me: User, case: Case) -> ResponseReturnValue:
    try:
        handling.give_login(case, by=me, days=settings().invitation_days)
    except Invalid as refused:
        db.session.rollback()
        return _page(case, problems={"": " ".join(refused.problems.values())})
    flash(f"{case.login_name} is invited.", "success")
    return redirect(url_for(".handle", case_key=case.key), 303)


def _page(
    case: Case, *, text: str = "", then: str = "wait", noted: str = "", problems: dict[str, str] | None = None
) -> ResponseReturnValue:
    colleagues = select(User).where(User.staff_role.is_not(None), User.active).order_by(User.name, User.id)
    page = render_template(
        "support/handle.html",
        case=case,
        category=CATEGORIES[case.category],
        said=finding.said(case, to_staff=True),
        files={message: display.items(them) for message, them in finding.files(case).items()},
        about=about.of(case, to_staff=True),
        colleagues=[(one.id, one.name) for one in db.session.scalars(colleagues)],
        replies=replies.replies(),
        text=text,
        then=then,
        noted=noted,
        problems=problems or {},
        overdue=case.ball is Ball.GOCARDLESS and case.sorted_at < clock.now(),
    )
    return page, 422 if problems else 200

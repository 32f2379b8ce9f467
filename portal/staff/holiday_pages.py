"""The calendar of the review office: read by all staff, changed by administrators, who see first which due dates move."""

from collections.abc import Mapping
from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal import clock, office
from portal.account.forms import clean
from portal.gates import Gate, gate, may
from portal.models.people import User
from portal.refusals import Invalid
from portal.staff import holidays
from portal.staff.blueprint import bp
from portal.staff.holidays import Change

SHOWN = 20
"""Rounds of a preview; the rest is counted."""


@bp.get("/holidays", endpoint="holidays")
@gate(Gate.STAFF)
def show() -> ResponseReturnValue:
    """With a day in the address: what changing it would do."""
    if "day" not in request.args or not may(Gate.ADMINISTER, current_user):
        return _page({}), 200
    try:
        return _page(
            {}, change=holidays.look(_day(request.args), _name(request.args), works=_works(request.args), today=office.today())
        )
    except Invalid as refused:
        return _page(refused.problems)


@bp.post("/holidays")
@gate(Gate.ADMINISTER)
def change_day(me: User) -> ResponseReturnValue:
    try:
        day, works = _day(request.form), _works(request.form)
        moved = holidays.change(day, _name(request.form), works=works, today=office.today(), by=me)
    except Invalid as refused:
        return _page(refused.problems), 422
    rounds = f"{moved} due date{'s' if moved != 1 else ''} moved." if moved else "No due date moved."
    flash(f"{day:%d %B %Y} is {holidays.WORDS[works]} now. {rounds}", "success")
    return redirect(url_for(".holidays"), 303)


def _page(problems: dict[str, str], *, change: Change | None = None) -> str:
    now, place = clock.now(), office.current()
    return render_template(
        "staff/holidays.html",
        days=holidays.listing(office.today()),
        place=place,
        review_days=office.review_days(),
        due_at=clock.due(now, place, office.review_days()),
        change=change,
        shown=change.moved[:SHOWN] if change else [],
        problems=problems,
        typed={name: clean(request.values.get(name, ""))[:200] for name in ("day", "name", "works")},
    )


def _day(typed: Mapping[str, str]) -> date:
    try:
        return date.fromisoformat(typed.get("day", "").strip())
    except ValueError:
        raise Invalid({"day": "Enter a day, such as 2026-12-24."}) from None


def _name(typed: Mapping[str, str]) -> str:
    return clean(typed.get("name", ""))[:200]


def _works(typed: Mapping[str, str]) -> bool:
    return typed.get("works") == "y"

"""The figures as a page, each of them as CSV, and having them counted anew."""

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import sheets
from portal.gates import Gate, gate
from portal.staff import counting, figures
from portal.staff.blueprint import bp
from portal.staff.counting import Period


@bp.get("/figures", endpoint="figures")
@gate(Gate.STAFF)
def show() -> ResponseReturnValue:
    period = _period()
    found, counted_at = figures.of(period)
    return render_template("staff/figures.html", figures=found, counted_at=counted_at, period=period, periods=figures.PERIODS)


@bp.get("/figures/<figure>.csv")
@gate(Gate.STAFF)
def figure_csv(figure: str) -> ResponseReturnValue:
    if figure not in figures.MAKERS:
        abort(404)
    found, _ = figures.of(_period())
    one = next((each for each in found if each.name == figure), None)
    answer = Response(sheets.lines(one.lines if one else []), mimetype="text/csv")
    answer.headers.set("Content-Disposition", "attachment", filename=f"{figure}-{_period().value}.csv")
    return answer


@bp.post("/figures/count")
@gate(Gate.STAFF)
def count_figures() -> ResponseReturnValue:
    counting.ask()
    flash("The worker counts now. This page shows it when it is done.", "success")
    return redirect(url_for(".figures", period=_period().value), 303)


def _period() -> Period:
    """Of the address or the form; a year without one."""
    return next((one for one in Period if one.value == request.values.get("period")), Period.YEAR)

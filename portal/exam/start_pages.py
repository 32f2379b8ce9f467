"""The first page of the integration checks: every check with its newest verdict, and the buttons that run them."""

from collections.abc import Mapping

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import gocardless
from portal.apps import reading as apps
from portal.exam import choosing, forms, questions, reading, service
from portal.exam.blueprint import bp
from portal.exam.nouns import FAMILIES
from portal.exam.reading import Group
from portal.gates import Gate, gate
from portal.models.partner import Partner
from portal.models.partner_app import PartnerApp
from portal.models.people import User
from portal.refusals import Invalid
from portal.status import CheckVerdict
from portal.web import number


@bp.get("/developers/checks")
@gate(Gate.PARTNER)
def index(partner: Partner) -> ResponseReturnValue:
    return _page(partner)


@bp.get("/staff/partners/<partner_key>/checks")
@gate(Gate.STAFF)
def of_partner(partner: Partner) -> ResponseReturnValue:
    return _page(partner)


def _page(partner: Partner, problems: Mapping[str, str] | None = None) -> str:
    own = _apps(partner)
    app = _app(own, request.values.get("app", ""))
    groups = reading.newest(app) if app else []
    rows, after = reading.page(app, before=request.args.get("before", type=number)) if app else ([], None)
    return render_template(
        "exam/index.html",
        partner=partner,
        apps=[(one.key, one.name) for one in own],
        app=app,
        declared=reading.settings_of(app) if app else None,
        groups=groups,
        failed=_failed(groups),
        going=next((row for row in rows if not reading.is_over(row.status)), None),
        rows=rows,
        proves=questions.numbers(),
        first=_url(app) if app and "before" in request.args else "",
        older=_url(app, before=str(after)) if app and after else "",
        problems=problems or {},
        families=FAMILIES,
    )


def _url(app: PartnerApp, **more: str) -> str:
    return url_for(str(request.endpoint), **{**(request.view_args or {}), "app": app.key, **more}, _anchor="exams")


def _failed(groups: list[Group]) -> list[str]:
    """The checks whose newest verdict is that they failed."""
    return [line.check.id for group in groups for line in group.lines if line.verdict is CheckVerdict.FAILED]


def _apps(partner: Partner) -> list[PartnerApp]:
    """Those that can be checked; a retired one keeps its verdicts on the pages of its exams."""
    return [one for one in apps.apps_of(partner) if one.retired_at is None and one.environment in gocardless.available()]


def _app(own: list[PartnerApp], key: str) -> PartnerApp | None:
    """The one asked for; the first when none was asked for."""
    return next((app for app in own if app.key == key or not key), None)


@bp.post("/developers/checks")
@gate(Gate.WORK)
def start(partner: Partner, me: User) -> ResponseReturnValue:
    """`what` is "failed" for those that failed last; otherwise `check` or `family` name some, and neither means all."""
    app = _app(_apps(partner), request.form.get("app", ""))
    if app is None:
        return _page(partner, {"app": "Choose an app that is registered in a sandbox."}), 422
    try:
        wanted = _failed_last(app) if request.form.get("what") == "failed" else forms.chosen(request.form)
        exam = service.start(app, wanted, by=me)
    except Invalid as refused:
        return _page(partner, refused.problems), refused.status
    return redirect(url_for(".show", exam_key=exam.key), 303)


def _failed_last(app: PartnerApp) -> choosing.Chosen:
    return choosing.some(_failed(reading.newest(app)), choosing.FAILED)

"""The list of runs, one run as it goes on, two side by side."""

from collections.abc import Sequence
from enum import StrEnum
from typing import TypeVar

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from portal.account.forms import clean
from portal.apps import reading as apps
from portal.extensions import db
from portal.gates import Gate, gate
from portal.models.partner import Partner
from portal.models.people import User
from portal.models.run import Run
from portal.runs import comparing, reading, service
from portal.runs.kinds import KINDS, to_come, words_of
from portal.runs.reading import Filters
from portal.status import RUN, RunKind, RunStatus
from portal.web import number

bp = Blueprint("runs", __name__)
Code = TypeVar("Code", bound=StrEnum)
Chip = tuple[str, str, bool, None]


@bp.get("/developers/runs")
@gate(Gate.PARTNER)
def index(partner: Partner) -> ResponseReturnValue:
    return _list(partner)


@bp.get("/staff/partners/<partner_key>/runs")
@gate(Gate.STAFF)
def of_partner(partner: Partner) -> ResponseReturnValue:
    return _list(partner)


def _list(partner: Partner) -> str:
    given = request.args
    seen = Filters(clean(given.get("app", ""))[:64], _code(RunKind, given.get("kind")), _code(RunStatus, given.get("status")))
    rows, after = reading.page(partner.id, seen, before=given.get("before", type=number))
    return render_template(
        "runs/index.html",
        partner=partner,
        rows=rows,
        kinds=KINDS,
        seen=seen,
        apps=[(app.key, app.name) for app in apps.apps_of(partner)],
        chips=_chips(seen),
        first=_url(seen) if "before" in given else "",
        older=_url(seen, before=str(after)) if after else "",
    )


def _code(of: type[Code], given: str | None) -> Code | None:
    return next((one for one in of if one.value == given), None)


def _chips(seen: Filters) -> Sequence[Chip]:
    """One for each kind and each status; one that is on is a link that takes it away."""
    kinds: list[Chip] = [
        (KINDS[kind].words, _url(seen, kind="" if seen.kind is kind else kind), seen.kind is kind, None) for kind in KINDS
    ]
    states: list[Chip] = [
        (RUN[status].words, _url(seen, status="" if seen.status is status else status), seen.status is status, None)
        for status in RunStatus
    ]
    return kinds + states


def _url(seen: Filters, **other: str) -> str:
    return url_for(str(request.endpoint), **{**(request.view_args or {}), **seen.in_url(**other)})


@bp.get("/developers/runs/<run_key>")
@gate(Gate.EVIDENCE)
def show(run: Run, me: User) -> ResponseReturnValue:
    return render_template("runs/show.html", **_parts(run, me), others=reading.neighbours(run))


@bp.get("/developers/runs/<run_key>/live")
@gate(Gate.EVIDENCE)
def live(run: Run, me: User) -> ResponseReturnValue:
    """The part of the page that changes; 304 before anything is drawn when the page has this version already."""
    if request.args.get("version", type=number) == run.version:
        return Response(status=304)
    return render_template("runs/_live.html", **_parts(run, me))


def _parts(run: Run, me: User) -> dict[str, object]:
    run = reading.whole(run)
    kind = KINDS[run.kind]
    return {
        "run": run,
        "me": me,
        "kind": kind,
        "words_of": words_of,
        "to_come": to_come(run, run.steps),
        "about": kind.about(run, me),
    }


@bp.post("/developers/runs/<run_key>/stop")
@gate(Gate.WORK)
def stop(run: Run) -> ResponseReturnValue:
    service.stop(run)
    flash("Stopped. What was seen so far stays here.", "success")
    return redirect(url_for(".show", run_key=run.key), 303)


@bp.get("/developers/runs/compare")
@gate(Gate.EVIDENCE)
def compare(me: User) -> ResponseReturnValue:
    """`left` and `right` are the keys of two runs of one kind."""
    if not {"left", "right"} <= request.args.keys():
        abort(400)
    left, right = (_visible(me, request.args.get(side, "")) for side in ("left", "right"))
    if left.kind is not right.kind:
        abort(404)
    return render_template(
        "runs/compare.html",
        left=left,
        right=right,
        kind=KINDS[left.kind],
        words_of=words_of,
        pairs=comparing.pairs(left.steps, right.steps),
    )


def _visible(me: User, key: str) -> Run:
    """One of the own partner's, or anybody's for staff, as the gate would hand it over."""
    wanted = select(Run).where(Run.key == key[:64].replace("\0", ""))
    if not me.is_staff:
        wanted = wanted.where(Run.partner_id == (me.membership.partner_id if me.membership else abort(404)))
    run = db.session.scalars(wanted).one_or_none()
    return reading.whole(run) if run else abort(404)

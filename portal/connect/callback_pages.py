"""Where merchants come back to: the state is compared and the code kept, nothing else; the worker does the rest.

The only GET that writes. It tells strangers nothing: a return that is not this person's is answered alike, whatever it is.
"""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import select

from portal.connect import leaving, problems, service
from portal.connect.blueprint import bp
from portal.connect.service import Returned
from portal.extensions import db
from portal.gates import Gate, gate
from portal.models.people import User
from portal.models.run import Run
from portal.runs import recording
from portal.status import RunKind, RunStatus, StepStatus

SIGNED_OUT = "You are signed out, so that this return cannot be told from a stranger's. Sign in and start the test again."
NOT_YOURS = (
    "No test of yours waits for this return. It may have been begun in another browser, by somebody else, or not here at all; "
    "the code that came with it was not used."
)
USED = "This return was used already. Each link is good for one return."
LONGEST = 2000


@bp.get("/developers/connect/callback")
@gate(Gate.PUBLIC)
def callback() -> ResponseReturnValue:
    me = current_user._get_current_object() if current_user.is_authenticated else None  # noqa: SLF001 - Werkzeug's documented way
    if me is None:
        return _no(SIGNED_OUT, 400)
    state = request.args.get("state", "")[:LONGEST]
    if not state:
        return _no(problems.words("state_missing"), 400)
    run = _mine(me, service.run_key_in(state))
    if run is None:
        return _no(NOT_YOURS, 404)
    if run.status is not RunStatus.WAITING or not _waits(run):
        return _no(USED, 409, run)
    began_here = leaving.take(state)
    service.returned(run, _brought(state, leaving.device() if began_here else ""))
    return redirect(url_for("runs.show", run_key=run.key), 303)


def _mine(me: User, key: str) -> Run | None:
    """A test that this person began; two returns at once come one after the other."""
    if me.membership is None or "\0" in key:
        return None
    mine = select(Run).where(Run.key == key, Run.started_by_id == me.id, Run.partner_id == me.membership.partner_id)
    return db.session.scalars(mine.where(Run.kind == RunKind.CONNECT).with_for_update()).one_or_none()


def _waits(run: Run) -> bool:
    away = recording.latest(run, "sent")
    return away is not None and away.status is StepStatus.WAITING


def _brought(state: str, device: str) -> Returned:
    values = {name: request.args.get(name, "")[:LONGEST] for name in ("code", "error", "error_description")}
    return Returned(
        address=request.url[: 4 * LONGEST],
        device=device,
        state=state,
        code=values["code"],
        error=values["error"],
        description=values["error_description"],
    )


def _no(words: str, status: int, run: Run | None = None) -> ResponseReturnValue:
    return render_template("connect/not_used.html", words=words, run=run, status=status), status

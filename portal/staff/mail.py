"""The staff page about mail and everything else the worker does: what waits, what was given up and why, trying again, discarding."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.gates import Gate, gate
from portal.models.outbox import Outbox, Task
from portal.models.people import User
from portal.staff import undelivered
from portal.staff.blueprint import bp
from portal.status import OUTBOX, OutboxState
from portal.web import number


@bp.get("/mail", endpoint="mail")
@gate(Gate.STAFF)
def deliveries() -> ResponseReturnValue:
    """Those given up unless the URL asks for another state."""
    asked = request.args.get("state", "")
    state = next((state for state in OutboxState if state.value == asked), OutboxState.DEAD)
    task = next((task for task in Task if task.value == request.args.get("task", "")), None)
    rows = undelivered.page(state, task=task, before=request.args.get("before", type=number))
    older = rows[undelivered.PAGE - 1].id if len(rows) > undelivered.PAGE else None
    return render_template(
        "staff/mail.html",
        rows=rows[: undelivered.PAGE],
        state=state,
        task=task,
        tasks=[(one.value, undelivered.words(one)) for one in Task],
        words=undelivered.words,
        looks=OUTBOX,
        counts=undelivered.counts(),
        older=older,
    )


@bp.post("/mail/<outbox_key>/again")
@gate(Gate.STAFF)
def try_again(mail: Outbox, me: User) -> ResponseReturnValue:
    undelivered.try_again(mail, by=me)
    flash("It is tried again now.", "success")
    return redirect(url_for(".mail"), 303)


@bp.post("/mail/<outbox_key>/discard")
@gate(Gate.STAFF)
def discard(mail: Outbox, me: User) -> ResponseReturnValue:
    undelivered.discard(mail, by=me)
    flash("It is discarded. The audit log keeps what it was.", "success")
    return redirect(url_for(".mail"), 303)

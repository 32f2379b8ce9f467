"""What waits in the outbox and what was given up, of every kind; trying again, and giving up for good."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, func, select

from portal import outbox, timeline
from portal.extensions import db
from portal.models.outbox import Outbox, Task
from portal.models.people import User
from portal.status import OutboxState
from portal.timeline.account import DeliveryTriedAgain
from portal.timeline.desk import DeliveryDiscarded

PAGE = 50
TASKS: Mapping[Task, str] = {
    Task.MAIL: "Mails",
    Task.FILE: "File checks",
    Task.CRM: "Leads to the CRM",
    Task.FORWARD: "Webhooks passed on",
    Task.CONNECT: "Connect tests",
    Task.BILLING: "Billing request runs",
    Task.INSIGHT: "Payment insight",
    Task.LANDING: "Landing pages",
    Task.DOCUMENT: "Support documents",
    Task.CONTENT_FILE: "Files of content",
    Task.EXPORT: "Exports",
    Task.ERASE: "Partners to be deleted",
    Task.STATUS: "Status changes to partners",
    Task.EXAM: "Integration checks",
    Task.PROOFS: "Proofs",
    Task.FIGURES: "Figures",
}
"""What each kind of row is about, for people; one that is not named here goes by its code."""
_COLUMNS = (
    Outbox.id, Outbox.key, Outbox.task, Outbox.title, Outbox.state, Outbox.attempts, Outbox.created_at, Outbox.next_at,
    Outbox.done_at, Outbox.last_error,
)  # fmt: skip


def words(task: Task) -> str:
    return TASKS.get(task, task.value.replace("_", " ").capitalize())


def page(state: OutboxState, *, task: Task | None = None, before: int | None = None) -> list[Row[Any]]:
    """One page and one row more, newest first; without the payload, which holds single-use links."""
    statement = select(*_COLUMNS).where(Outbox.state == state).order_by(Outbox.id.desc()).limit(PAGE + 1)
    if task is not None:
        statement = statement.where(Outbox.task == task)
    return list(db.session.execute(statement.where(Outbox.id < before) if before else statement))


def counts() -> Mapping[OutboxState, int]:
    """How many rows are in each state that is not the end of it."""
    counted = select(Outbox.state, func.count()).where(Outbox.state != OutboxState.DONE).group_by(Outbox.state)
    found: dict[OutboxState, int] = dict(db.session.execute(counted).tuples().all())
    return {state: found.get(state, 0) for state in OutboxState if state is not OutboxState.DONE}


def try_again(row: Outbox, *, by: User) -> None:
    """With all its tries. Raises IllegalMove when it was not given up."""
    outbox.revive(row)
    timeline.record(DeliveryTriedAgain(title=row.title), by=by)


def discard(row: Outbox, *, by: User) -> None:
    """The audit log keeps what it was and why it had failed. Raises IllegalMove when it was not given up."""
    happening = DeliveryDiscarded(title=row.title, task=row.task.value, error=row.last_error)
    outbox.discard(row)
    timeline.record(happening, by=by)

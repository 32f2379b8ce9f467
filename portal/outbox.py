"""What must happen at least once: rows written with the change that causes them, claimed one by one under a lease."""

import json
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import ColumnElement, Row, and_, delete, event, or_, select, update
from sqlalchemy.orm import Session

from portal import clock
from portal.extensions import db
from portal.models.event import Event
from portal.models.outbox import Outbox, Task
from portal.refusals import IllegalMove
from portal.status import OutboxState

ATTEMPTS = 8
"""Tries before a row is given up, spread over about fifteen hours."""
FIRST_DELAY = timedelta(seconds=30)
LONGEST_DELAY = timedelta(hours=6)
EMPTY = "{}"
log = structlog.get_logger("portal.outbox")


class Undeliverable(Exception):
    """This can never succeed, so it is not tried again; the words are for staff."""


@dataclass(frozen=True, slots=True)
class Job:
    """A claimed row, as plain values; `attempt` is also the proof that the claim is still ours."""

    id: int
    key: str
    task: Task
    title: str
    payload: Mapping[str, Any]
    attempt: int
    created_at: datetime


def enqueue(
    task: Task, payload: Mapping[str, Any], *, title: str, event: Event | None = None, partner_id: int | None = None
) -> Outbox:
    """Store in the open transaction what a worker does after its commit. `title` is what staff read: no secrets."""
    whose = event.partner_id if event and event.partner_id else partner_id
    row = Outbox(task=task, payload=json.dumps(payload), title=title, event_id=event.id if event else None, partner_id=whose)
    db.session.add(row)
    return row


def _due(now: datetime) -> ColumnElement[bool]:
    """Waiting and its time has come, or claimed by a worker that did not live to say how it went."""
    abandoned = and_(Outbox.state == OutboxState.RUNNING, Outbox.lease_until < now, Outbox.attempts < ATTEMPTS)
    return or_(and_(Outbox.state == OutboxState.WAITING, Outbox.next_at <= now), abandoned)


def claim(row_id: int | None = None, *, lease: timedelta) -> Job | None:
    """Take one due row (this one, or the one that waits longest) in one statement; None when there is none."""
    now = clock.now()
    pick = select(Outbox.id).where(_due(now)).order_by(Outbox.next_at, Outbox.id).limit(1)
    if row_id is not None:
        pick = pick.where(Outbox.id == row_id)
    if db.session.get_bind().dialect.name == "postgresql":
        pick = pick.with_for_update(skip_locked=True)
    taken = db.session.execute(
        update(Outbox)
        .where(Outbox.id == pick.scalar_subquery())
        .values(state=OutboxState.RUNNING, lease_until=now + lease, attempts=Outbox.attempts + 1)
        .returning(Outbox.id, Outbox.key, Outbox.task, Outbox.title, Outbox.payload, Outbox.attempts, Outbox.created_at)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    return _job(taken) if taken else None


def _job(row: Row[Any]) -> Job:
    return Job(row.id, row.key, row.task, row.title, json.loads(row.payload), row.attempts, row.created_at)


def done(job: Job) -> None:
    """It happened: the payload is emptied."""
    _settle(job, state=OutboxState.DONE, done_at=clock.now(), payload=EMPTY, last_error="", lease_until=None)


def failed(job: Job, words: str, *, final: bool = False) -> None:
    """It did not happen: wait and try again, or give up."""
    given_up = final or job.attempt >= ATTEMPTS
    state = OutboxState.DEAD if given_up else OutboxState.WAITING
    _settle(job, state=state, next_at=clock.now() + delay(job.attempt), last_error=words[:1000], lease_until=None)


def _settle(job: Job, **values: object) -> None:
    """Only while the claim is ours: a worker that was slower than its lease changes nothing."""
    ours = (Outbox.id == job.id, Outbox.state == OutboxState.RUNNING, Outbox.attempts == job.attempt)
    db.session.execute(update(Outbox).where(*ours).values(**values).execution_options(synchronize_session=False))


def delay(attempt: int) -> timedelta:
    """How long to wait after this many tries: four times longer each time, spread by a fifth so that crowds part."""
    longer: timedelta = FIRST_DELAY * 4 ** (attempt - 1)
    return min(longer, LONGEST_DELAY) * random.uniform(0.8, 1.2)  # noqa: S311 - spreads load, guards nothing


def bury() -> None:
    """Give up what took its worker down at every try."""
    spent = (Outbox.state == OutboxState.RUNNING, Outbox.lease_until < clock.now(), Outbox.attempts >= ATTEMPTS)
    words = "The worker stopped in the middle of every try."
    values = {"state": OutboxState.DEAD, "last_error": words, "lease_until": None}
    db.session.execute(update(Outbox).where(*spent).values(**values).execution_options(synchronize_session=False))


def due_in(row_id: int) -> float | None:
    """Seconds until a waiting row is due; None for any other."""
    at = db.session.scalar(select(Outbox.next_at).where(Outbox.id == row_id, Outbox.state == OutboxState.WAITING))
    return None if at is None else (at - clock.now()).total_seconds()


def revive(row: Outbox) -> None:
    """Try again what was given up, with all its tries. Raises IllegalMove for any other row."""
    if row.state is not OutboxState.DEAD:
        raise IllegalMove("This was not given up; there is nothing to try again.")
    row.state, row.attempts, row.next_at = OutboxState.WAITING, 0, clock.now()


def discard(row: Outbox) -> None:
    """Forget what was given up: nobody wants it any more. Raises IllegalMove for any other row."""
    if row.state is not OutboxState.DEAD:
        raise IllegalMove("This was not given up; there is nothing to discard.")
    db.session.delete(row)


def purge(before: datetime) -> None:
    """Forget what was done before this time."""
    db.session.execute(delete(Outbox).where(Outbox.state == OutboxState.DONE, Outbox.done_at < before))


_wakers: list[Callable[[int], None]] = []


def wake_with(waker: Callable[[int], None]) -> None:
    """Call this with the id of each row that was stored, after its commit. Failing is harmless: a sweep finds the row."""
    _wakers[:] = [waker]


@event.listens_for(Session, "after_flush")
def _remember(session: Session, _: object) -> None:
    rows = [row for row in {*session.new, *session.dirty} if isinstance(row, Outbox) and row.state is OutboxState.WAITING]
    session.info.setdefault("outbox", set()).update(row.id for row in rows)


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop("outbox", None)


@event.listens_for(Session, "after_commit")
def _wake(session: Session) -> None:
    if session.in_nested_transaction():
        return
    ids = sorted(session.info.pop("outbox", ()))
    try:
        for row_id in ids:
            for waker in _wakers:
                waker(row_id)
    except Exception as error:  # whatever trouble the queue has, the commit stands; the rest is not tried, so that nobody waits
        log.warning("wake failed", rows=ids, error=repr(error))

"""What must happen: stored with its cause, claimed by one worker at a time, tried again, given up with words."""

import threading
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select, text

from portal import clock, outbox
from portal.extensions import db
from portal.models.outbox import Outbox, Task
from portal.refusals import IllegalMove
from portal.status import OutboxState
from portal.transaction import writing

LEASE = timedelta(minutes=5)


@pytest.fixture(autouse=True)
def _context(app):
    """The session of these tests; nothing here makes requests."""
    with app.app_context():
        yield
        db.session.rollback()


def put(count=1):
    with writing():
        rows = [outbox.enqueue(Task.MAIL, {"n": n}, title=f"number {n}") for n in range(count)]
    ids = [row.id for row in rows]
    db.session.rollback()
    return ids


def claim(row_id=None):
    with writing():
        return outbox.claim(row_id, lease=LEASE)


def row(row_id):
    db.session.rollback()
    return db.session.get(Outbox, row_id)


def test_claimed_in_order_and_only_once():
    ids = put(3)
    assert [claim().id for _ in ids] == ids
    assert claim() is None


def test_claimed_by_id():
    _, second, _ = put(3)
    job = claim(second)
    assert (job.id, job.payload, job.attempt, job.title) == (second, {"n": 1}, 1, "number 1")
    assert claim(second) is None


def test_many_workers_never_share_a_row(app):
    ids, taken = put(24), []

    def work():
        with app.app_context():
            while job := claim():
                taken.append(job.id)

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(taken) == ids


def test_done_is_emptied_and_never_claimed_again():
    (row_id,) = put()
    with writing():
        outbox.done(outbox.claim(lease=LEASE))
    assert (row(row_id).state, row(row_id).payload) == (OutboxState.DONE, "{}")
    assert claim() is None


def test_a_worker_that_died_is_replaced_after_its_lease():
    (row_id,) = put()
    start = clock.now()
    with time_machine.travel(start, tick=False):
        claim()
    with time_machine.travel(start + LEASE - timedelta(seconds=1), tick=False):
        assert claim() is None
    with time_machine.travel(start + LEASE + timedelta(seconds=1), tick=False):
        assert claim().attempt == 2
    assert row(row_id).state is OutboxState.RUNNING


def test_a_worker_slower_than_its_lease_changes_nothing():
    (row_id,) = put()
    slow = claim()
    with time_machine.travel(clock.now() + 2 * LEASE):
        claim()
        with writing():
            outbox.done(slow)
        assert row(row_id).state is OutboxState.RUNNING


def test_a_failure_waits_longer_each_time_and_is_given_up_in_the_end():
    (row_id,) = put()
    at, waits = clock.now(), []
    for _ in range(outbox.ATTEMPTS):
        with time_machine.travel(at, tick=False):
            job = claim(row_id)
            with writing():
                outbox.failed(job, "no answer")
            waits.append((row(row_id).next_at - at).total_seconds())
            assert claim(row_id) is None
        at = row(row_id).next_at + timedelta(seconds=1)
    assert row(row_id).state is OutboxState.DEAD
    assert row(row_id).last_error == "no answer"
    assert all(
        0.8 * expected <= wait <= 1.2 * expected for wait, expected in zip(waits, [30, 120, 480, 1920, 7680], strict=False)
    )
    assert max(waits) <= 1.2 * 6 * 3600


def test_what_can_never_succeed_is_given_up_at_once():
    (row_id,) = put()
    with writing():
        outbox.failed(outbox.claim(lease=LEASE), "no such mailbox", final=True)
    assert row(row_id).state is OutboxState.DEAD


def test_a_row_that_takes_its_worker_down_is_given_up():
    (row_id,) = put()
    for n in range(outbox.ATTEMPTS):
        with time_machine.travel(clock.now() + n * 2 * LEASE):
            assert claim(row_id)
    with time_machine.travel(clock.now() + 20 * LEASE):
        assert claim(row_id) is None
        with writing():
            outbox.bury()
    assert row(row_id).state is OutboxState.DEAD
    assert "middle of every try" in row(row_id).last_error


def test_what_was_given_up_can_be_tried_again_with_all_its_tries():
    (row_id,) = put()
    with writing():
        outbox.failed(outbox.claim(lease=LEASE), "no such mailbox", final=True)
    with writing():
        outbox.revive(row(row_id))
    assert claim(row_id).attempt == 1
    with pytest.raises(IllegalMove), writing():
        outbox.revive(row(row_id))


def test_old_done_rows_are_forgotten_and_no_others():
    done, waiting = put(2)
    with writing():
        outbox.done(outbox.claim(done, lease=LEASE))
    with writing():
        outbox.purge(clock.now() - timedelta(days=1))
    assert row(done)
    with writing():
        outbox.purge(clock.now() + timedelta(seconds=1))
    assert db.session.scalars(select(Outbox.id)).all() == [waiting]


def test_payloads_are_unreadable_at_rest():
    with writing():
        outbox.enqueue(Task.MAIL, {"text": "https://example.com/invitation/secret"}, title="x")
    stored = db.session.execute(text("SELECT payload FROM outbox")).scalar_one()
    assert b"secret" not in bytes(stored)


@pytest.fixture
def woken():
    before, seen = list(outbox._wakers), []
    outbox.wake_with(seen.append)
    yield seen
    outbox._wakers[:] = before


def test_the_worker_is_woken_after_the_commit(woken):
    with writing():
        first = outbox.enqueue(Task.MAIL, {}, title="x")
        db.session.flush()
        with db.session.begin_nested():
            second = outbox.enqueue(Task.MAIL, {}, title="y")
        assert woken == []
    assert woken == [first.id, second.id]


def test_nobody_is_woken_for_what_was_rolled_back(woken):
    def fail():
        with writing():
            outbox.enqueue(Task.MAIL, {}, title="x")
            db.session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    put()
    assert len(woken) == 1


def test_a_wake_that_fails_is_harmless():
    before, tried = list(outbox._wakers), []

    def broken(row_id):
        tried.append(row_id)
        raise ConnectionError("the queue is away")

    outbox.wake_with(broken)
    ids = put(3)
    outbox._wakers[:] = before
    assert tried == ids[:1], "nobody waits for a queue that is away once for every row"
    assert [claim().id for _ in ids] == ids


def test_a_wake_reaches_the_queue(app):
    queue = app.extensions["queue"].ready()
    queue.flush()
    (row_id,) = put()
    (task,) = queue.pending()
    assert task.args == (row_id,)
    queue.flush()

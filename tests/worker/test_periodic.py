"""What the worker does by the clock."""

from datetime import timedelta

from sqlalchemy import select

from portal import clock, outbox
from portal.extensions import db
from portal.models.outbox import Beat, Outbox, Task
from portal.models.people import Attempt, UserSession
from portal.status import OutboxState
from portal.transaction import writing
from portal.worker import periodic

OLD = timedelta(days=40)


def asked(app, statement):
    with app.app_context():
        found = db.session.scalars(statement).all()
        db.session.rollback()
        return found


def test_a_sign_of_life_again_and_again(app):
    periodic.beat(app)
    (first,) = asked(app, select(Beat.at))
    periodic.beat(app)
    (second,) = asked(app, select(Beat.at))
    assert second > first


def test_the_sweep_does_what_no_wake_announced_and_buries_what_kills_workers(app, inbox):
    payload = {"to": "a@example.com", "name": "", "subject": "x", "text": "x", "html": "x"}
    with app.app_context():
        with writing():
            row = outbox.enqueue(Task.MAIL, payload, title="x")
            killer = outbox.enqueue(Task.MAIL, payload, title="killer")
            killer.state, killer.attempts = OutboxState.RUNNING, outbox.ATTEMPTS
            killer.lease_until = clock.now() - timedelta(minutes=1)
        ids = [row.id, killer.id]
        db.session.rollback()
    periodic.sweep(app)
    states = asked(app, select(Outbox.state).where(Outbox.id.in_(ids)).order_by(Outbox.id))
    assert states == [OutboxState.DONE, OutboxState.DEAD]


def test_old_rows_go_and_what_is_in_use_stays(app, world):
    with app.app_context(), writing():
        for ended, token in ((clock.now() - OLD, "ended"), (clock.now(), "just ended"), (None, "open")):
            at = clock.now() - OLD
            db.session.add(
                UserSession(
                    user_id=world.users["alice"],
                    token_hash=token,
                    address="127.0.0.1",
                    created_at=at,
                    seen_at=at,
                    ended_at=ended,
                )
            )
        for at in (clock.now() - OLD, clock.now()):
            db.session.add(Attempt(kind="sign_in", account_hash="x", address="127.0.0.1", at=at))
        for at, state in ((OLD, OutboxState.DONE), (timedelta(0), OutboxState.DONE), (OLD, OutboxState.DEAD)):
            row = outbox.enqueue(Task.MAIL, {}, title="x")
            row.state, row.done_at = state, clock.now() - at
    periodic.purge(app)
    assert set(asked(app, select(UserSession.token_hash))) == {"just ended", "open"}
    assert len(asked(app, select(Attempt.id))) == 1
    assert sorted(asked(app, select(Outbox.state))) == [OutboxState.DEAD, OutboxState.DONE]


def test_every_duty_has_a_name_of_its_own():
    names = [duty.name for duty in periodic.PERIODIC]
    assert len(set(names)) == len(names)
    assert {"beat", "sweep", "purge"} <= set(names)

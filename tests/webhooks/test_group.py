"""Group commit: those who wait share a transaction, and each hears the truth about itself."""

import os
import threading
import time

import pytest
from sqlalchemy import delete
from sqlalchemy import event as sql

from portal.extensions import db
from portal.models.delivery import Delivery
from portal.transaction import writing
from portal.webhooks import group
from portal.webhooks.group import Group, NotStored
from tests.waiting import until
from tests.webhooks.sending import Hook, event, webhook

RAW = webhook(event())


@pytest.fixture
def engine(app):
    with app.app_context():
        return db.engine


def together(many, work):
    """Run in so many threads; what they returned."""
    said = [None] * many
    threads = [threading.Thread(target=lambda number=number: said.__setitem__(number, work())) for number in range(many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return said


def test_those_who_wait_share_one_commit(hook, engine):
    """The first commit waits until all others are in the group: they are stored by the second."""
    commits, mine = [], group._groups.setdefault(engine, Group(engine))

    def slow(connection):
        stored = connection.exec_driver_sql("SELECT count(*) FROM delivery").scalar()
        commits.append(stored)
        if len(commits) == 1:
            until(lambda: stored + len(mine._waiting) == 10)

    hook.send(b"", "")  # so that its secret is known
    with hook.app.app_context(), writing():
        db.session.execute(delete(Delivery))
    sql.listen(engine, "commit", slow)
    try:
        answers = together(10, lambda: hook.send(RAW).status_code)
    finally:
        sql.remove(engine, "commit", slow)
    assert answers == [204] * 10
    assert len(commits) <= 2
    assert commits[-1] == len(hook.deliveries()) == 10


def test_a_group_that_fails_is_stored_one_by_one(engine, monkeypatch):
    """One that the database refuses takes no other with it."""
    mine, tried = Group(engine), []

    def stored(batch):
        tried.append(len(batch))
        return "IntegrityError" if any(one.values["bad"] for one in batch) else ""

    monkeypatch.setattr(mine, "_stored", stored)
    monkeypatch.setattr(mine, "_busy", True)
    said = []
    waiting = [threading.Thread(target=_store, args=(mine, bad, said)) for bad in (False, True, False)]
    for thread in waiting:
        thread.start()
    until(lambda: len(mine._waiting) == 3)
    mine._hand_over()
    for thread in waiting:
        thread.join()
    assert (tried, sorted(said)) == ([3, 1, 1, 1], [(False, "stored"), (False, "stored"), (True, "not stored")])


def _store(mine, bad, said):
    try:
        mine.store({"bad": bad}, time.perf_counter())
        said.append((bad, "stored"))
    except NotStored:
        said.append((bad, "not stored"))


def test_whoever_leads_and_dies_leaves_the_lead_to_the_next(engine, monkeypatch):
    mine = Group(engine)

    def interrupted(_):
        raise SystemExit

    monkeypatch.setattr(mine, "_stored", interrupted)
    with pytest.raises(SystemExit):
        mine.store({}, 0.0)
    monkeypatch.setattr(mine, "_stored", lambda _: "")
    mine.store({}, 0.0)


def test_many_at_once_are_all_stored(hook):
    assert together(8, lambda: [hook.send(RAW).status_code for _ in range(10)]) == [[204] * 10] * 8
    ids = [stored.id for stored in hook.deliveries()]
    assert len(ids) == 80
    assert ids == sorted(ids)


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_forked_process_begins_with_a_group_of_its_own(hook, engine):
    hook.send(RAW)
    group._groups[engine]._busy = True  # as if somebody were storing while the server forks
    child = os.fork()
    if not child:
        os._exit(0 if not group._groups else 1)
    group._groups[engine]._busy = False
    assert os.waitpid(child, 0)[1] == 0


def test_two_partners_share_a_commit_and_nothing_else(app, world):
    ours, theirs = Hook(app, world.partners["acme"]), Hook(app, world.partners["birch"])
    together(6, lambda: (ours.send(RAW), theirs.send(RAW)))
    assert (len(ours.deliveries()), len(theirs.deliveries())) == (6, 6)
    assert {stored.app_id for stored in ours.deliveries()} == {ours.id}

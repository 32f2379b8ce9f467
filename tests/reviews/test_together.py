"""Two reviewers at the very same moment, with real threads and connections of their own."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from portal.extensions import db
from portal.models.outbox import Outbox
from portal.models.people import User
from portal.models.review import Remark, Round, Verdict
from portal.refusals import Refusal
from portal.reviews import service
from portal.status import RemarkKind
from portal.transaction import writing
from tests.reviews.sent import SIMPLE

QUESTION = SIMPLE["webhooks"]


def approve(review, by):
    service.approve_section(review, "webhooks", by=by)


def ask(review, by):
    service.write_remark(review, "webhooks", by=by, kind=RemarkKind.BLOCKING, text="Show it.", question_key=QUESTION)


def send(review, by):
    service.send_feedback(review, by=by)


def undo(review, by):
    service.undo_verdict(review, "webhooks", by=by)


def pause(review, by):
    service.pause(review, "webhooks", reason="Why?", by=by)


def resume(review, by):
    service.resume(review, by=by)


def seen(review, by):
    service.seen(review, by=by)


@pytest.fixture
def together(app, world, sent):
    """Each verb by another person, all released at once; says which were refused."""

    def act(name, verb, start):
        with app.app_context():
            start.wait()
            try:
                with writing():
                    verb(db.session.query(Round).one(), db.session.get(User, world.users[name]))
            except Refusal as refused:
                return type(refused).__name__
            return None

    def run(*verbs, names=("rita", "ruth")):
        start = Barrier(len(verbs))
        with ThreadPoolExecutor(len(verbs)) as pool:
            return sorted(filter(None, pool.map(act, names, verbs, [start] * len(verbs))))

    return run


@pytest.fixture
def alone(app, world, sent):
    def run(verb):
        with app.app_context(), writing():
            verb(db.session.query(Round).one(), world.user("rita"))

    return run


@pytest.fixture
def counted(app):
    def run(of, **where):
        with app.app_context():
            return db.session.query(of).filter_by(**where).count()

    return run


@pytest.mark.parametrize("_again", range(4))
def test_an_approval_and_a_correction_never_stand_side_by_side(together, counted, _again):
    refused = together(approve, ask)
    assert refused in ([], ["StillBlocked"])
    assert counted(Remark) == 1
    assert counted(Verdict, undone_at=None) == 0


def test_both_approve_once(together, counted):
    assert together(approve, approve) == []
    assert counted(Verdict) == 1


def test_feedback_is_sent_once(together, alone, counted):
    alone(ask)
    assert together(send, send) == ["NothingToSend"]
    assert counted(Verdict) == 1
    assert counted(Outbox) == 2


def test_a_verdict_is_undone_once(together, alone, counted):
    alone(approve)
    alone(send)
    assert together(undo, undo) == ["NothingToUndo"]
    assert counted(Verdict, undone_at=None) == 0


def test_the_clock_is_stopped_and_started_once(together, alone):
    assert together(pause, pause) == ["ClockStands"]
    assert together(resume, resume) == []


def test_the_same_person_looks_from_two_tabs(together):
    assert together(seen, seen, names=("rita", "rita")) == []

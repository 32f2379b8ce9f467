"""An exam as the worker makes it: experiment by experiment, stopped, killed, waiting for people."""

import json
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta

import requests
from sqlalchemy import select
from sqlalchemy.orm import undefer

from portal import clock, outbox
from portal.exam import running, service, table, work
from portal.extensions import db
from portal.models.exam import CheckResult, Exam
from portal.transaction import writing
from portal.worker import drain

LINKS = [check.id for check in table.CHECKS if check.family.value == "links"]


@contextmanager
def later(*, seconds):
    with clock.at(clock.now() + timedelta(seconds=seconds)):
        yield


def test_an_exam_of_the_example_ends_with_a_verdict_for_every_check(exams, serving):
    key = exams.start()
    exam, verdicts = exams.get(key), exams.verdicts(key)
    assert exam.ended_at, exam.words
    assert set(verdicts) == set(table.BY_ID)
    assert exam.position == len(exam.checks) == len(table.CHECKS)
    assert exam.tally == Counter(verdict for verdict, _ in verdicts.values())
    assert {name: said for name, said in verdicts.items() if said[0] == "failed"} == {}
    assert exam.status.value == "passed"
    assert exam.carried is None
    kept = everything_kept(exams, key)
    for secret in (serving.settings.client_secret, serving.settings.webhook_secret, serving.settings.test_key):
        assert secret not in kept


def everything_kept(exams, key):
    with exams.app.app_context():
        exam = db.session.scalars(select(Exam).filter_by(key=key)).one()
        rows = db.session.scalars(select(CheckResult).filter_by(exam_id=exam.id).options(undefer("*"))).all()
        return json.dumps([[row.words, row.seen, row.observation, row.trace, row.proof] for row in rows])


def test_what_needs_a_person_waits_while_the_rest_goes_on(exams):
    exams.declare(connect_url="", login_url="")
    key = exams.start()
    exam, verdicts = exams.get(key), exams.verdicts(key)
    assert exam.status.value == "waiting"
    assert exam.waits
    assert next(iter(exam.waits.values()))["what"] in exam.words
    waiting = {check.id for check in table.CHECKS if check.experiment in exam.waits}
    assert waiting
    assert not waiting & verdicts.keys()
    assert exam.position == len(verdicts)


def test_it_looks_again_after_a_while_and_goes_on_when_it_is_done(exams, serving):
    exams.declare(connect_url="", login_url="")
    key = exams.start(*LINKS)
    version = exams.get(key).version
    with later(seconds=5):
        drain(exams.app)
    assert exams.get(key).version == version  # nothing new to show
    requests.get(f"{serving.url}/connect", timeout=10)  # a user is sent to the sandbox's authorization page
    with later(seconds=30):
        drain(exams.app)
    verdicts = exams.verdicts(key)
    assert verdicts["links.leads"][0] == "passed"
    with later(seconds=4000):
        drain(exams.app)
    exam = exams.get(key)
    assert exam.ended_at
    assert set(exams.verdicts(key)) == set(exam.checks)


def test_nobody_is_waited_for_for_ever(exams):
    exams.declare(connect_url="", login_url="")
    key = exams.start(*LINKS)
    for minutes in (30, 61, 62, 63, 64, 65):
        with later(seconds=60 * minutes):
            drain(exams.app)
    exam, verdicts = exams.get(key), exams.verdicts(key)
    assert exam.status.value == "passed"
    assert verdicts["links.leads"] == ("skipped", verdicts["links.leads"][1])
    assert "Nobody did it within an hour" in verdicts["links.leads"][1]


def test_without_people_nothing_waits(exams):
    exams.declare(connect_url="", login_url="")
    key = exams.start(*LINKS, with_people=False)
    exam, verdicts = exams.get(key), exams.verdicts(key)
    assert exam.ended_at
    assert "It needs a person" in verdicts["links.leads"][1]


def test_a_job_whose_worker_died_is_made_again_and_stored_once(bare):
    key = bare.start(*LINKS, go=False)
    with bare.app.app_context():
        with writing():
            job = outbox.claim(lease=timedelta(seconds=300))
        work.go_on(job, bare.app.settings)  # it works, and dies before it stores anything
        db.session.rollback()
    drain(bare.app)
    assert bare.verdicts(key) == {}  # the lease of the dead one holds
    with later(seconds=301):
        drain(bare.app)
    assert bare.get(key).ended_at
    assert set(bare.verdicts(key)) == set(bare.get(key).checks)


def test_a_slower_worker_of_the_same_turn_changes_nothing(bare):
    key = bare.start(*LINKS, go=False)
    with bare.app.app_context(), writing():
        slow = outbox.claim(lease=timedelta(seconds=300))
    with later(seconds=301):
        drain(bare.app)
    before = bare.get(key).version
    with bare.app.app_context(), writing():
        work.go_on(slow, bare.app.settings)
    assert bare.get(key).version == before


def test_no_transaction_is_open_while_an_experiment_speaks(bare, monkeypatch):
    seen = []

    def listening(rig, experiment):
        seen.append(db.session().in_transaction())
        return real(rig, experiment)

    real = running.perform
    monkeypatch.setattr(running, "perform", listening)
    bare.start(*LINKS)
    assert seen
    assert not any(seen)


def test_an_exam_that_nobody_goes_on_with_is_ended(bare):
    key = bare.start(*LINKS, go=False)
    with bare.app.app_context(), writing():
        service.end_lost(clock.now() + timedelta(minutes=59))
    assert bare.get(key).ended_at is None
    with bare.app.app_context(), writing():
        service.end_lost(clock.now() + timedelta(minutes=61))
    assert bare.get(key).status.value == "stopped"


def test_a_skipped_check_takes_no_verdicts_place(exams):
    first = exams.start(*LINKS)
    exams.declare(connect_url="", login_url="")
    exams.start(*LINKS, with_people=False)
    row = exams.result(first, "links.leads")
    assert row.verdict.value == "passed"
    assert row.newest


def test_old_exams_go_when_nothing_rests_on_them(exams):
    old, new = exams.start(*LINKS), exams.start(*LINKS)
    with exams.app.app_context(), writing():
        service.purge(clock.now() + timedelta(days=1))
        kept = list(db.session.scalars(select(Exam.key)))
    assert kept == [new]
    assert old not in kept

"""Staff see what was given up and why, and can have it tried again."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal import outbox
from portal.extensions import db
from portal.models.event import Event
from portal.models.outbox import Outbox, Task
from portal.staff import undelivered
from portal.status import OutboxState
from portal.transaction import writing


@pytest.fixture
def given_up(app):
    """The key of a mail that a server refused."""
    with app.app_context():
        with writing():
            row = outbox.enqueue(Task.MAIL, {"text": "secret link"}, title="x@example.com: <News>")
        with writing():
            outbox.failed(outbox.claim(lease=timedelta(minutes=1)), "550 no such mailbox", final=True)
        key = row.key
        db.session.rollback()
    return key


def test_the_page_says_what_was_given_up_and_why(rita, given_up):
    page = rita.get("/staff/mail").text
    assert "x@example.com: &lt;News&gt;" in page
    assert "550 no such mailbox" in page
    assert "secret link" not in page


def test_trying_again_makes_it_wait_and_is_told_in_the_audit_log(app, rita, given_up):
    answer = rita.post(f"/staff/mail/{given_up}/again")
    assert answer.status_code == 303
    assert "x@example.com" in rita.get("/staff/mail?state=waiting").text
    with app.app_context():
        row = db.session.scalars(select(Outbox).where(Outbox.key == given_up)).one()
        assert (row.state, row.attempts) == (OutboxState.WAITING, 0)
        assert db.session.scalars(select(Event.kind)).all() == ["delivery_tried_again"]
        db.session.rollback()


def test_what_was_not_given_up_is_not_tried_again(rita, given_up):
    rita.post(f"/staff/mail/{given_up}/again")
    assert rita.post(f"/staff/mail/{given_up}/again").status_code == 409
    assert rita.post("/staff/mail/unknown/again").status_code == 404


def test_partners_and_strangers_do_not_see_it(alice, nobody, given_up):
    assert alice.get("/staff/mail").status_code == 403
    assert alice.post(f"/staff/mail/{given_up}/again").status_code == 403
    assert nobody.get("/staff/mail").status_code == 302


@pytest.mark.parametrize("query", ["?state=nonsense", "?before=x", "?state=done&before=1", "?state=running"])
def test_odd_questions_get_a_page(rita, query):
    assert rita.get("/staff/mail" + query).status_code == 200


def test_more_than_a_page_goes_on(app, rita):
    with app.app_context(), writing():
        for n in range(51):
            outbox.enqueue(Task.MAIL, {}, title=f"number {n:02}")
    first = rita.get("/staff/mail?state=waiting").text
    assert "number 50" in first
    assert "number 00" not in first
    older = first.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    assert "number 00" in rita.get(older).text


def test_what_nobody_wants_any_more_is_discarded_and_the_audit_log_keeps_it(app, rita, given_up):
    assert rita.post(f"/staff/mail/{given_up}/discard").status_code == 303
    assert "x@example.com" not in rita.get("/staff/mail").text
    with app.app_context():
        assert db.session.scalars(select(Outbox)).all() == []
        told = db.session.scalars(select(Event)).one()
        assert (told.kind, told.payload["error"]) == ("delivery_discarded", "550 no such mailbox")
        assert "secret" not in str(told.payload)
        db.session.rollback()
    assert rita.post(f"/staff/mail/{given_up}/discard").status_code == 404


def test_only_what_was_given_up_is_discarded(app, rita, given_up, alice):
    assert alice.post(f"/staff/mail/{given_up}/discard").status_code == 403
    rita.post(f"/staff/mail/{given_up}/again")
    assert rita.post(f"/staff/mail/{given_up}/discard").status_code == 409


@pytest.mark.parametrize("task", list(Task))
def test_every_kind_can_be_looked_for_tried_again_and_discarded(app, rita, task):
    with app.app_context(), writing():
        rows = [Outbox(task=task, payload="{}", title=f"given up {n}", state=OutboxState.DEAD) for n in (1, 2)]
        db.session.add_all(
            [*rows, Outbox(task=Task.MAIL if task is not Task.MAIL else Task.FILE, payload="{}", title="another")]
        )
        db.session.flush()
        keys = [row.key for row in rows]
    page = rita.get(f"/staff/mail?task={task.value}").text
    assert ("given up 1" in page, "another" in page) == (True, False)
    assert rita.post(f"/staff/mail/{keys[0]}/again").status_code == 303
    assert rita.post(f"/staff/mail/{keys[1]}/discard").status_code == 303


def test_every_kind_has_words():
    assert set(undelivered.TASKS) == set(Task)

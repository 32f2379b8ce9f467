"""Tries are counted by account and by address, in the database, for accounts that exist and for those that do not."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from portal import clock, create_app
from portal.extensions import db
from portal.identity import limits
from portal.models.people import Attempt
from portal.refusals import TooMany
from portal.transaction import writing
from tests.world import PASSWORD


def fail(app, identity, *, times, address="192.0.2.1", path="/sign-in", **data):
    """The answers to that many wrong tries, each from a browser of its own."""
    answers = []
    for _ in range(times):
        data = {"email": identity, "password": "wrong wrong wrong", **data}
        answers.append(app.test_client().post(path, data=data, environ_base={"REMOTE_ADDR": address}))
    return answers


@pytest.mark.parametrize("identity", ["alice", "knave"])
def test_an_account_is_limited_whether_or_not_it_exists(app, world, identity, sign_in):
    *tried, last = fail(app, identity, times=11)
    assert {answer.status_code for answer in tried} == {422}
    assert last.status_code == 429
    assert "too many tries" in last.text
    assert 0 < int(last.headers["Retry-After"]) <= 15 * 60 + 1
    assert sign_in(app.test_client(), identity).status_code == 429, (
        "the right password does not help while the account is limited"
    )


def test_name_and_address_are_one_account(app, world):
    fail(app, "alice", times=5)
    assert fail(app, "alice@example.com", times=6)[-1].status_code == 429


def test_others_are_not_touched(app, world, sign_in):
    fail(app, "alice", times=11)
    assert sign_in(app.test_client(), "bob").status_code == 302


def test_an_address_is_limited_over_many_accounts(app, world):
    for n in range(10):
        fail(app, f"guess{n}", times=5)
    assert fail(app, "guess10", times=1)[0].status_code == 429
    assert fail(app, "guess10", times=1, address="192.0.2.2")[0].status_code == 422


def test_a_house_of_ipv6_addresses_is_one(app, world):
    for n in range(10):
        fail(app, f"guess{n}", times=5, address=f"2001:db8::{n}")
    assert fail(app, "guess10", times=1, address="2001:db8::ffff")[0].status_code == 429
    assert fail(app, "guess10", times=1, address="2001:db8:0:1::1")[0].status_code == 422


def test_the_wait_has_an_end(app, world, sign_in):
    fail(app, "alice", times=12)
    with time_machine.travel(clock.now() + timedelta(minutes=16), tick=True):
        assert sign_in(app.test_client()).status_code == 302


def test_tries_while_limited_do_not_make_it_longer(app, world, sign_in):
    fail(app, "alice", times=10)
    with time_machine.travel(clock.now() + timedelta(minutes=14), tick=True):
        assert fail(app, "alice", times=3)[-1].status_code == 429
    with time_machine.travel(clock.now() + timedelta(minutes=16), tick=True):
        assert sign_in(app.test_client()).status_code == 302


def test_signing_in_starts_the_count_anew(app, world, sign_in):
    fail(app, "alice", times=9)
    assert sign_in(app.test_client()).status_code == 302
    assert fail(app, "alice", times=9)[-1].status_code == 422


def test_the_count_survives_a_restart(app, world, settings):
    fail(app, "alice", times=10)
    again = create_app(settings)
    again.test_client_class = app.test_client_class
    assert fail(again, "alice", times=1)[0].status_code == 429


@pytest.mark.parametrize("path", ["/sign-in/forgotten-password", "/sign-in/forgotten-username"])
@pytest.mark.parametrize("email", ["alice@example.com", "knave@example.com"])
def test_mails_are_limited_too(app, world, mails, path, email):
    *sent, last = fail(app, email, times=6, path=path)
    assert {answer.status_code for answer in sent} == {302}
    assert last.status_code == 429
    assert len(mails()) == (5 if email == "alice@example.com" else 0)


def test_guessing_at_invitations_is_limited(app, world):
    answers = [
        app.test_client().post(f"/invitation/guess{n}", data={}, environ_base={"REMOTE_ADDR": "192.0.2.1"}).status_code
        for n in range(51)
    ]
    assert set(answers[:50]) == {404}
    assert answers[50] == 429


def test_the_present_password_is_no_way_around(app, world, alice):
    data = {"password": "wrong", "new_password": "violet otters read maps", "new_password_confirm": "violet otters read maps"}
    assert [alice.post("/security/password", data=data).status_code for _ in range(11)][-1] == 429


def test_what_is_typed_into_the_field_is_not_stored(app, world):
    fail(app, PASSWORD, times=1)
    with app.app_context():
        attempt = db.session.scalar(select(Attempt))
        assert len(attempt.account_hash) == 64
        assert PASSWORD not in attempt.account_hash


def test_old_tries_are_cleaned_away(app, world):
    fail(app, "alice", times=3)
    with time_machine.travel(clock.now() + timedelta(hours=2), tick=True), app.app_context():
        with writing():
            limits.clean()
        assert db.session.scalar(select(func.count(Attempt.id))) == 0


def test_of_many_at_once_no_more_than_allowed_get_through(app, world):
    """Written down before it is judged: every try sees those before it, however close they come."""
    with app.app_context(), writing():
        noted = [limits.note("sign_in", account="alice", address="192.0.2.1") for _ in range(30)]
        passed = [attempt for attempt in noted if _passes(attempt)]
    assert len(passed) == 10


def _passes(attempt):
    try:
        limits.judge(attempt)
    except TooMany:
        return False
    return True

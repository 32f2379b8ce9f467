"""Forgotten passwords and usernames, and changing the password."""

from datetime import timedelta

import pytest
import time_machine

from portal import clock
from portal.extensions import db
from portal.models.people import UserSession
from tests.world import PASSWORD

NEW = "violet otters read maps"


def ask(client, email="alice@example.com"):
    return client.post("/sign-in/forgotten-password", data={"email": email})


def choose(client, link, password=NEW, again=None):
    return client.post(link, data={"password": password, "password_confirm": password if again is None else again})


def test_a_link_brings_a_new_password(world, nobody, mails, sign_in, events):
    assert ask(nobody).location == "/sign-in"
    (mail,) = mails()
    assert mail["to"] == "alice@example.com"
    assert "works once" in mail["text"]
    assert mail["link"] in mail["html"]
    assert nobody.get(mail["link"]).status_code == 200
    assert choose(nobody, mail["link"]).location == "/sign-in"
    assert sign_in(nobody, password=PASSWORD).status_code == 422
    assert sign_in(nobody, password=NEW).status_code == 302
    assert ("security_event", "Alice Example", "changed the password") in events()
    assert mails()[-1]["subject"] == "Your password was changed"


def test_the_link_works_once(world, nobody, mails, sign_in):
    ask(nobody)
    link = mails()[0]["link"]
    choose(nobody, link)
    assert nobody.get(link).location == "/sign-in/forgotten-password"
    choose(nobody, link, "another long password")
    assert sign_in(nobody, password=NEW).status_code == 302


def test_the_link_expires(world, nobody, mails, sign_in):
    with time_machine.travel(clock.now() - timedelta(hours=3), tick=True):
        ask(nobody)
    link = mails()[0]["link"]
    page = nobody.get(link, follow_redirects=True)
    assert "This link is too old." in page.text
    choose(nobody, link)
    assert sign_in(nobody, password=NEW).status_code == 422


def test_the_link_is_of_the_portal_whatever_the_request_claims(world, nobody, mails):
    headers = {"X-CSRFToken": nobody.token()}
    nobody.set_cookie("portal_session", nobody.get_cookie("portal_session").value, domain="evil.example")
    evil = {"base_url": "http://evil.example", "headers": headers, "csrf": False}
    assert nobody.post("/sign-in/forgotten-password", data={"email": "alice@example.com"}, **evil).status_code == 302
    assert "evil.example" not in mails()[0]["text"]


def test_a_new_password_signs_out_everywhere(app, world, alice, nobody, mails, is_signed_in):
    ask(nobody)
    choose(nobody, mails()[0]["link"])
    assert not is_signed_in(alice)
    with app.app_context():
        assert db.session.query(UserSession).filter_by(user_id=world.users["alice"], ended_at=None).count() == 0


@pytest.mark.parametrize("page", ["/sign-in/forgotten-password", "/sign-in/forgotten-username"])
def test_the_answer_is_the_same_for_accounts_that_are_none(app, world, mails, page):
    answers = []
    for email in ("alice@example.com", "knave@example.com"):
        client = app.test_client()
        answer = client.post(page, data={"email": email})
        answers.append((answer.status_code, answer.location, _flash(client)))
    assert answers[0] == answers[1]
    assert [mail["to"] for mail in mails()] == ["alice@example.com"]


def _flash(client):
    with client.session_transaction() as session:
        return session["_flashes"]


@pytest.mark.parametrize("page", ["/sign-in/forgotten-password", "/sign-in/forgotten-username"])
@pytest.mark.parametrize("email", ["", "alice", "a" * 5000, "alice@example.com\x00", "alice@example.com\nBcc: x@example.com"])
def test_what_is_no_address_is_refused_with_words(world, nobody, mails, page, email):
    answer = nobody.post(page, data={"email": email})
    assert answer.status_code in (302, 303, 422)
    assert all(mail["to"] == "alice@example.com" for mail in mails())
    if email in ("", "alice"):
        assert "Enter an e-mail address" in answer.text


def test_the_username_comes_by_mail(world, nobody, mails):
    nobody.post("/sign-in/forgotten-username", data={"email": "Alice@example.com"})
    (mail,) = mails()
    assert "alice" in mail["text"]
    assert mail["link"] == "/sign-in"


@pytest.mark.parametrize(
    ("password", "again", "words"),
    [
        ("short", None, "at least 12 characters"),
        ("x" * 129, None, "at most 128 characters"),
        ("password12345", None, "easy to guess"),
        ("alice@example.com", None, "easy to guess"),
        ("abcdefghijklmnop", None, "easy to guess"),
        (NEW, "something else entirely", "differ"),
        ("", "", "at least 12 characters"),
    ],
)
def test_passwords_that_are_not_taken(world, nobody, mails, sign_in, password, again, words):
    ask(nobody)
    link = mails()[0]["link"]
    answer = choose(nobody, link, password, again)
    assert answer.status_code == 422
    assert words in answer.text
    assert sign_in(nobody).status_code == 302


@pytest.mark.parametrize(
    "password", ["  spaces kept around  ", "pässwörter aus bäumen", "🦦🦦 otters and 🗺 maps", "ﬁne ligatures ﬂow on"]
)
def test_what_is_typed_is_the_password(world, nobody, mails, sign_in, password):
    ask(nobody)
    assert choose(nobody, mails()[0]["link"], password).status_code == 302
    assert sign_in(nobody, password=password).status_code == 302


@pytest.mark.parametrize("token", ["x", "WyJhIiwiYiJd.abc.def", "a" * 3000])
def test_a_made_up_link(nobody, token):
    assert nobody.get(f"/sign-in/forgotten-password/{token}").location == "/sign-in/forgotten-password"


def change(client, present=PASSWORD, new=NEW, again=None):
    data = {"password": present, "new_password": new, "new_password_confirm": new if again is None else again}
    return client.post("/security/password", data=data)


def test_changing_the_password(world, app, alice, sign_in, is_signed_in, mails, events):
    other = world.client("alice")
    assert alice.get("/security/password").status_code == 200
    assert change(alice).location == "/security"
    assert is_signed_in(alice)
    assert not is_signed_in(other)
    assert sign_in(app.test_client(), password=NEW).status_code == 302
    assert mails()[0]["subject"] == "Your password was changed"
    assert ("security_event", "Alice Example", "changed the password") in events()


def test_changing_the_password_does_not_shorten_the_stay(world, nobody, sign_in):
    sign_in(nobody, remember="y")
    assert "Expires=" in "; ".join(change(nobody).headers.getlist("Set-Cookie"))


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"present": "wrong"}, "This is not your password."),
        ({"new": "short"}, "at least 12 characters"),
        ({"new": PASSWORD}, "The new password is the old one"),
        ({"again": "something else"}, "differ"),
        ({"present": "", "new": ""}, "This is not your password."),
    ],
)
def test_changes_that_are_refused(world, alice, app, sign_in, values, words):
    answer = change(alice, **values)
    assert answer.status_code == 422
    assert words in answer.text
    assert sign_in(app.test_client()).status_code == 302


def test_nobody_changes_a_password_when_signed_out(nobody):
    assert change(nobody).status_code in (302, 401)

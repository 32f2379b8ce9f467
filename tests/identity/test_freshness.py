"""Sensitive pages ask for the password again when the sign-in is older than half an hour."""

import pytest

from tests.world import PASSWORD

PAGES = ["/security/authenticator-app", "/security/passkeys", "/security/recovery-codes", "/team/invite"]
POSTS = [
    ("/team/invite", {"name": "D", "email": "d@example.com", "role": "member"}),
    ("/security/authenticator-app", {"code": "123456"}),
    ("/security/authenticator-app/remove", {}),
    ("/security/passkeys", {"name": "Key"}),
    ("/security/passkeys/remove", {"name": "Key"}),
    ("/security/recovery-codes", {"generate_new_codes": "y"}),
]


@pytest.mark.parametrize("path", PAGES)
def test_a_fresh_sign_in_opens_them(alice, path):
    assert alice.get(path).status_code == 200


@pytest.mark.parametrize("path", PAGES)
def test_an_old_one_is_asked_again_and_led_on(alice, make_stale, path):
    make_stale(alice)
    answer = alice.get(path)
    assert answer.location == f"/sign-in/again?next={path}"
    assert "Show that it is you" in alice.get(answer.location).text
    assert alice.post(answer.location, data={"password": PASSWORD}).location == path
    assert alice.get(path).status_code == 200


@pytest.mark.parametrize(("path", "data"), POSTS)
def test_nothing_happens_before(app, alice, make_stale, mails, events, path, data):
    make_stale(alice)
    answer = alice.post(path, data=data)
    assert answer.status_code in (302, 303)
    assert answer.location.startswith("/sign-in/again?next=/")
    assert mails() == []
    assert events() == []


def test_a_wrong_password_does_not_help(alice, make_stale):
    make_stale(alice)
    answer = alice.post("/sign-in/again?next=/team/invite", data={"password": "wrong"})
    assert answer.status_code == 422
    assert "This is not your password." in answer.text
    assert alice.get("/team/invite").location.startswith("/sign-in/again")


@pytest.mark.parametrize("target", ["https://evil.example", "//evil.example", "/\\evil.example"])
def test_it_never_leads_away(alice, target):
    assert alice.post("/sign-in/again", data={"password": PASSWORD, "next": target}).status_code == 400


def test_it_is_for_who_is_signed_in(nobody):
    assert nobody.get("/sign-in/again").location.startswith("/sign-in?next=")


def test_a_session_that_never_said_when_is_old(alice):
    with alice.session_transaction() as session:
        session.pop("fs_paa")
    assert alice.get("/team/invite").location.startswith("/sign-in/again")


@pytest.mark.parametrize("path", ["/team", "/security", "/settings"])
def test_looking_is_free(alice, make_stale, path):
    make_stale(alice)
    assert alice.get(path).status_code == 200

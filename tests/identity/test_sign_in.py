"""Signing in and out: the session row, what the answers give away, where they lead."""

import pytest
from sqlalchemy import func, select

from portal.extensions import db
from portal.models.event import Event
from portal.models.people import User, UserSession
from portal.transaction import writing
from tests.world import PASSWORD


def open_sessions(app, world, name="alice"):
    with app.app_context():
        statement = select(func.count()).where(UserSession.user_id == world.users[name], UserSession.ended_at.is_(None))
        return db.session.scalar(statement)


@pytest.mark.parametrize("identity", ["alice", "alice@example.com", " Alice@Example.COM ", "ALICE"])
def test_by_address_or_username(world, nobody, identity, sign_in, is_signed_in):
    answer = sign_in(nobody, identity)
    assert (answer.status_code, answer.location) == (302, "/")
    assert is_signed_in(nobody)


def test_the_page_says_what_it_takes(nobody):
    page = nobody.get("/sign-in").text
    assert "E-mail address or username" in page
    assert "Sign in with a passkey" in page


@pytest.mark.parametrize(
    ("identity", "password"),
    [
        ("alice", "not her password"),
        ("stranger@example.com", PASSWORD),
        ("", ""),
        ("alice", ""),
        ("alice\x00", PASSWORD + "x"),
        ("a" * 5000, "b" * 200_000),
        ("' or 1=1 --", "'"),
        ("\u202eecila", PASSWORD),
    ],
)
def test_one_answer_for_every_reason(world, nobody, identity, password, sign_in, is_signed_in):
    answer = sign_in(nobody, identity, password)
    assert answer.status_code == 422
    assert "This does not match any account." in answer.text
    assert not is_signed_in(nobody)


def test_existing_and_unknown_accounts_get_the_same_page(world, app, sign_in):
    known, unknown = (sign_in(app.test_client(), identity, "wrong wrong wrong").text for identity in ("alice", "knave"))
    assert _same_but_tokens(known, "alice") == _same_but_tokens(unknown, "knave")


def _same_but_tokens(page, identity):
    return [line.replace(identity, "…") for line in page.splitlines() if "csrf_token" not in line and "nonce" not in line]


def test_somebody_switched_off_is_unknown(app, world, nobody, sign_in):
    with app.app_context(), writing():
        world.user("alice").active = False
    assert sign_in(nobody).status_code == 422


def test_switching_somebody_off_ends_what_is_open(app, world, alice, is_signed_in):
    assert is_signed_in(alice)
    with app.app_context(), writing():
        world.user("alice").active = False
    assert not is_signed_in(alice)


def test_signing_in_leaves_a_session_and_a_line_in_the_audit_log(app, world, nobody, sign_in):
    sign_in(nobody)
    assert open_sessions(app, world) == 1
    with app.app_context():
        event = db.session.scalar(select(Event).where(Event.kind == "security_event"))
        assert (event.payload["what"], event.actor_name) == ("signed in with the password", "Alice Example")


def test_the_cookie_holds_no_token_that_the_database_knows(app, world, nobody, sign_in):
    sign_in(nobody)
    with nobody.session_transaction() as session:
        device = session["device"]
    with app.app_context():
        assert device not in db.session.scalars(select(UserSession.token_hash)).all()


def test_signing_in_brings_a_new_form_token(world, nobody, sign_in):
    nobody.get("/sign-in")
    before = _form_token(nobody)
    sign_in(nobody)
    nobody.get("/security")
    assert _form_token(nobody) != before


def test_a_planted_session_does_not_survive_signing_in(world, app, nobody, sign_in):
    """What was in the cookie before is no way in afterwards."""
    with nobody.session_transaction() as session:
        session["device"] = "planted"
    sign_in(nobody)
    with nobody.session_transaction() as session:
        assert session["device"] != "planted"


def test_signing_out_ends_the_session(app, world, nobody, sign_in, is_signed_in):
    sign_in(nobody)
    with nobody.session_transaction() as session:
        stolen = dict(session)
    assert nobody.post("/sign-out").status_code == 302
    assert open_sessions(app, world) == 0
    thief = app.test_client()
    with thief.session_transaction() as session:
        session.update(stolen)
    assert not is_signed_in(thief)


def test_signing_out_by_link_is_not_possible(alice, is_signed_in):
    assert alice.get("/sign-out").status_code == 405
    assert alice.post("/sign-out", csrf=False).status_code == 400
    assert is_signed_in(alice)


def test_signing_out_when_signed_out_already(nobody):
    assert nobody.post("/sign-out").location == "/sign-in"


def test_a_session_without_its_row_is_none(app, world, nobody, is_signed_in):
    with app.app_context():
        uniquifier = world.user("alice").fs_uniquifier
    with nobody.session_transaction() as session:
        session.update(_user_id=uniquifier, _fresh=True)
    assert not is_signed_in(nobody)


def test_a_device_opens_only_its_own_account(app, world, alice, is_signed_in):
    with app.app_context():
        uniquifier = world.user("carol").fs_uniquifier
    with alice.session_transaction() as session:
        session["_user_id"] = uniquifier
    assert not is_signed_in(alice)


def test_one_client_does_not_sign_another_in(world, alice, nobody, bob, is_signed_in):
    """pytest-flask's shared request context would make this pass for nobody too."""
    assert is_signed_in(alice)
    assert not is_signed_in(nobody)
    assert "bob" in bob.get("/security").text.lower()


@pytest.mark.parametrize("remember", [True, False])
def test_staying_signed_in_is_a_choice(world, nobody, remember, sign_in):
    answer = sign_in(nobody, **({"remember": "y"} if remember else {}))
    cookies = "; ".join(answer.headers.getlist("Set-Cookie"))
    assert ("Expires=" in cookies) is remember
    assert "remember_token" not in cookies


@pytest.mark.parametrize("target", ["/security", "/account/profile?tab=2", "/files/ab?q=x%5Cy"])
def test_next_leads_on(world, nobody, target, sign_in):
    assert sign_in(nobody, next=target).location == target


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "evil",
    ],
)
def test_next_never_leads_away(world, nobody, target, sign_in):
    assert sign_in(nobody, next=target).status_code == 400
    assert nobody.get("/sign-in", query_string={"next": target}).status_code == 400


def test_a_sign_in_asks_first_and_leads_back(world, nobody):
    answer = nobody.get("/security")
    assert answer.location == "/sign-in?next=/security"
    assert 'value="/security"' in nobody.get(answer.location).text


def test_forms_only(world, nobody):
    assert nobody.post("/sign-in", json={"email": "alice", "password": PASSWORD}).status_code == 415
    assert nobody.post("/sign-in", json=["alice"]).status_code == 415


def test_tokens_and_basic_auth_open_nothing(world, nobody):
    for way in (
        {"headers": {"Authentication-Token": "x"}},
        {"query_string": {"auth_token": "x"}},
        {"auth": ("alice", PASSWORD)},
    ):
        assert nobody.get("/security", **way).status_code == 302


@pytest.mark.parametrize(
    "path", ["/register", "/fs-static/js/webauthn.js", "/tf-rescue", "/us-signin", "/refresh-token", "/confirm"]
)
def test_what_the_library_offers_beyond_our_needs_is_off(app, world, nobody, path):
    adapter = app.url_map.bind("localhost")
    endpoint = adapter.match(path)[0] if adapter.test(path) else ""
    assert not endpoint.startswith("security.") or nobody.get(path).status_code == 404


def test_a_request_reads_the_person_in_one_statement(alice, statements):
    with statements() as seen:
        alice.get("/security")
    assert sum("FROM users" in one for one in seen) == 1, seen


def _form_token(client):
    with client.session_transaction() as session:
        return session.get("csrf_token")


def test_unique_ids_for_everybody(app, world):
    with app.app_context():
        assert db.session.scalar(select(func.count(User.fs_uniquifier.distinct()))) == len(world.users)

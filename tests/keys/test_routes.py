"""The page of API keys: shown once, listed, revoked; admins change, the team reads."""

import re

import pytest
from sqlalchemy import select

from portal.extensions import db
from portal.keys import service
from portal.models.api_key import ApiKey, digest
from portal.models.event import Event
from portal.transaction import writing

TOKEN = re.compile(r"pk_[\w-]{43}")


def rows(app):
    with app.app_context():
        return db.session.scalars(select(ApiKey).order_by(ApiKey.id)).all()


def create(client, name="Bob's laptop"):
    answer = client.post("/developers/keys/new", data={"name": name})
    return answer, TOKEN.search(answer.text)


def test_an_empty_list_says_what_a_key_is_for(alice, bob):
    assert "Create a key" in alice.get("/developers/keys").text
    page = bob.get("/developers/keys").text
    assert "No key yet" in page
    assert "Admins of your team" in page


def test_the_token_is_shown_once_and_only_its_digest_is_stored(app, alice):
    answer, found = create(alice)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    token = found.group()
    (row,) = rows(app)
    assert row.token_hash == digest(token)
    assert row.prefix == token[:10]
    assert token not in str(vars(row))
    with alice.session_transaction() as session:
        assert token not in str(dict(session))
    page = alice.get("/developers/keys").text
    assert token not in page
    assert token[:10] in page
    assert "Bob&#39;s laptop" in page


def test_tokens_hold_256_random_bits(app, alice):
    tokens = {create(alice, f"key {n}")[1].group() for n in range(5)}
    assert len(tokens) == 5
    assert service.BYTES * 8 >= 160


def test_the_team_sees_what_was_created_and_others_see_nothing(alice, bob, carol):
    create(alice)
    assert "Bob&#39;s laptop" in bob.get("/developers/keys").text
    assert "laptop" not in carol.get("/developers/keys").text


def test_members_neither_create_nor_revoke(app, alice, bob):
    create(alice)
    key = rows(app)[0].key
    assert create(bob)[0].status_code == 403
    assert bob.get("/developers/keys/new").status_code == 403
    assert bob.post(f"/developers/keys/{key}/revoke").status_code == 403
    assert rows(app)[0].revoked_at is None


def test_revoking(app, alice):
    create(alice)
    key = rows(app)[0].key
    assert "cannot be undone" in alice.get(f"/developers/keys/{key}/revoke").text
    assert alice.post(f"/developers/keys/{key}/revoke").location == "/developers/keys"
    first = rows(app)[0].revoked_at
    assert first
    assert alice.post(f"/developers/keys/{key}/revoke").status_code == 303
    assert rows(app)[0].revoked_at == first
    page = alice.get("/developers/keys").text
    assert "Revoked" in page
    assert "/revoke" not in page


def test_a_key_of_another_partner_is_not_there(app, alice, carol):
    create(alice)
    key = rows(app)[0].key
    assert carol.get(f"/developers/keys/{key}/revoke").status_code == 404
    assert carol.post(f"/developers/keys/{key}/revoke").status_code == 404
    assert rows(app)[0].revoked_at is None


@pytest.mark.parametrize("name", ["", "   ", "x" * 121, "\r\n"])
def test_names_that_are_none(app, alice, name):
    answer, found = create(alice, name)
    assert answer.status_code == 422
    assert found is None
    assert rows(app) == []


def test_scripts_in_a_name_are_shown_and_never_run(alice):
    answer, _ = create(alice, "<script>alert(1)</script>")
    assert "<script>alert" not in answer.text + alice.get("/developers/keys").text
    assert "&lt;script&gt;alert(1)" in answer.text


def test_what_happened_is_recorded_without_the_token(app, alice):
    token = create(alice)[1].group()
    alice.post(f"/developers/keys/{rows(app)[0].key}/revoke")
    with app.app_context():
        events = db.session.scalars(select(Event).order_by(Event.id)).all()
        assert [event.kind for event in events] == ["api_key_created", "api_key_revoked"]
        assert not any(token in str(event.payload) for event in events)


def test_an_old_sign_in_is_asked_for_the_password_first(app, alice):
    with alice.session_transaction() as session:
        session["fs_paa"] = 0
        session.pop("fs_gexp", None)
    assert alice.get("/developers/keys/new").location.startswith("/sign-in/again?next=")
    assert create(alice)[0].location.startswith("/sign-in/again?next=")
    assert rows(app) == []


def test_there_is_an_end_to_keys(app, alice, world):
    with app.app_context(), writing():
        for n in range(service.MOST):
            service.create(world.partner("acme"), name=str(n), by=world.user("alice"))
    answer, _ = create(alice)
    assert answer.status_code == 409
    assert "Revoke one" in answer.text

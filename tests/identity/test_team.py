"""The team of a partner: roles, removal, the last admin, and whose business it is."""

import pytest

from portal.extensions import db
from portal.identity.accounts import create_user
from portal.models.people import PartnerRole
from portal.transaction import writing


@pytest.fixture
def keys(app, world):
    with app.app_context():
        return {name: world.user(name).key for name in world.users}


def role_of(app, world, name):
    with app.app_context():
        user = world.user(name)
        return user.membership.role if user.membership else None


def test_everybody_sees_the_team(alice, bob, carol):
    for client in (alice, bob):
        page = client.get("/team").text
        assert "alice@example.com" in page
        assert "bob@example.com" in page
        assert "carol" not in page
    assert "alice" not in carol.get("/team").text


def test_only_admins_see_the_buttons(alice, bob):
    assert "Invite a colleague" in alice.get("/team").text
    page = bob.get("/team").text
    assert "Invite a colleague" not in page
    assert "/remove" not in page


def test_changing_a_role(app, world, alice, keys, events):
    assert alice.post(f"/team/{keys['bob']}/role", data={"role": "admin"}).location == "/team"
    assert role_of(app, world, "bob") is PartnerRole.ADMIN
    assert ("role_changed", "Alice Example", "changed Bob Example from Member to Admin") in events()


@pytest.mark.parametrize("role", ["", "owner", "administrator", "x" * 10_000])
def test_roles_that_do_not_exist(app, world, alice, keys, role):
    assert alice.post(f"/team/{keys['bob']}/role", data={"role": role}).status_code == 422
    assert role_of(app, world, "bob") is PartnerRole.MEMBER


def test_removing(app, world, alice, bob, keys, events, is_signed_in, sign_in):
    assert "Remove Bob Example" in alice.get(f"/team/{keys['bob']}/remove").text
    assert alice.post(f"/team/{keys['bob']}/remove").location == "/team"
    assert role_of(app, world, "bob") is None
    assert not is_signed_in(bob)
    assert sign_in(app.test_client(), "bob").status_code == 422
    assert ("member_removed", "Alice Example", "removed Bob Example from the team") in events()
    assert alice.post(f"/team/{keys['bob']}/remove").status_code == 404


def test_the_last_admin_stays(app, world, alice, keys):
    for path, data in ((f"/team/{keys['alice']}/remove", {}), (f"/team/{keys['alice']}/role", {"role": "member"})):
        answer = alice.post(path, data=data)
        assert answer.status_code == 409
        assert "only admin of the team" in answer.text
    assert role_of(app, world, "alice") is PartnerRole.ADMIN


def test_an_admin_may_leave_when_another_stays(app, world, alice, keys):
    alice.post(f"/team/{keys['bob']}/role", data={"role": "admin"})
    assert alice.post(f"/team/{keys['alice']}/role", data={"role": "member"}).status_code == 303
    assert role_of(app, world, "alice") is PartnerRole.MEMBER
    assert alice.post(f"/team/{keys['bob']}/role", data={"role": "member"}).status_code == 403


@pytest.mark.parametrize("path", ["role", "remove"])
def test_a_member_may_not(bob, keys, path):
    assert bob.post(f"/team/{keys['alice']}/{path}", data={"role": "member"}).status_code == 403


@pytest.mark.parametrize("path", ["role", "remove"])
@pytest.mark.parametrize("target", ["carol", "rita", "made-up"])
def test_another_partners_people_are_not_there(alice, keys, path, target):
    assert alice.post(f"/team/{keys.get(target, target)}/{path}", data={"role": "member"}).status_code == 404


def test_staff_have_no_team(rita, keys):
    assert rita.get("/team").status_code == 403
    assert rita.post(f"/team/{keys['bob']}/remove").status_code == 403


def test_a_signed_out_person_is_asked_to_sign_in(nobody):
    assert nobody.get("/team").location == "/sign-in?next=/team"


def test_a_big_team_takes_no_more_statements(app, world, alice, statements):
    with app.app_context(), writing():
        for n in range(40):
            _member(world, n)
    with statements() as seen:
        alice.get("/team")
    assert len([one for one in seen if one.startswith("SELECT")]) <= 6


def _member(world, n):
    create_user(email=f"m{n}@example.com", username=f"m{n:03}", name=f"M {n}", password_hash="x", partner=world.partner("acme"))
    db.session.flush()

"""Staff accounts: invited, given roles and switched off by administrators only."""

import pytest
from sqlalchemy import select

from portal.extensions import db
from portal.models.people import Invitation, StaffRole, User


@pytest.fixture
def keys(app, world):
    with app.app_context():
        return {name: world.user(name).key for name in world.users}


def test_a_colleague_comes_in(app, world, ada, nobody, mails, is_signed_in):
    assert ada.get("/staff/people/invite").status_code == 200
    data = {"name": "Ella Example", "email": "ella@example.com", "role": "solutions_engineer"}
    assert ada.post("/staff/people/invite", data=data).location == "/staff/people"
    assert "ella@example.com" in ada.get("/staff/people").text
    link = mails()[0]["link"]
    password = "violet otters read maps"
    nobody.post(link, data={"name": "Ella", "time_zone": "Europe/London", "password": password, "password_confirm": password})
    assert is_signed_in(nobody)
    with app.app_context():
        ella = db.session.scalar(select(User).where(User.email == "ella@example.com"))
        assert (ella.staff_role, ella.membership) == (StaffRole.SOLUTIONS_ENGINEER, None)


@pytest.mark.parametrize("role", ["admin", "member", "", "boss"])
def test_only_staff_roles(ada, mails, role):
    answer = ada.post("/staff/people/invite", data={"name": "E", "email": "e@example.com", "role": role})
    assert answer.status_code == 422
    assert mails() == []


def test_resending_and_withdrawing(app, ada, mails):
    ada.post("/staff/people/invite", data={"name": "E", "email": "e@example.com", "role": "sales"})
    with app.app_context():
        key = db.session.scalar(select(Invitation.key))
    assert ada.post(f"/staff/people/invitations/{key}/resend").status_code == 303
    assert len(mails()) == 2
    assert ada.post(f"/staff/people/invitations/{key}/withdraw").status_code == 303
    assert ada.post(f"/staff/people/invitations/{key}/resend").status_code == 409


def test_a_partners_invitation_is_no_business_of_this_page(app, alice, ada):
    alice.post("/team/invite", data={"name": "D", "email": "d@example.com", "role": "member"})
    with app.app_context():
        key = db.session.scalar(select(Invitation.key))
    assert ada.post(f"/staff/people/invitations/{key}/withdraw").status_code == 404


def test_changing_a_role(app, world, ada, keys, events):
    assert ada.post(f"/staff/people/{keys['sam']}/role", data={"role": "partner_manager"}).status_code == 303
    with app.app_context():
        assert world.user("sam").staff_role is StaffRole.PARTNER_MANAGER
    assert ("role_changed", "Ada Example", "changed Sam Example from Sales to Partner manager") in events()


def test_switching_off_and_on(app, world, ada, sam, keys, is_signed_in, sign_in):
    assert ada.post(f"/staff/people/{keys['sam']}/off").status_code == 303
    assert not is_signed_in(sam)
    assert sign_in(app.test_client(), "sam").status_code == 422
    assert "Switch on" in ada.get("/staff/people").text
    assert ada.post(f"/staff/people/{keys['sam']}/on").status_code == 303
    assert sign_in(app.test_client(), "sam").status_code == 302


def test_the_last_administrator_stays(ada, keys):
    for path, data in (("off", {}), ("role", {"role": "sales"})):
        answer = ada.post(f"/staff/people/{keys['ada']}/{path}", data=data)
        assert answer.status_code == 409
        assert "only administrator" in answer.text


def test_partners_people_are_looked_after_elsewhere(ada, keys):
    for path in ("off", "on", "role"):
        assert ada.post(f"/staff/people/{keys['alice']}/{path}", data={"role": "sales"}).status_code == 404


@pytest.mark.parametrize("name", ["alice", "bob", "rita", "pam", "sam"])
def test_nobody_else_may(request, world, keys, name):
    client = world.client(name)
    assert client.get("/staff/people").status_code == 403
    assert client.get("/staff/people/invite").status_code == 403
    assert client.post(f"/staff/people/{keys['sam']}/role", data={"role": "administrator"}).status_code == 403
    assert client.post(f"/staff/people/{keys['sam']}/off").status_code == 403

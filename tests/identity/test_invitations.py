"""Invitations: by mail, once, for a while; what the link says when it no longer works."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal import clock
from portal.extensions import db
from portal.identity import invitations
from portal.models.people import Invitation, PartnerRole, StaffRole, User
from portal.refusals import Gone, Invalid
from portal.transaction import writing

PASSWORD = "violet otters read maps"
DANA = {"name": "Dana Example", "email": "dana@example.com", "role": "member"}


def invite(client, **changes):
    return client.post("/team/invite", data={**DANA, **changes})


def accept(client, link, **changes):
    data = {"name": "Dana Example", "time_zone": "Europe/Paris", "password": PASSWORD, "password_confirm": PASSWORD}
    return client.post(link, data={**data, **changes})


def rows(app, what=Invitation):
    with app.app_context():
        return db.session.scalars(select(what).order_by(what.id)).all()


def test_from_invitation_to_the_first_page(app, world, alice, nobody, mails, events, is_signed_in):
    assert alice.get("/team/invite").status_code == 200
    assert invite(alice).location == "/team"
    (mail,) = mails()
    assert mail["to"] == "dana@example.com"
    assert "Alice Example invites you" in mail["text"]
    assert "Acme Billing" in mail["text"]
    page = nobody.get(mail["link"]).text
    assert "Acme Billing" in page
    assert "dana@example.com" in page
    assert accept(nobody, mail["link"]).location == "/"
    assert is_signed_in(nobody)
    dana = rows(app, User)[-1]
    assert (dana.username, dana.email, dana.name, dana.time_zone) == (
        "dana",
        "dana@example.com",
        "Dana Example",
        "Europe/Paris",
    )
    said = [event[1:] for event in events()]
    assert ("Alice Example", "invited Dana Example as Member") in said
    assert ("Dana Example", "joined as Member") in said
    assert "dana@example.com" in alice.get("/team").text


def test_opening_the_link_writes_nothing(app, alice, nobody, mails, statements):
    invite(alice)
    link = mails()[0]["link"]
    with statements() as seen:
        nobody.get(link)
        nobody.get(link)
    assert not [one for one in seen if one.startswith(("INSERT", "UPDATE", "DELETE"))]
    assert rows(app)[0].accepted_at is None


def test_the_link_itself_is_not_stored(app, alice, mails):
    invite(alice)
    token = mails()[0]["link"].rpartition("/")[2]
    assert len(token) >= 43
    assert token not in {rows(app)[0].token_hash, rows(app)[0].key}


def test_a_used_link_is_gone(app, alice, nobody, mails):
    invite(alice)
    link = mails()[0]["link"]
    accept(nobody, link)
    other = app.test_client()
    for answer in (
        other.get(link),
        accept(other, link, password="another good password", password_confirm="another good password"),
    ):
        assert answer.status_code == 410
        assert "This invitation was used already. Sign in" in answer.text
    assert len([user for user in rows(app, User) if user.email == "dana@example.com"]) == 1


def test_a_withdrawn_link_is_gone(app, alice, nobody, mails):
    invite(alice)
    assert alice.post(f"/team/invitations/{rows(app)[0].key}/withdraw").location == "/team"
    for answer in (nobody.get(mails()[0]["link"]), accept(nobody, mails()[0]["link"])):
        assert answer.status_code == 410
        assert "Ask whoever invited you" in answer.text
    alice.get("/team")  # shows the news once
    assert "dana@example.com" not in alice.get("/team").text


def test_an_expired_link_is_gone_until_it_is_sent_again(app, alice, nobody, mails):
    invite(alice)
    with app.app_context(), writing():
        db.session.scalar(select(Invitation)).expires_at = clock.now() - timedelta(minutes=1)
    old = mails()[0]["link"]
    assert nobody.get(old).status_code == 410
    assert "send it again" in accept(nobody, old).text
    assert "Expired" in alice.get("/team").text
    alice.post(f"/team/invitations/{rows(app)[0].key}/resend")
    assert nobody.get(old).status_code == 404
    assert accept(nobody, mails()[-1]["link"]).location == "/"


@pytest.mark.parametrize("verb", ["resend", "withdraw"])
def test_what_is_settled_stays(app, alice, nobody, mails, verb):
    invite(alice)
    accept(nobody, mails()[0]["link"])
    answer = alice.post(f"/team/invitations/{rows(app)[0].key}/{verb}")
    assert answer.status_code == 409
    assert "accepted already" in answer.text


@pytest.mark.parametrize("token", ["x", "a" * 2000, "%00", "..%2f..", "'%20or%201=1"])
def test_a_made_up_link(nobody, token):
    assert nobody.get(f"/invitation/{token}").status_code == 404
    assert accept(nobody, f"/invitation/{token}").status_code in (404, 429)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": ""}, "Enter a name."),
        ({"name": "n" * 121}, "at most 120 characters"),
        ({"name": "\x00\x07"}, "Enter a name."),
        ({"time_zone": "Mars/Olympus"}, "Choose a time zone"),
        ({"time_zone": "../../etc/passwd"}, "Choose a time zone"),
        ({"password": "short", "password_confirm": "short"}, "at least 12 characters"),
        ({"password_confirm": "other"}, "differ"),
        ({"password": "dana@example.com", "password_confirm": "dana@example.com"}, "easy to guess"),
    ],
)
def test_accepting_with_something_wrong_keeps_what_was_typed(app, alice, nobody, mails, changes, words):
    invite(alice)
    answer = accept(nobody, mails()[0]["link"], **{"name": "Dana Elsewhere", **changes})
    assert answer.status_code == 422
    assert words in answer.text
    if "name" not in changes:
        assert 'value="Dana Elsewhere"' in answer.text
    assert PASSWORD not in answer.text
    assert rows(app)[0].accepted_at is None


def test_accepting_with_fields_missing(alice, nobody, mails):
    invite(alice)
    assert nobody.post(mails()[0]["link"]).status_code == 422


def test_no_role_can_be_smuggled_in(app, alice, nobody, mails):
    invite(alice)
    accept(nobody, mails()[0]["link"], role="admin", partner_role="admin", staff_role="administrator", email="x@example.com")
    with app.app_context():
        dana = db.session.scalar(select(User).where(User.email == "dana@example.com"))
        assert (dana.staff_role, dana.membership.role) == (None, PartnerRole.MEMBER)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"email": ""}, "Enter an e-mail address"),
        ({"email": "dana"}, "Enter an e-mail address"),
        ({"email": "d" * 300 + "@example.com"}, "Enter an e-mail address"),
        ({"name": " \t "}, "Enter a name."),
        ({"name": "d" * 121}, "at most 120 characters"),
        ({"role": "owner"}, "Choose a role"),
        ({"role": "administrator"}, "Choose a role"),
        ({"email": "bob@example.com"}, "in the team already"),
    ],
)
def test_invitations_that_are_not_sent(alice, mails, changes, words):
    answer = invite(alice, **changes)
    assert answer.status_code == 422
    assert words in answer.text
    assert mails() == []


def test_a_header_cannot_be_smuggled_into_the_mail(alice, mails):
    invite(alice, name="Dana\r\nBcc: all@example.com", email="dana@example.com")
    assert all("\n" not in mail["subject"] + mail["to"] + mail["name"] for mail in mails())


def test_inviting_twice_says_so(alice, mails):
    invite(alice)
    answer = invite(alice, email="DANA@example.com ")
    assert "invited already" in answer.text
    assert len(mails()) == 1


def test_inviting_somebody_elses_member_tells_nothing(app, alice, nobody, mails):
    """Carol belongs to Birch. Alice gets the usual answer; only the holder of Carol's mailbox learns more."""
    assert invite(alice, email="carol@example.com", name="Carol").location == "/team"
    answer = accept(nobody, mails()[0]["link"])
    assert answer.status_code == 422
    assert "There is an account with this address already." in answer.text
    with app.app_context():
        assert db.session.scalar(select(User).where(User.email == "carol@example.com")).partner.name == "Birch Software"


def test_usernames_do_not_collide(app, alice, carol, mails, nobody):
    invite(alice, email="bob@example.org")
    invite(carol, email="bob@example.net")
    assert [one.username for one in rows(app)] == ["bob2", "bob3"]
    accept(nobody, mails()[0]["link"])
    assert "bob2" in {user.username for user in rows(app, User)}


@pytest.mark.parametrize(
    "email", ["a@example.com", "é@example.com", "___@example.com", "x" * 64 + "@example.com", "100%@example.com"]
)
def test_every_address_has_a_username(app, alice, mails, nobody, email, sign_in):
    assert invite(alice, email=email).status_code == 303
    accept(nobody, mails()[0]["link"])
    username = rows(app, User)[-1].username
    assert sign_in(app.test_client(), username, PASSWORD).status_code == 302


def test_a_member_may_not_invite(bob):
    assert bob.get("/team/invite").status_code == 403
    assert invite(bob).status_code == 403


def test_another_partners_invitation_is_not_there(app, alice, carol):
    invite(alice)
    for verb in ("resend", "withdraw"):
        assert carol.post(f"/team/invitations/{rows(app)[0].key}/{verb}").status_code == 404
    assert "dana@example.com" not in carol.get("/team").text


def test_of_two_who_accept_at_once_one_gets_it(app, world):
    with app.app_context(), writing():
        sent = _sent(world)
        values = {"name": "Dana", "time_zone": "Europe/Paris", "password_hash": "x"}
        invitations.accept(sent, **values)
        with pytest.raises(Gone):
            invitations.accept(sent, **values)


def test_who_left_can_come_back(app, world, alice, nobody, mails, sign_in):
    with app.app_context():
        key = world.user("bob").key
    alice.post(f"/team/{key}/remove")
    invite(alice, email="bob@example.com", name="Bob")
    assert accept(nobody, mails()[-1]["link"]).location == "/"
    assert sign_in(app.test_client(), "bob", PASSWORD).status_code == 302
    with app.app_context():
        assert world.user("bob").partner.name == "Acme Billing"


def test_an_invitation_is_to_one_house(app, world):
    with app.app_context(), writing(), pytest.raises(Invalid):
        invitations.invite(email="nobody", name="x", role=StaffRole.SALES, by=None)


def _sent(world):
    return invitations.invite(
        email="dana@example.com", name="Dana", role=PartnerRole.MEMBER, by=world.user("alice"), partner=world.partner("acme")
    )

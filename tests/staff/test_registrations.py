"""Deciding on registrations."""

import pytest
from sqlalchemy import select

from portal.extensions import db
from portal.models.integration import Integration
from portal.models.outbox import Outbox
from portal.models.partner import Partner, Registration
from portal.models.people import Invitation
from portal.transaction import writing


@pytest.fixture
def registration(app, world):
    with app.app_context(), writing():
        row = Registration(
            company="Cedar Systems", website="https://cedar.example.com", country="IE", contact_name="Ciara Byrne",
            email="ciara@example.com", about="Membership software for clubs.",
        )  # fmt: skip
        db.session.add(row)
        db.session.flush()
        return row.key


def one(app, statement):
    with app.app_context():
        return db.session.scalars(statement).one()


def test_accepting_makes_the_partner_and_invites_the_first_person(app, pam, registration):
    assert "ciara.byrne" in pam.get(f"/staff/registrations/{registration}").text
    answer = pam.post(f"/staff/registrations/{registration}/accept", data={"username": "Ciara.Byrne"})
    assert answer.status_code == 303
    partner = one(app, select(Partner).where(Partner.name == "Cedar Systems"))
    with app.app_context():
        integration = db.session.scalars(select(Integration).where(Integration.partner_id == partner.id)).one()
        assert len(integration.sections) == 10
        assert integration.sections[0].total > 0
    invitation = one(app, select(Invitation).where(Invitation.partner_id == partner.id))
    assert (invitation.username, invitation.email, invitation.partner_role.value) == (
        "ciara.byrne",
        "ciara@example.com",
        "admin",
    )
    with app.app_context():
        assert any("ciara@example.com" in title for title in db.session.scalars(select(Outbox.title)))
    assert "Cedar Systems" in pam.get(answer.location).text


def test_declining_tells_the_reason(app, pam, registration):
    answer = pam.post(
        f"/staff/registrations/{registration}/decline", data={"reason": "No scheme of yours is offered in your country."}
    )
    assert answer.status_code == 303
    row = one(app, select(Registration))
    assert (row.status.value, row.decline_reason) == ("declined", "No scheme of yours is offered in your country.")
    payload = one(app, select(Outbox.payload).where(Outbox.title.startswith("ciara@example.com")))
    assert "No scheme of yours" in payload


def test_declining_needs_a_reason(app, pam, registration):
    answer = pam.post(f"/staff/registrations/{registration}/decline", data={"reason": "  "})
    assert answer.status_code == 422
    assert one(app, select(Registration)).status.value == "new"


@pytest.mark.parametrize("username", ["", "ab", "alice", "Has Space", "x" * 41, "<b>", "a@b"])
def test_usernames_that_cannot_be_are_refused(app, pam, registration, username):
    answer = pam.post(f"/staff/registrations/{registration}/accept", data={"username": username})
    assert answer.status_code == 422
    assert 'href="#username"' in answer.text
    with app.app_context():
        assert db.session.scalar(select(Partner).where(Partner.name == "Cedar Systems")) is None


def test_a_decision_is_made_once(app, pam, registration):
    pam.post(f"/staff/registrations/{registration}/accept", data={"username": "ciara"})
    again = pam.post(f"/staff/registrations/{registration}/accept", data={"username": "ciara2"})
    assert again.status_code == 422
    assert pam.post(f"/staff/registrations/{registration}/decline", data={"reason": "late"}).status_code == 409
    with app.app_context():
        assert len(db.session.scalars(select(Partner).where(Partner.name == "Cedar Systems")).all()) == 1


@pytest.mark.parametrize("person", ["alice", "rita", "sam"])
def test_only_partner_managers_and_administrators_decide(app, world, registration, person):
    client = world.client(person)
    assert client.get(f"/staff/registrations/{registration}").status_code == 403
    assert client.post(f"/staff/registrations/{registration}/accept", data={"username": "ciara"}).status_code == 403
    assert one(app, select(Registration)).status.value == "new"


def test_an_unknown_registration_is_not_there(pam):
    assert pam.get("/staff/registrations/nope").status_code == 404

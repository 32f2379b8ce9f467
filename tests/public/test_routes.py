"""The pages for everybody, and registering interest."""

import pytest
from sqlalchemy import select

from portal.extensions import db
from portal.models.outbox import Outbox
from portal.models.partner import Registration

GOOD = {
    "company": "Cedar Systems",
    "website": "https://cedar.example.com",
    "country": "IE",
    "contact_name": "Ciara Byrne",
    "email": "ciara@example.com",
    "about": "Membership software for 400 sports clubs; they collect fees every month.",
}


def registrations(app):
    with app.app_context():
        return db.session.scalars(select(Registration)).all()


@pytest.mark.parametrize("path", ["/welcome", "/register", "/register/thanks", "/questions", "/accessibility"])
def test_everybody_may_read(nobody, alice, rita, path):
    for person in (nobody, alice, rita):
        assert person.get(path).status_code == 200


def test_registering_stores_it_and_writes_to_both_sides(app, world, nobody):
    assert nobody.post("/register", data=GOOD).location == "/register/thanks"
    assert [row.company for row in registrations(app)] == ["Cedar Systems"]
    with app.app_context():
        titles = db.session.scalars(select(Outbox.title).order_by(Outbox.id)).all()
    assert [title.split(":")[0] for title in titles] == ["pam@example.com", "ciara@example.com"]


@pytest.mark.parametrize("name", list(GOOD))
def test_each_missing_field_is_named_and_the_rest_is_kept(app, nobody, name):
    answer = nobody.post("/register", data={**GOOD, name: ""})
    assert answer.status_code == 422
    assert f'href="#{name}"' in answer.text
    kept = "contact_name" if name != "contact_name" else "company"
    assert GOOD[kept] in answer.text
    assert registrations(app) == []


@pytest.mark.parametrize(
    "typed",
    [
        {"email": "ciara@"},
        {"website": "javascript:alert(1)"},
        {"country": "Ireland"},
        {"about": "short"},
        {"about": "x" * 1_000_000},
        {"company": "<script>alert(1)</script>" * 10},
        {"email": "a@example.com\r\nBcc: b@example.com"},
    ],
)
def test_bad_input_is_refused_in_words_beside_the_field(app, nobody, typed):
    answer = nobody.post("/register", data={**GOOD, **typed})
    assert answer.status_code == 422
    assert "There is a problem" in answer.text
    assert "<script>alert" not in answer.text
    assert registrations(app) == []


def test_a_field_that_people_do_not_see_catches_robots(app, nobody):
    assert nobody.post("/register", data={**GOOD, "fax": "1"}).location == "/register/thanks"
    assert registrations(app) == []


def test_without_a_token_nothing_is_stored_and_the_answer_has_words(app, nobody):
    answer = nobody.post("/register", data=GOOD, csrf=False)
    assert answer.status_code == 400
    assert "older session" in answer.text
    assert registrations(app) == []

"""Rows of mails: who gets one, in which words, and only with the change that caused it."""

import json
from email import message_from_bytes, policy

import pytest
from sqlalchemy import select

from portal import mail
from portal.extensions import db
from portal.mail import Recipient
from portal.models.outbox import Outbox
from portal.models.partner import Contact
from portal.models.people import StaffRole
from portal.status import OutboxState
from portal.transaction import writing
from portal.worker import drain


@pytest.fixture(autouse=True)
def _templates(monkeypatch, tmp_path):
    """A mail of the tests' own, so that no room's wording matters here."""
    from portal.mail import rendering

    rendering._environment.cache_clear()
    environment = rendering._environment()
    from jinja2 import ChoiceLoader, DictLoader

    own = {
        "mail/example.txt": "{% extends 'mail/base.txt' %}{% block content %}About {{ what }}: {{ address() }}{% endblock %}",
        "mail/example.html": "{% extends 'mail/base.html' %}{% block content %}<p>About {{ what }}</p>{% endblock %}",
    }
    environment.loader = ChoiceLoader([DictLoader(own), environment.loader])
    yield
    rendering._environment.cache_clear()


def stored():
    return db.session.scalars(select(Outbox).order_by(Outbox.id)).all()


def mails(settings):
    return [
        message_from_bytes(path.read_bytes(), policy=policy.default)
        for path in sorted((settings.instance / "mail").glob("*.eml"))
    ]


@pytest.fixture(autouse=True)
def _no_mail_yet(inbox):
    """Each test begins with an empty inbox."""


def test_a_mail_is_a_row_in_text_and_html(app):
    with app.app_context():
        with writing():
            mail.send("example", to=[Recipient("a@example.com", "Ann")], subject="News", what="R&D")
        (row,) = stored()
        payload, title = json.loads(row.payload), row.title
        db.session.rollback()
    assert "Hello Ann," in payload["text"]
    assert "About R&D" in payload["text"]
    assert "About R&amp;D" in payload["html"]
    assert title == "a@example.com: News"


def test_no_mail_without_its_change(app):
    with app.app_context():
        with writing():
            mail.send("example", to=[Recipient("a@example.com")], subject="News", what="x")
            db.session.rollback()
        assert stored() == []
        db.session.rollback()


def test_delivered_as_a_file_and_emptied(app, settings):
    with app.app_context(), writing():
        mail.send("example", to=[Recipient("a@example.com", "Ann")], subject="News", what="x")
    assert drain(app) == 1
    (message,) = mails(settings)
    assert message["To"] == "Ann <a@example.com>"
    assert message["Subject"] == "News"
    assert "About x" in message.get_body(("plain",)).get_content()
    assert "<p>About x</p>" in message.get_body(("html",)).get_content()
    with app.app_context():
        (row,) = stored()
        assert (row.state, row.payload) == (OutboxState.DONE, "{}")
        db.session.rollback()


@pytest.mark.parametrize("subject", ["News\r\nBcc: x@example.com", "News\nX: y", "News\x00\u2028Bcc: x", "\u202eNews"])
def test_nothing_typed_becomes_a_header(app, settings, subject):
    with app.app_context(), writing():
        mail.send("example", to=[Recipient("a@example.com", 'Ann"\r\nBcc: b@example.com')], subject=subject, what="x")
    drain(app)
    (message,) = mails(settings)
    assert message["Bcc"] is None
    assert message["X"] is None
    assert "News" in message["Subject"]
    assert {"\r", "\n", "\x00", "\u2028", "\u202e"}.isdisjoint(message["Subject"])


@pytest.mark.parametrize("email", ["a@example.com\r\nBcc: b@example.com", "nobody", "a@b@c", ""])
def test_an_impossible_address_is_given_up_with_words(app, email):
    with app.app_context(), writing():
        mail.send("example", to=[Recipient(email, "Ann")], subject="News", what="x")
    drain(app)
    with app.app_context():
        (row,) = stored()
        assert row.state is OutboxState.DEAD
        assert "cannot be addressed" in row.last_error
        db.session.rollback()


def test_the_team_is_its_members_and_the_contacts_who_asked(app, world):
    with app.app_context():
        with writing():
            world.partner("acme").profile.contacts = [
                Contact(first_name="Alice", email="ALICE@example.com", review_mails=True),
                Contact(first_name="Dora", last_name="Desk", email="dora@example.com", review_mails=True),
                Contact(first_name="Quiet", email="quiet@example.com"),
                Contact(first_name="Draft", email="not yet", review_mails=True),
            ]
            world.user("bob").active = False
        found = mail.team(world.partners["acme"])
        db.session.rollback()
    assert [(one.email, one.name) for one in found] == [
        ("alice@example.com", "Alice Example"),
        ("dora@example.com", "Dora Desk"),
    ]


def test_staff_by_role(app, world):
    with app.app_context():
        assert [one.email for one in mail.staff(StaffRole.SOLUTIONS_ENGINEER)] == ["rita@example.com", "ruth@example.com"]
        db.session.rollback()


def test_links_are_absolute_without_a_request(app, settings):
    assert mail.link("public.alive", _anchor="q1", a="b c") == f"{settings.address}/healthz?a=b+c#q1"

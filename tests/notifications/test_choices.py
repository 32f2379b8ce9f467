"""Each person says what comes at once, what once a day and what not at all; the bell shows everything."""

import email
from datetime import datetime, timedelta
from email import policy
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import time_machine
from sqlalchemy import select

import portal
from portal import mail
from portal.extensions import db
from portal.mail import kinds
from portal.models.notification import Choice, DigestItem
from portal.models.outbox import Outbox, Task
from portal.models.people import StaffRole
from portal.notifications import digest, unsubscribing
from portal.status import MailChoice
from portal.transaction import writing
from portal.worker.delivery import drain

FOLDER = Path(portal.__file__).parent / "templates" / "mail"
WORDS = {
    "author": "Rita",
    "section": type("S", (), {"key": "oauth", "title": "OAuth"}),
    "partner": "Acme",
    "text": "Look & see",
    "url": "https://example.com/x",
}


def mention(app, world, *names, subject="Rita mentioned you"):
    with app.app_context(), writing():
        mail.send("mention", to=[mail.person(world.user(name)) for name in names], subject=subject, **WORDS)


def choose(client, **choices):
    return client.post("/settings/notifications", data=choices)


def titles(app):
    with app.app_context():
        return [row.title for row in db.session.scalars(select(Outbox).where(Outbox.task == Task.MAIL).order_by(Outbox.id))]


def test_every_mail_is_of_a_kind_or_goes_to_people_without_an_account():
    """A new template: name its kind in portal.mail.kinds."""
    templates = {file.stem for file in FOLDER.glob("*.txt")} - {"base"}
    assert set(kinds.BY_TEMPLATE) | kinds.UNASKED == templates
    assert sum(len(kind.templates) for kind in kinds.KINDS) == len(kinds.BY_TEMPLATE)


def test_at_once_in_the_digest_or_not_at_all(app, world, alice, bob):
    assert choose(alice, mentions="digest").status_code == 303
    assert choose(bob, mentions="off").status_code == 303
    mention(app, world, "alice", "bob", "carol")
    assert titles(app) == ["carol@example.com: Rita mentioned you"]
    with app.app_context():
        kept = db.session.scalars(select(DigestItem)).one()
        assert (kept.user_id, kept.kind, kept.partner_id) == (world.users["alice"], "mentions", world.partners["acme"])
        assert "Look & see" in kept.text
        assert "Hello" not in kept.text


def test_what_cannot_be_chosen_says_why_and_comes_at_once(app, world, alice):
    page = alice.get("/settings/notifications").text
    assert "The clock of your review may wait for you." in page
    choose(alice, reviews="off", security="off", certificates="digest")
    with app.app_context():
        assert db.session.scalars(select(Choice)).all() == []
    with app.app_context(), writing():
        db.session.add(Choice(user_id=world.users["alice"], kind="certificates", choice=MailChoice.OFF))
        mail.send("certified", to=mail.team(world.partners["acme"]), subject="Certified", partner="Acme")
    assert len(titles(app)) == 2


@pytest.mark.parametrize("wrong", ["", "never", "AT_ONCE", "\0"], ids=["empty", "word", "capitals", "zero"])
def test_what_is_no_choice(app, alice, wrong):
    answer = choose(alice, mentions=wrong)
    assert answer.status_code == 422
    assert "Choose one of the three." in answer.text
    with app.app_context():
        assert db.session.scalars(select(Choice)).all() == []


def test_everybody_sees_the_kinds_that_can_concern_them(app, world, alice, rita, sam, pam):
    shown = {
        name: client.get("/settings/notifications").text
        for name, client in (("alice", alice), ("rita", rita), ("sam", sam), ("pam", pam))
    }
    assert "Support cases" in shown["alice"]
    assert "Registrations" not in shown["alice"]
    assert "Reviews that are due" in shown["rita"]
    assert "Merchant leads" in shown["sam"]
    assert "Registrations" in shown["pam"]
    assert "Registrations" not in shown["rita"]
    choose(rita, registrations="off")
    with app.app_context():
        assert db.session.scalars(select(Choice)).all() == []
        assert all(StaffRole.ADMINISTRATOR in kind.staff for kind in kinds.KINDS if kind.staff)


def at(zone, *when):
    return datetime(*when, tzinfo=ZoneInfo(zone))


def read(inbox):
    return [email.message_from_bytes(path.read_bytes(), policy=policy.default) for path in sorted(inbox.glob("*.eml"))]


def test_the_digest_comes_at_eight_where_the_person_is(app, world, alice, inbox):
    with app.app_context(), writing():
        world.user("alice").time_zone = "Asia/Tokyo"
    choose(alice, mentions="digest")
    with time_machine.travel(at("Asia/Tokyo", 2026, 11, 24, 21, 0), tick=False):
        mention(app, world, "alice")
        mention(app, world, "alice", subject="A second one")
        assert sent(app) == 0
    with time_machine.travel(at("Asia/Tokyo", 2026, 11, 25, 7, 59), tick=False):
        assert sent(app) == 0
    with time_machine.travel(at("Asia/Tokyo", 2026, 11, 25, 8, 1), tick=False):
        mention(app, world, "alice", subject="For tomorrow")
        assert sent(app) == 1
        assert sent(app) == 0
        drain(app)
    (letter,) = read(inbox)
    assert letter["Subject"] == "Your digest: 2 messages"
    text = letter.get_body(("plain",)).get_content()
    assert text.index("Rita mentioned you") < text.index("A second one")
    assert "For tomorrow" not in text
    with time_machine.travel(at("Asia/Tokyo", 2026, 11, 26, 9, 0), tick=False):
        assert sent(app) == 1


def sent(app):
    with app.app_context(), writing():
        return digest.send_due()


def test_the_digest_is_ended_with_one_click_and_without_signing_in(app, world, alice, nobody, inbox):
    """RFC 8058: the mail program posts to the address of the header; no cookie, no token of a form."""
    choose(alice, mentions="digest", cases="digest", leads="at_once")
    mention(app, world, "alice")
    with time_machine.travel(datetime.now(ZoneInfo("UTC")) + timedelta(days=1), tick=False):
        assert sent(app) == 1
        drain(app)
    (letter,) = read(inbox)
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    url = letter["List-Unsubscribe"].strip("<>")
    path = "/" + url.partition("://")[2].partition("/")[2]
    assert nobody.get(path).status_code == 200
    with app.app_context():
        assert MailChoice.DIGEST in set(db.session.scalars(select(Choice.choice))), "looking changes nothing"
    plain = app.test_client()
    plain.preserve_context = False
    answer = plain.open(path, method="POST", data={"List-Unsubscribe": "One-Click"}, environ_overrides={"HTTP_COOKIE": ""})
    assert answer.status_code == 200
    with app.app_context():
        chosen = dict(db.session.execute(select(Choice.kind, Choice.choice)).tuples().all())
    assert chosen == {"mentions": MailChoice.OFF, "cases": MailChoice.OFF, "leads": MailChoice.AT_ONCE}
    mention(app, world, "alice")
    assert len(titles(app)) == 1, "the digest itself, which has left"


@pytest.mark.parametrize("token", ["x", "IiI.x", "a" * 500])
def test_a_token_that_we_never_wrote(nobody, token):
    assert nobody.get(f"/unsubscribe/{token}").status_code == 404
    assert nobody.post(f"/unsubscribe/{token}").status_code == 404


def test_a_long_address_in_a_header_is_not_encoded(app, world, inbox, monkeypatch):
    """A folded and encoded header is none that programs read."""
    with app.app_context(), writing():
        headers = {
            "List-Unsubscribe": f"<https://portal.{'long.' * 30}example.com/unsubscribe/{unsubscribing.token(world.user('alice'))}>"
        }
        mail.send("mention", to=[mail.person(world.user("alice"))], subject="x", headers=headers, **WORDS)
    drain(app)
    (path,) = inbox.glob("*.eml")
    raw = path.read_text()
    assert f"List-Unsubscribe: {headers['List-Unsubscribe']}\n" in raw
    assert "=?utf-8?" not in raw.lower()

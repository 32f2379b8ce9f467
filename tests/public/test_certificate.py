"""Certificates as everybody sees and checks them."""

import json
from xml.etree import ElementTree as ET

import pytest
import time_machine
from click.testing import CliRunner
from selectolax.lexbor import LexborHTMLParser

from portal import clock, signing
from portal.cli import main
from portal.extensions import db
from portal.launch import certificates
from portal.models.certificate import Certificate
from portal.models.event import Event
from portal.models.integration import Integration
from portal.models.outbox import Outbox
from portal.public.badge import Badge, draw
from portal.status import CertificateState
from portal.transaction import writing
from portal.worker.periodic import certify
from tests.build.checks import an_app, newest, says
from tests.launch import acts


@pytest.fixture
def key(app, world):
    """Acme was certified a moment ago."""
    with app.app_context(), writing():
        acts.certify(world, "acme")
    with app.app_context():
        return db.session.scalars(db.select(Certificate.key)).one()


def document(client, key):
    return client.get(f"/certificates/{key}.json").data


def test_the_last_approval_makes_the_certificate(key, nobody, alice):
    page = nobody.get(f"/certificates/{key}")
    for words in ("Certificate GC-20", "Acme Billing", "Valid", "Webhooks and events", "Valid until"):
        assert words in page.text
    told = json.loads(document(nobody, key))
    content = told["certificate"]
    assert (content["partner"], content["catalog_version"], len(content["sections"])) == ("Acme Billing", "2026-11", 10)
    assert (told["status"]["state"], content["proofs"]) == ("valid", [])
    assert content["url"].endswith(f"/certificates/{key}")
    assert f"/certificates/{key}" in alice.get("/").text
    assert f"/certificates/{key}" in alice.get("/build/").text


def test_fresh_proofs_are_in_it(app, world, nobody):
    with app.app_context(), writing():
        one = an_app(world.partners["acme"])
        says(one, {"links.state": "passed", "links.leads": "passed", "links.host": "passed", "callbacks.denied": "failed"})
        gone = an_app(world.partners["acme"], client_id="C2", retired_at=clock.now())
        says(gone, {"callbacks.connected": "passed"})
        acts.certify(world, "acme")
        digest = newest("links.state").proof["proof"]["trace_sha256"]
    with app.app_context():
        key = db.session.scalars(db.select(Certificate.key)).one()
    proofs = json.loads(document(nobody, key))["certificate"]["proofs"]
    assert [one["check"] for one in proofs] == ["links.leads", "links.state"]  # links.host proves no question
    assert proofs[1]["trace_sha256"] == digest
    assert "What machine checks proved" in nobody.get(f"/certificates/{key}").text


def test_its_dates_are_a_year_apart_and_its_numbers_count(app, world, key):
    with app.app_context(), writing():
        acts.certify(world, "birch")
    with app.app_context():
        first, second = db.session.scalars(db.select(Certificate).order_by(Certificate.id))
        assert first.valid_until == certificates.months_after(first.certified_at, 12)
        assert int(second.number[-5:]) == int(first.number[-5:]) + 1


@pytest.mark.parametrize(
    ("day", "months", "after"),
    [("2026-01-31", 1, "2026-02-28"), ("2028-02-29", 12, "2029-02-28"), ("2026-12-01", 1, "2027-01-01")],
)
def test_months_end_where_they_end(day, months, after):
    begin = clock.now().fromisoformat(f"{day}T10:00:00+00:00")
    assert certificates.months_after(begin, months).date().isoformat() == after


def test_renaming_the_partner_does_not_change_what_was_certified(app, world, key, nobody):
    before = document(nobody, key)
    with app.app_context(), writing():
        world.partner("acme").name = "Another Name"
    assert document(nobody, key) == before


def test_suspended_it_says_so_everywhere_at_once(app, key, nobody, ada, pam, alice):
    tags = {path: nobody.get(path).headers["ETag"] for path in paths(key)}
    assert pam.post(f"/staff/certificates/{key}/suspend", data={"reason": "x"}).status_code == 403
    page = ada.post(f"/staff/certificates/{key}/suspend", data={"reason": ""})
    assert (page.status_code, "Enter the reason" in page.text) == (422, True)
    assert ada.post(f"/staff/certificates/{key}/suspend", data={"reason": "Webhooks <fail>."}).status_code == 303
    assert ada.post(f"/staff/certificates/{key}/suspend", data={"reason": "Again."}).status_code == 409
    page, told, badge = shown(nobody, key, tags)
    assert "This certificate is suspended" in page
    assert "Webhooks &lt;fail&gt;." in page
    assert (told["status"]["state"], told["status"]["reason"]) == ("suspended", "Webhooks <fail>.")
    assert "certificate suspended" in badge
    with app.app_context():
        titles = db.session.scalars(db.select(Outbox.title)).all()
        assert "alice@example.com: Your certificate was suspended" in titles
        assert db.session.scalars(db.select(Event.kind).where(Event.kind == "certificate_suspended")).one()
    assert ada.post(f"/staff/certificates/{key}/restore").status_code == 303
    assert ada.post(f"/staff/certificates/{key}/restore").status_code == 409
    assert "certified until" in shown(nobody, key, {})[2]


def paths(key):
    return [f"/certificates/{key}", f"/certificates/{key}.json", f"/certificates/{key}/badge.svg"]


def shown(client, key, tags):
    """Page, JSON and badge, asked for by somebody who kept the earlier ones."""
    answers = [client.get(path, headers={"If-None-Match": tags.get(path, "")}) for path in paths(key)]
    assert {answer.status_code for answer in answers} == {200}
    return answers[0].text, json.loads(answers[1].data), answers[2].text


def test_expired_it_says_so_at_that_moment(app, key, nobody):
    tags = {path: nobody.get(path).headers["ETag"] for path in paths(key)}
    with app.app_context():
        until = db.session.scalars(db.select(Certificate.valid_until)).one()
    with time_machine.travel(until - clock.DAY / 86400, tick=False):
        assert nobody.get(paths(key)[0], headers={"If-None-Match": tags[paths(key)[0]]}).status_code == 304
    with time_machine.travel(until, tick=False):
        page, told, badge = shown(nobody, key, tags)
    assert "This certificate has expired" in page
    assert told["status"]["state"] == "expired"
    assert "certificate expired" in badge


def test_caches_always_ask(key, nobody):
    for path in paths(key):
        answer = nobody.get(path)
        assert answer.headers["Cache-Control"] == "public, no-cache"
        assert nobody.get(path, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    for path in paths(key)[1:]:
        answer = nobody.get(path)
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "Set-Cookie" not in answer.headers


def test_what_does_not_exist_is_not_found(nobody):
    for path in paths("no-such-key"):
        assert nobody.get(path).status_code == 404


def test_the_badge_is_small_and_well_formed(key, nobody):
    for state in CertificateState:
        text = draw(Badge(state, "30 September 2027"))
        assert len(text.encode()) < 2048
        assert ET.fromstring(text).attrib["aria-label"].startswith("GoCardless partner: cert")
    assert nobody.get(paths(key)[2]).mimetype == "image/svg+xml"


def test_it_is_checked_without_asking_anybody(key, nobody, tmp_path):
    saved, keys = tmp_path / "certificate.json", tmp_path / "keys.json"
    saved.write_bytes(document(nobody, key))
    keys.write_bytes(nobody.get("/.well-known/partner-portal-keys.json").data)
    good = verify(saved, keys)
    assert good.exit_code == 0
    assert "Genuine." in good.output
    assert "Acme Billing" in good.output
    text = saved.read_bytes()
    for changed in (
        text.replace(b"Acme", b"Acne"),
        text.replace(b'"valid"', b'"valid "'),
        text.replace(b",", b", ", 1),
        b"{}",
        b"",
    ):
        saved.write_bytes(changed)
        assert verify(saved, keys).exit_code == 1
    keys.write_text("{}")
    assert "no public key" in verify(saved, keys).output


def verify(saved, keys):
    return CliRunner().invoke(main, ["certificate", "verify", str(saved), "--key", str(keys)])


def test_checking_tells_of_a_suspension_and_of_an_end(app, world, key, nobody, tmp_path):
    saved, keys = tmp_path / "certificate.json", tmp_path / "keys.json"
    saved.write_bytes(document(nobody, key))
    keys.write_bytes(nobody.get("/.well-known/partner-portal-keys.json").data)
    with time_machine.travel(clock.now() + 400 * clock.DAY, tick=False):
        late = verify(saved, keys)
    assert (late.exit_code, "expired since" in late.output) == (3, True)
    with app.app_context(), writing():
        certificates.suspend(db.session.scalars(db.select(Certificate)).one(), reason="Webhooks fail.", by=world.user("ada"))
    saved.write_bytes(document(nobody, key))
    told = verify(saved, keys)
    assert (told.exit_code, "Webhooks fail." in told.output) == (3, True)


def test_another_portal_did_not_sign_it(key, nobody, tmp_path):
    saved, keys = tmp_path / "certificate.json", tmp_path / "keys.json"
    saved.write_bytes(document(nobody, key))
    before = signing._keys[:]
    signing.configure(signing.new_secret())
    keys.write_bytes(signing.canonical(signing.published()))
    signing._keys[:] = before
    assert "another key" in verify(saved, keys).output


def test_those_certified_before_get_theirs_once(app, world, nobody):
    with app.app_context(), writing():
        acts.certify(world, "acme")
        db.session.delete(db.session.scalars(db.select(Certificate)).one())
    certify(app)
    certify(app)
    with app.app_context():
        certificate = db.session.scalars(db.select(Certificate)).one()
        assert (
            certificate.certified_at
            == db.session.scalars(db.select(Integration.certified_at).where(Integration.certified_at.is_not(None))).one()
        )


def test_certified_once_more_it_keeps_its_address_and_gets_new_dates(app, world, key):
    with app.app_context(), writing():
        integration = world.integration("acme")
        before = certificates.of_partner(integration.partner_id)
        number, until = before.number, before.valid_until
        integration.certified_at += 30 * clock.DAY
        again = certificates.issue(integration, by=world.user("rita"))
        assert (again.key, again.number) == (key, number)
        assert again.valid_until > until


def test_the_page_shows_how_to_embed_and_to_check(key, nobody):
    html = LexborHTMLParser(nobody.get(f"/certificates/{key}").text)
    assert f"/certificates/{key}/badge.svg" in html.css_first("#embed").text()
    assert "portal certificate verify" in html.css_first("#verify").text()

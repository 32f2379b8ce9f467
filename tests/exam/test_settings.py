"""What a partner declares for the checks: kept, looked at, encrypted, never printed."""

import pytest
from sqlalchemy import select, text

from portal.extensions import db
from portal.models.event import Event
from portal.models.exam import ExamSettings
from portal.models.partner_app import PartnerApp
from portal.status import Environment
from portal.transaction import writing

GOOD = {
    "connect_url": "https://staging.example.com/connect",
    "login_url": "",
    "action_url": "https://staging.example.com/test-hook",
    "link": "https://connect-sandbox.gocardless.com/oauth/authorize?client_id=x&state=abc",
    "header_name": "X-Portal-Check",
    "header_value": "a long and secret value",
}


@pytest.fixture
def url(app, world):
    with app.app_context(), writing():
        row = PartnerApp(partner_id=world.partners["acme"], environment=Environment.EMBEDDED, name="App", client_id="abc")
        db.session.add(row)
        db.session.flush()
        return f"/developers/checks/settings/{row.key}"


def kept(app):
    with app.app_context():
        return db.session.scalars(select(ExamSettings)).one_or_none()


def test_settings_are_kept_and_the_header_is_never_printed(app, alice, bob, url):
    assert alice.post(url, data=GOOD).status_code == 303
    row = kept(app)
    assert (row.connect_url, row.header_value) == (GOOD["connect_url"], GOOD["header_value"])
    for page in (alice.get(url).text, bob.get("/developers/checks").text):
        assert GOOD["header_value"] not in page
    assert "One is kept" in alice.get(url).text
    with app.app_context():
        raw = bytes(db.session.execute(text("SELECT header_value FROM exam_settings")).scalar_one())
        told = db.session.scalars(select(Event.payload).filter_by(kind="exam_settings_changed")).one()
    assert b"secret" not in raw
    assert GOOD["header_value"] not in str(told)
    assert told["after"]["header_value"] == "kept"


def test_an_empty_value_keeps_the_header_and_a_tick_drops_it(app, alice, url):
    alice.post(url, data=GOOD)
    alice.post(url, data={**GOOD, "header_value": "", "version": kept(app).version})
    assert kept(app).header_value == GOOD["header_value"]
    alice.post(url, data={**GOOD, "header_value": "", "drop_header": "y", "version": kept(app).version})
    assert (kept(app).header_name, kept(app).header_value) == ("", None)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("connect_url", "http://staging.example.com/connect"),
        ("connect_url", "https://192.168.1.1/connect"),
        ("login_url", "nonsense"),
        ("action_url", "https://user:password@staging.example.com/"),
        ("action_url", "https://localhost/hook"),
        ("link", "javascript:alert(1)"),
        ("link", "https://x/" + "a" * 3000),
        ("header_name", "No Header"),
        ("header_name", "Webhook-Signature"),
        ("header_name", ""),
        ("header_value", "caf\N{LATIN SMALL LETTER E WITH ACUTE}"),
        ("header_value", ""),
    ],
)
def test_what_cannot_be_taken_is_said_beside_the_field(app, alice, url, field, value):
    answer = alice.post(url, data={**GOOD, field: value})
    assert answer.status_code == 422
    assert "There is a problem" in answer.text
    assert GOOD["header_value"] not in answer.text
    assert kept(app) is None


def test_somebody_else_was_faster(app, alice, bob, url):
    alice.post(url, data=GOOD)
    version = kept(app).version
    assert bob.post(url, data={**GOOD, "login_url": GOOD["connect_url"], "version": version}).status_code == 303
    assert alice.post(url, data={**GOOD, "version": version}).status_code == 409
    assert kept(app).login_url == GOOD["connect_url"]


def test_nobody_else_sees_or_changes_them(alice, carol, rita, nobody, url):
    assert carol.get(url).status_code == 404
    assert carol.post(url, data=GOOD).status_code == 404
    assert rita.get(url).status_code == 403
    assert nobody.get(url).status_code == 302


def test_a_live_or_retired_app_is_not_checked(app, alice, url):
    with app.app_context(), writing():
        db.session.scalars(select(PartnerApp)).one().environment = Environment.LIVE
    assert alice.get(url).status_code == 409
    assert alice.post(url, data=GOOD).status_code == 409

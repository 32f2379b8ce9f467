"""Credentials: pasted for GoCardless's own sandbox, rotated with an overlap, for admins only, shown once."""

import re
from datetime import timedelta

import pytest
import requests
import time_machine
from sqlalchemy import select

from portal import clock
from portal.apps import renewal
from portal.apps.sandbox import Sandbox
from portal.extensions import db
from portal.models.event import Event
from portal.models.partner_app import PartnerApp
from portal.transaction import writing
from tests.apps.test_app_pages import FORM, NEW, register, secrets_in

PASTED = {
    "client_id": "b3nXp0Yw8LqTz5RkVh2J",
    "client_secret": "s9TqW4eZkL1mNbVcXoPa",
    "webhook_secret": "w7RtYuIoPaSdFgHjKlZx",
}
URL = f"/developers/apps/{FORM['key']}"


@pytest.fixture
def pasted(alice, gocardless):
    """An app of GoCardless's own sandbox without credentials yet."""
    answer = alice.post(NEW, data={**FORM, "environment": "gocardless"})
    assert answer.location == URL + "/credentials"
    return URL


@pytest.fixture
def embedded(alice, gocardless):
    """An app of the embedded sandbox, and the client secret that its admin saw."""
    return secrets_in(register(alice))


def take_token(gocardless, client_id, secret):
    """How the sandbox answers to these credentials: 401 for wrong ones, 400 for a code that is none."""
    sent = {
        "grant_type": "authorization_code",
        "code": "none",
        "redirect_uri": "https://x.example",
        "client_id": client_id,
        "client_secret": secret,
    }
    return requests.post(f"{gocardless.url}/oauth/access_token", data=sent, timeout=10).status_code


def test_the_page_says_what_to_enter_at_gocardless(alice, pasted, row):
    page = alice.get(pasted + "/credentials").text
    assert "http://localhost:5000/developers/connect/callback" in page
    assert f"http://localhost:5000/hooks/{row(FORM['key'], lambda app: app.hook_key)}" in page
    assert page.count("data-copy=") >= 4


@pytest.mark.parametrize("who", ["alice", "bob"])
def test_pasting_what_gocardless_gave(request, who, pasted, row):
    client = request.getfixturevalue(who)
    answer = client.post(pasted + "/credentials", data=PASTED)
    assert (answer.status_code, answer.location) == (303, URL)
    assert row(FORM["key"], lambda app: {name: getattr(app, name) for name in PASTED}) == PASTED
    page = client.get(URL).text
    assert PASTED["client_id"] in page
    assert PASTED["client_secret"] not in page
    assert "ends in …Pa" in page
    assert client.get(pasted + "/credentials").location == URL
    assert client.post(pasted + "/credentials", data=PASTED).status_code == 409


def test_a_mix_up_is_named_and_the_secrets_are_not_sent_back(alice, pasted, row):
    answer = alice.post(pasted + "/credentials", data={**PASTED, "webhook_secret": PASTED["client_secret"]})
    assert answer.status_code == 422
    assert "are the same" in answer.text
    assert PASTED["client_secret"] not in answer.text
    assert PASTED["client_id"] in answer.text
    assert row(FORM["key"], lambda app: app.client_secret) is None


def test_a_webhook_secret_of_another_app_of_the_partner(alice, pasted):
    other = secrets_in(register(alice, key="C" * 22))[1]
    answer = alice.post(pasted + "/credentials", data={**PASTED, "webhook_secret": other})
    assert answer.status_code == 422
    assert "another of your apps" in answer.text
    assert other not in answer.text


def test_replacing_pasted_credentials_keeps_the_old_ones_for_a_day(alice, bob, pasted, row):
    alice.post(pasted + "/credentials", data=PASTED)
    changed = {**PASTED, "client_secret": "newSecretOfTheClient1"}
    assert bob.get(pasted + "/credentials/replace").status_code == 403
    assert bob.post(pasted + "/credentials/replace", data=changed).status_code == 403
    assert alice.get(pasted + "/credentials/replace").status_code == 200
    assert alice.post(pasted + "/credentials/replace", data=changed).status_code == 303
    kept = row(
        FORM["key"],
        lambda app: (
            app.client_secret,
            app.previous_client_secret,
            app.webhook_secret,
            app.previous_webhook_secret,
            app.previous_until,
        ),
    )
    assert kept[:4] == (changed["client_secret"], PASTED["client_secret"], PASTED["webhook_secret"], None)
    assert timedelta(hours=23) < kept[4] - clock.now() < timedelta(hours=25)
    assert "The previous secrets are valid until" in alice.get(URL).text
    assert "End the overlap now" not in bob.get(URL).text


@pytest.mark.parametrize("kind", ["client_secret", "webhook_secret"])
def test_rotating_at_the_sandbox(app, alice, gocardless, embedded, row, kind):
    answer = alice.post(URL + "/rotate", data={"kind": kind})
    assert answer.status_code == 200
    (fresh,) = secrets_in(answer)
    kept = row(FORM["key"], lambda app: (getattr(app, kind), getattr(app, f"previous_{kind}")))
    assert kept == (fresh, embedded[kind == "webhook_secret"])
    with app.app_context():
        (said,) = db.session.scalars(select(Event.payload).where(Event.kind == "app_secret_rotated"))
    assert fresh not in str(said)
    assert fresh not in alice.get(URL).text


def test_both_client_secrets_are_good_until_the_overlap_is_ended(alice, gocardless, embedded, row):
    (fresh,) = secrets_in(alice.post(URL + "/rotate", data={"kind": "client_secret"}))
    client_id = row(FORM["key"], lambda app: app.client_id)
    assert [take_token(gocardless, client_id, secret) for secret in (embedded[0], fresh, "wrong")] == [400, 400, 401]
    assert alice.post(URL + "/end-overlap").status_code == 303
    assert [take_token(gocardless, client_id, secret) for secret in (embedded[0], fresh)] == [401, 400]
    assert row(FORM["key"], lambda app: (app.previous_client_secret, app.previous_until)) == (None, None)
    assert "The previous secrets" not in alice.get(URL).text


def test_rotating_is_for_admins_who_signed_in_lately(alice, bob, rita, embedded):
    assert bob.get(URL + "/rotate").status_code == 403
    assert bob.post(URL + "/rotate", data={"kind": "client_secret"}).status_code == 403
    assert bob.post(URL + "/end-overlap").status_code == 403
    assert rita.post(URL + "/rotate", data={"kind": "client_secret"}).status_code == 403
    with alice.session_transaction() as session:
        session.update(fs_paa=1, fs_gexp=1)
    assert alice.get(URL + "/rotate").location.startswith("/sign-in/again")
    assert alice.post(URL + "/rotate", data={"kind": "client_secret"}).location.startswith("/sign-in/again")


@pytest.mark.parametrize("kind", ["", "access_token", "client_secret\r\n"])
def test_a_kind_that_is_none(alice, embedded, kind):
    answer = alice.post(URL + "/rotate", data={"kind": kind})
    assert answer.status_code == 422
    assert "Choose the secret" in answer.text


def test_a_sandbox_that_is_away_changes_nothing(app, alice, embedded, row, monkeypatch):
    door = __import__("portal.gocardless", fromlist=["configure"])
    door.configure(
        app.settings.model_copy(update={"embedded_connect_url": "http://127.0.0.1:9", "embedded_api_url": "http://127.0.0.1:9"})
    )
    answer = alice.post(URL + "/rotate", data={"kind": "client_secret"})
    assert (answer.status_code, "cannot be reached" in answer.text) == (503, True)
    assert row(FORM["key"], lambda app: app.previous_client_secret) is None


def test_the_worker_forgets_what_is_over(app, alice, embedded, row):
    alice.post(URL + "/rotate", data={"kind": "client_secret"})
    with app.app_context(), writing():
        renewal.forget_all_expired(clock.now())
    assert row(FORM["key"], lambda app: app.previous_client_secret) == embedded[0]
    with time_machine.travel(clock.now() + timedelta(hours=25)), app.app_context(), writing():
        renewal.forget_all_expired(clock.now())
    assert row(FORM["key"], lambda app: (app.previous_client_secret, app.previous_until)) == (None, None)


def test_an_app_of_the_embedded_sandbox_takes_no_pasted_credentials(alice, embedded):
    assert alice.get(URL + "/credentials/replace").location == URL + "/rotate"
    assert alice.post(URL + "/credentials/replace", data=PASTED).status_code == 409


def test_an_app_of_gocardless_is_not_rotated_here(alice, pasted):
    alice.post(pasted + "/credentials", data=PASTED)
    assert alice.get(URL + "/rotate").location == URL + "/credentials/replace"
    assert alice.post(URL + "/rotate", data={"kind": "client_secret"}).status_code == 422


def test_no_secret_is_ever_logged_or_told(app, alice, gocardless, capsys):
    shown = secrets_in(register(alice))
    alice.post(URL + "/rotate", data={"kind": "webhook_secret"})
    with app.app_context():
        happenings = " ".join(str(payload) for payload in db.session.scalars(select(Event.payload)))
        kept = db.session.scalars(select(PartnerApp)).one()
        every = {*shown, kept.client_secret, kept.webhook_secret}
    logged = capsys.readouterr().out
    assert len(every) == 3
    assert not any(secret in logged + happenings for secret in every)
    assert not re.search("|".join(map(re.escape, every)), alice.get("/updates").text)


def test_two_who_rotate_at_the_same_moment(app, alice, gocardless, embedded, row, monkeypatch):
    """Somebody is first while the sandbox is asked: both sides then know their secret, and nobody is shown another."""
    first = Sandbox.rotate

    def meanwhile(self, client_id, kind, *, overlap, secret=""):
        made = first(self, client_id, kind, overlap=overlap, secret=secret)
        if not secret:
            with app.app_context(), writing():
                kept = db.session.scalars(select(PartnerApp)).one()
                kept.client_secret = theirs
        return made

    theirs = "theSecretOfTheOther1"
    monkeypatch.setattr(Sandbox, "rotate", meanwhile)
    answer = alice.post(URL + "/rotate", data={"kind": "client_secret"})
    assert (answer.status_code, secrets_in(answer)) == (409, [])
    assert row(FORM["key"], lambda app: app.client_secret) == theirs
    assert take_token(gocardless, row(FORM["key"], lambda app: app.client_id), theirs) == 400

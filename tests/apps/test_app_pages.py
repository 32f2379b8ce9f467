"""Registering, reading, editing and retiring apps, against a real sandbox."""

import re

import pytest
from sqlalchemy import select

from portal.apps import service
from portal.extensions import db
from portal.models.event import Event
from portal.models.partner_app import PartnerApp
from portal.status import Environment

CALLBACK = "http://localhost:5000/developers/connect/callback"
HERE = "http://localhost/developers/connect/callback"
OWN = "https://app.acme.example.com/callback"
FORM = {
    "environment": "embedded",
    "name": "Acme Billing",
    "description": "Invoices that are paid on time.",
    "homepage_url": "https://acme.example.com",
    "redirect_uris": OWN,
    "post_onboarding_url": "https://app.acme.example.com/welcome",
    "webhook_url": "https://app.acme.example.com/webhooks",
    "terms": "y",
    "key": "AAAAAAAAAAAAAAAAAAAAAA",
}
NEW = "/developers/apps/new"


def register(client, **values):
    return client.post(NEW, data={**FORM, **values})


def secrets_in(answer):
    return re.findall(r'<code id="new-secret-\d">([^<]+)</code>', answer.text)


def happenings(app, kind):
    with app.app_context():
        return list(db.session.scalars(select(Event.payload).where(Event.kind == kind).order_by(Event.id)))


def test_an_app_is_registered_at_the_sandbox_and_its_secrets_are_shown_once(app, alice, gocardless, row):
    answer = register(alice)
    client_secret, webhook_secret = secrets_in(answer)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    kept = row(FORM["key"], lambda app: (app.client_id, app.client_secret, app.webhook_secret, app.redirect_uris, app.hook_key))
    assert kept[1:3] == (client_secret, webhook_secret)
    assert kept[3] == [CALLBACK, HERE, OWN]
    there = gocardless.lever(f"apps/{kept[0]}", method="GET")
    assert there["redirect_uris"] == kept[3]
    assert there["webhook_url"] == f"http://localhost:5000/hooks/{kept[4]}"
    page = alice.get(f"/developers/apps/{FORM['key']}")
    assert client_secret not in page.text
    assert f"ends in …{client_secret[-2:]}" in page.text
    assert happenings(app, "app_registered") == [{"app": "Acme Billing", "environment": "Embedded sandbox"}]


def test_reloading_the_page_of_the_secrets_registers_nothing_again(alice, gocardless, keys):
    register(alice)
    again = register(alice)
    assert (again.status_code, again.location) == (303, f"/developers/apps/{FORM['key']}")
    assert keys() == [FORM["key"]]


def test_another_partner_who_names_the_same_key_is_told_nothing(alice, carol, gocardless, keys):
    register(alice)
    answer = register(carol)
    assert answer.status_code == 409
    assert "Acme" not in answer.text.replace("Acme Billing", "", 1)
    assert keys() == [FORM["key"]]


def test_a_member_registers_an_app_but_sees_no_secret(bob, gocardless, row):
    answer = register(bob)
    assert (answer.status_code, answer.location) == (303, f"/developers/apps/{FORM['key']}")
    secret = row(FORM["key"], lambda app: app.client_secret)
    page = bob.get(answer.location)
    assert secret not in page.text
    assert "an admin of your team" in page.text.lower()


def test_an_admin_who_signed_in_long_ago_sees_no_secret(alice, gocardless, row):
    with alice.session_transaction() as session:
        session["fs_paa"] = 1
    assert alice.get(NEW).location == "/sign-in/again?next=/developers/apps/new"
    answer = register(alice)
    assert answer.status_code == 303
    assert row(FORM["key"], lambda app: app.client_secret)


WRONG = {
    "name": ("", "Enter the name"),
    "homepage_url": ("ftp://acme.example.com", "Begin with https://"),
    "redirect_uris": ("https://a.example.com/cb\nhttps://a.example.com/cb", "Line 2: The same as line 1"),
    "post_onboarding_url": ("http://app.acme.example.com", "Use https"),
    "webhook_url": ("https://user@app.acme.example.com/hooks", "Remove the user name"),
    "terms": ("", "accepted the Partner Agreement"),
    "environment": ("moon", "Choose where"),
}


@pytest.mark.parametrize(("field", "value", "words"), [(field, *wrong) for field, wrong in WRONG.items()])
def test_what_is_wrong_is_named_and_what_was_typed_stays(alice, gocardless, keys, field, value, words):
    answer = register(alice, **{field: value, "description": "Typed with <care>"})
    assert answer.status_code == 422
    assert words in answer.text
    assert "Typed with &lt;care&gt;" in answer.text
    assert keys() == []


HOSTILE = [
    "https://a.example.com/cb#x",
    "https://*.example.com/cb",
    "https://a.example.com/%0d%0aSet-Cookie:x",
    "https://a.example.com/\x0bcb",
    "https://a.example.com/\u2028cb",
    "https://bücher.example/cb",
    "https://аррӏе.example/cb",
    "javascript:alert(1)",
    "//a.example.com/cb",
    "https:///cb",
    "https://a.example.com:99999/cb",
    "https://[::1/cb",
    "https://a.example.com/<script>",
    "http://10.0.0.1/cb",
    "http://localhost.evil.example/cb",
    "https://a..b/cb",
    "https://" + "a" * 2100,
    "https://a.example.com/%zz",
    "\x00",
]


@pytest.mark.parametrize("uri", HOSTILE)
def test_redirect_uris_that_are_none(alice, gocardless, keys, uri):
    answer = register(alice, redirect_uris=f"{OWN}\r\n{uri}")
    assert answer.status_code == 422
    assert "Line 2" in answer.text or "Line 3" in answer.text
    assert keys() == []


def test_ten_thousand_redirect_uris(alice, gocardless, keys):
    answer = register(alice, redirect_uris="\n".join(f"https://a.example.com/{n}" for n in range(10_000)))
    assert answer.status_code == 422
    assert "You entered 10,000 redirect URIs" in answer.text
    assert keys() == []


def test_twenty_with_the_portals_own_and_not_one_more(alice, gocardless, row):
    lines = [f"{OWN}/{n}" for n in range(19)]
    assert register(alice, redirect_uris="\n".join(lines)).status_code == 422
    assert register(alice, redirect_uris="\n".join(lines[:18])).status_code == 200
    assert len(row(FORM["key"], lambda app: app.redirect_uris)) == 20


def test_plain_http_may_lead_to_this_machine_in_a_sandbox_only(alice, gocardless, keys):
    assert (
        register(alice, redirect_uris="http://localhost:3000/cb\nhttp://127.0.0.1:3000/cb\nhttp://[::1]:3000/cb").status_code
        == 200
    )
    live = register(alice, environment="live", key="B" * 22, redirect_uris="https://localhost/cb")
    assert live.status_code == 422
    assert len(keys()) == 1


def test_markup_in_a_name_is_shown_and_never_run(alice, rita, gocardless, world, app):
    name = "<script>alert(1)</script> & “Co”"
    register(alice, name=name, description="<img src=x onerror=alert(1)>")
    for page in (
        alice.get("/developers/apps"),
        alice.get(f"/developers/apps/{FORM['key']}"),
        alice.get(f"/developers/apps/{FORM['key']}/check"),
    ):
        assert page.status_code == 200
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text


def test_nothing_typed_is_lost_when_the_sandbox_does_not_answer(alice, gocardless, app, keys):
    door = __import__("portal.gocardless", fromlist=["configure"])
    door.configure(
        app.settings.model_copy(update={"embedded_connect_url": "http://127.0.0.1:9", "embedded_api_url": "http://127.0.0.1:9"})
    )
    answer = register(alice)
    assert answer.status_code == 503
    assert "The embedded sandbox cannot be reached" in answer.text
    assert OWN in answer.text
    assert keys() == []


def test_editing_changes_the_app_here_and_there(app, alice, gocardless, row):
    register(alice)
    form = alice.get(f"/developers/apps/{FORM['key']}/edit")
    assert OWN in form.text
    version = re.search(r'name="version" value="(\d+)"', form.text).group(1)
    changed = {**FORM, "name": "Acme Pay", "redirect_uris": OWN + "\n" + OWN + "/two", "homepage_url": "", "version": version}
    answer = alice.post(f"/developers/apps/{FORM['key']}/edit", data=changed)
    assert answer.status_code == 303
    client_id = row(FORM["key"], lambda app: app.client_id)
    there = gocardless.lever(f"apps/{client_id}", method="GET")
    assert (there["name"], there["homepage_url"]) == ("Acme Pay", None)
    assert there["redirect_uris"] == [CALLBACK, HERE, OWN, OWN + "/two"]
    (said,) = happenings(app, "app_changed")
    assert (said["before"]["name"], said["after"]["name"]) == ("Acme Billing", "Acme Pay")
    assert set(said["after"]) == {"name", "homepage_url", "redirect_uris"}


def test_two_who_edit_at_once(alice, bob, gocardless, row):
    register(alice)
    url = f"/developers/apps/{FORM['key']}/edit"
    version = re.search(r'name="version" value="(\d+)"', alice.get(url).text).group(1)
    assert bob.post(url, data={**FORM, "version": version, "name": "Bob was here"}).status_code == 303
    answer = alice.post(url, data={**FORM, "version": version, "name": "Alice was here"})
    assert answer.status_code == 409
    assert "Changed meanwhile" in answer.text
    assert "Bob was here" in answer.text
    assert row(FORM["key"], lambda app: app.name) == "Bob was here"
    fresh = re.search(r'name="version" value="(\d+)"', answer.text).group(1)
    assert alice.post(url, data={**FORM, "version": fresh, "name": "Alice was here"}).status_code == 303
    assert row(FORM["key"], lambda app: app.name) == "Alice was here"


def test_saving_brings_back_an_app_that_the_sandbox_has_forgotten(alice, gocardless, row):
    register(alice)
    known = row(FORM["key"], lambda app: (app.client_id, app.client_secret))
    gocardless.lever("reset")
    version = re.search(r'name="version" value="(\d+)"', alice.get(f"/developers/apps/{FORM['key']}/edit").text).group(1)
    assert alice.post(f"/developers/apps/{FORM['key']}/edit", data={**FORM, "version": version}).status_code == 303
    assert gocardless.lever(f"apps/{known[0]}", method="GET")["name"] == "Acme Billing"
    assert row(FORM["key"], lambda app: (app.client_id, app.client_secret)) == known


def test_retiring_ends_everything_but_reading(app, alice, gocardless, row):
    register(alice)
    url = f"/developers/apps/{FORM['key']}"
    assert "Retire Acme Billing" in alice.get(url + "/retire").text
    assert alice.post(url + "/retire").status_code == 303
    assert "Retired" in alice.get(url).text
    assert gocardless.lever(f"apps/{row(FORM['key'], lambda app: app.client_id)}", method="GET")["webhook_url"] is None
    for path in ("/edit", "/retire", "/rotate", "/credentials"):
        assert alice.get(url + path).status_code == 409
    assert alice.post(url + "/edit", data=FORM).status_code == 409
    assert alice.post(url + "/retire").status_code == 409
    assert len(happenings(app, "app_retired")) == 1


def test_another_partner_finds_nothing(alice, carol, gocardless):
    register(alice)
    url = f"/developers/apps/{FORM['key']}"
    for path in ("", "/edit", "/check", "/retire", "/rotate", "/credentials", "/credentials/replace"):
        assert carol.get(url + path).status_code == 404
    for path in ("/edit", "/check", "/retire", "/rotate", "/credentials", "/credentials/replace", "/end-overlap"):
        assert carol.post(url + path, data=FORM).status_code == 404


def test_staff_read_everything_but_secrets_and_change_nothing(app, world, alice, rita, gocardless, row):
    register(alice)
    with app.app_context():
        partner = world.partner("acme").key
    assert "Acme Billing" in rita.get(f"/staff/partners/{partner}/apps").text
    page = rita.get(f"/developers/apps/{FORM['key']}")
    secret = row(FORM["key"], lambda app: app.client_secret)
    assert secret not in page.text
    assert "ends in" in page.text
    assert "/edit" not in page.text
    assert rita.get(f"/developers/apps/{FORM['key']}/check").status_code == 200
    assert rita.get(f"/developers/apps/{FORM['key']}/edit").status_code == 403
    assert rita.post(f"/developers/apps/{FORM['key']}/retire").status_code == 403


def test_secrets_are_encrypted_at_rest(app, alice, gocardless):
    client_secret, webhook_secret = secrets_in(register(alice))
    with app.app_context(), db.engine.connect() as connection:
        stored = connection.execute(select(PartnerApp.__table__)).mappings().one()
        raw = connection.exec_driver_sql("SELECT client_secret, webhook_secret FROM partner_app").one()
    assert stored["client_secret"] == client_secret
    assert all(client_secret.encode() not in bytes(value) and webhook_secret.encode() not in bytes(value) for value in raw)


def test_an_empty_list_says_how_to_begin(alice):
    page = alice.get("/developers/apps")
    assert "No apps yet" in page.text
    assert NEW in page.text


def test_the_environments_that_are_offered(alice, gocardless):
    page = alice.get(NEW)
    for environment in Environment:
        assert f'value="{environment.value}"' in page.text
    assert 'value="live" checked' in alice.get(NEW + "?environment=live").text


def test_so_many_apps_and_no_more(alice, gocardless, keys, monkeypatch):
    monkeypatch.setattr(service, "MOST", 2)
    for key in "XYZ":
        answer = register(alice, key=key * 22)
    assert (answer.status_code, "Retire one" in answer.text, len(keys())) == (422, True, 2)

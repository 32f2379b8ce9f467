"""Passkeys in a real browser, with an authenticator that Chromium plays; and answers that a browser would not give."""

import json

import pytest
from sqlalchemy import select

from portal.extensions import db
from portal.models.people import UserSession, WebAuthn
from portal.transaction import writing
from tests.browser import at
from tests.world import PASSWORD


def plug_in(page, *, verifies=True, discoverable=True):
    """A virtual authenticator; `verifies` is whether its owner shows a finger or a PIN."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": discoverable, "hasUserVerification": verifies}
    added = devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {**options, "isUserVerified": verifies, "automaticPresenceSimulation": True}},
    )
    return devtools, added["authenticatorId"]


def move(devtools, authenticator, page, **options):
    """The same keys, in another browser."""
    keys = devtools.send("WebAuthn.getCredentials", {"authenticatorId": authenticator})["credentials"]
    there, plugged = plug_in(page, **options)
    for key in keys:
        there.send("WebAuthn.addCredential", {"authenticatorId": plugged, "credential": key})


def set_up(page, name="Laptop"):
    page.goto("/security/passkeys")
    page.get_by_label("Name of the passkey").fill(name)
    page.get_by_role("button", name="Set up the passkey").click()
    at(page, "/security")


def fill_password(page):
    page.goto("/sign-in")
    page.get_by_label("E-mail address or username").fill("alice")
    page.locator("#password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


@pytest.fixture
def with_passkey(visit):
    """Alice's page, a passkey just set up, and its authenticator."""
    page = visit("alice")
    plugged = plug_in(page)
    set_up(page)
    return page, *plugged


def test_setting_up(app, world, with_passkey, events):
    page, *_ = with_passkey
    page.locator("main", has_text="The passkey Laptop is set up.").wait_for()
    with app.app_context():
        passkey = db.session.scalar(select(WebAuthn))
        assert (passkey.user_id, passkey.name) == (world.users["alice"], "Laptop")
    assert ("security_event", "Alice Example", "set up a passkey") in events()


def test_signing_in_with_nothing_else(app, world, with_passkey, fresh):
    _, devtools, authenticator = with_passkey
    page = fresh()
    move(devtools, authenticator, page)
    page.goto("/settings")
    page.get_by_role("button", name="Sign in with a passkey").click()
    at(page, "/settings")
    with app.app_context():
        assert db.session.query(UserSession).filter_by(user_id=world.users["alice"], ended_at=None).count() == 2


def test_as_the_second_step(world, with_passkey, fresh):
    _, devtools, authenticator = with_passkey
    page = fresh()
    move(devtools, authenticator, page, verifies=False)
    fill_password(page)
    page.get_by_role("button", name="Use the passkey").click()
    page.wait_for_url(lambda url: "sign-in" not in url)
    page.goto("/security")
    assert page.locator("h1").inner_text() == "Security"


def test_alone_it_must_have_checked_its_owner(world, with_passkey, fresh):
    """A found key opens nothing."""
    _, devtools, authenticator = with_passkey
    page = fresh()
    move(devtools, authenticator, page, verifies=False)
    page.goto("/sign-in")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.locator("[data-passkey-problem]", has_text="No passkey was given").wait_for()
    page.goto("/security")
    assert page.locator("h1").inner_text() == "Sign in"


def test_a_stranger_has_no_passkey_here(world, page):
    plug_in(page)
    page.goto("/sign-in")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.locator("[data-passkey-problem]", has_text="No passkey was given").wait_for()


def test_showing_that_it_is_you(with_passkey, app, world):
    page, *_ = with_passkey
    cookie = next(one for one in page.context.cookies() if one["name"] == "portal_session")
    client = app.test_client()
    client.set_cookie("portal_session", cookie["value"])
    with client.session_transaction() as session:
        session["fs_paa"] = 1.0
        session.pop("fs_gexp", None)
    page.context.add_cookies([{**cookie, "value": client.get_cookie("portal_session").value}])
    page.goto("/team/invite")
    assert page.locator("h1").inner_text() == "Show that it is you"
    page.get_by_role("button", name="Use a passkey").click()
    at(page, "/team/invite")


def test_removing(app, with_passkey, events):
    page, *_ = with_passkey
    page.get_by_role("button", name="Remove Laptop").click()
    page.get_by_text("The passkey Laptop is removed.").wait_for()
    with app.app_context():
        assert db.session.scalar(select(WebAuthn)) is None
    assert ("security_event", "Alice Example", "removed a passkey") in events()


def test_the_same_device_twice(with_passkey):
    page, *_ = with_passkey
    page.goto("/security/passkeys")
    page.get_by_label("Name of the passkey").fill("Again")
    page.get_by_role("button", name="Set up the passkey").click()
    page.locator("[data-passkey-problem]", has_text="holds a passkey for your account already").wait_for()


def test_an_answer_counts_once(world, with_passkey, fresh):
    """What was posted to sign in signs nobody else in, and nobody again."""
    _, devtools, authenticator = with_passkey
    page = fresh()
    move(devtools, authenticator, page)
    sent = []
    page.on("request", lambda request: sent.append(request) if "/sign-in/passkey/" in request.url else None)
    page.goto("/sign-in")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(lambda url: "sign-in" not in url)
    thief = fresh()
    thief.goto("/sign-in")
    token = thief.locator("[name=csrf_token]").first.get_attribute("value")
    form = {**_fields(sent[0]), "csrf_token": token}
    thief.context.request.post(sent[0].url, form=form)
    thief.goto("/security")
    assert thief.locator("h1").inner_text() == "Sign in"


def _fields(request):
    return request.post_data_json


def test_somebody_switched_off_has_no_passkey(app, world, with_passkey, fresh):
    _, devtools, authenticator = with_passkey
    with app.app_context(), writing():
        world.user("alice").active = False
    page = fresh()
    move(devtools, authenticator, page)
    page.goto("/sign-in")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_text("This passkey does not open any account here.").wait_for()


@pytest.mark.parametrize(
    "credential",
    ["", "{}", "[]", "null", "not json", '{"id": "x", "rawId": "x", "response": {}, "type": "public-key"}', "x" * 100_000],
)
@pytest.mark.parametrize("known", [True, False])
def test_answers_that_no_browser_gives(world, alice, nobody, credential, known):
    client, start = (alice, "/security/passkeys") if known else (nobody, "/sign-in/passkey")
    page = client.post(start, data={"name": "Laptop"}).text
    action = page.partition('data-passkey="')[0].rpartition('action="')[2].partition('"')[0]
    answer = client.post(action, data={"credential": credential})
    assert answer.status_code == 302
    assert "passkey" in answer.location


def test_a_made_up_question(alice, nobody):
    assert nobody.post("/sign-in/passkey/made-up", data={"credential": json.dumps({})}).status_code == 302
    assert alice.post("/security/passkeys/made-up", data={"credential": json.dumps({})}).status_code == 302


@pytest.mark.parametrize(
    ("name", "words"),
    [("", "Give the passkey a name."), ("x" * 65, "at most 64"), ("<b>", "Use letters"), ("a\x00b", "Use letters")],
)
def test_names_that_are_not_taken(alice, name, words):
    answer = alice.post("/security/passkeys", data={"name": name})
    assert answer.status_code == 422
    assert words in answer.text

"""The page of going live, and the only call to live that there is."""

import pytest

from portal import gocardless as door
from portal.extensions import db
from portal.models.partner_app import PartnerApp
from portal.status import IntegrationStatus
from portal.transaction import writing
from tests.apps.test_app_pages import FORM, OWN, register, secrets_in
from tests.apps.test_check_pages import host

URL = "/developers/go-live"
LIVE = {**FORM, "environment": "live", "key": "L" * 22, "redirect_uris": "https://app.acme.com/callback", "homepage_url": "https://acme.com", "webhook_url": "https://app.acme.com/webhooks", "post_onboarding_url": ""}  # fmt: skip
SECRETS = {"client_secret": "s9TqW4eZkL1mNbVcXoPa", "webhook_secret": "w7RtYuIoPaSdFgHjKlZx"}


@pytest.fixture
def live_at(app, sandbox_settings):
    """Sets where live is: never where it really is."""

    def configure(url):
        door.configure(sandbox_settings.model_copy(update={"live_connect_url": url, "live_api_url": url}))

    configure("http://127.0.0.1:9")
    return configure


@pytest.fixture
def ready(app, alice, gocardless, world, live_at):
    """Certified, with a live app that the second sandbox plays GoCardless live for."""
    live_at(gocardless.url)
    made = gocardless.lever("apps", name="Acme Billing", redirect_uris=[LIVE["redirect_uris"]])
    assert alice.post("/developers/apps/new", data=LIVE).status_code == 303
    url = f"/developers/apps/{LIVE['key']}"
    assert alice.post(url + "/credentials", data={**SECRETS, "client_id": made["client_id"]}).status_code == 303
    with app.app_context(), writing():
        world.integration("acme").status = IntegrationStatus.LIVE
    return made["client_id"]


def test_at_the_beginning_everything_is_missing(alice, live_at):
    page = alice.get(URL).text
    assert "Not ready yet" in page
    assert "Get every Build section approved." in page
    assert 'href="/developers/apps/new?environment=live"' in page
    assert alice.post(URL + "/check").status_code == 409


def test_a_live_app_takes_no_portal_address(alice, gocardless, row):
    register(alice, **{**LIVE, "redirect_uris": ""})
    assert alice.post("/developers/apps/new", data={**LIVE, "redirect_uris": ""}).status_code == 422
    assert alice.post("/developers/apps/new", data=LIVE).status_code == 303
    assert row(LIVE["key"], lambda app: app.redirect_uris) == [LIVE["redirect_uris"]]


def test_the_way_to_ready(alice, ready):
    page = alice.get(URL).text
    assert "Run the read-only check" in page
    assert alice.post(URL + "/check").location == URL + "#check"
    page = alice.get(URL).text
    assert "Ready to go live" in page
    assert "Live answers and knows your app." in page


def test_both_sides_stand_beside_each_other_without_a_secret(alice, ready, gocardless):
    shown = secrets_in(register(alice))
    page = alice.get(URL).text
    for words in (gocardless.url, ready, "ends in …Pa", f"ends in …{shown[0][-2:]}", "GOCARDLESS_CLIENT_SECRET=\n"):
        assert words in page
    assert not any(secret in page for secret in (*SECRETS.values(), *shown))


def test_a_token_is_used_once_and_kept_nowhere(app, alice, ready, gocardless):
    merchant = gocardless.merchant(gocardless.app(), name="Acme Live Ltd")
    token = merchant.token.removeprefix("sandbox_")
    with gocardless.running.house.database.writing() as conn:
        from portal.sandbox import ids
        from portal.sandbox.store.tables import tokens

        conn.execute(tokens.update().where(tokens.c.hash == ids.hashed(merchant.token)).values(hash=ids.hashed(token)))
    assert alice.post(URL + "/check", data={"token": token}).status_code == 303
    page = alice.get(URL).text
    assert "The token reads “Acme Live Ltd”" in page.replace("&#34;", "“")
    assert token not in page
    with app.app_context(), db.engine.connect() as connection:
        dump = "".join(
            str(connection.execute(table.select()).all())
            for table in db.metadata.sorted_tables
            if table.name not in ("connection",)
        )
    assert token not in dump


@pytest.mark.parametrize(
    ("token", "words"), [("sandbox_abcdefghijklmnop", "a token of the sandbox"), ("x", "too short"), ("Bearer abc", "a header")]
)
def test_a_token_that_is_none_is_not_sent(alice, ready, live_at, token, words):
    with host(401, b"{}", "application/json") as (url, seen):
        live_at(url)
        answer = alice.post(URL + "/check", data={"token": token})
        assert answer.status_code == 422
        assert words in answer.text
        assert token not in answer.text or token == "x"
        assert seen == []


def test_live_that_does_not_answer(alice, ready, live_at):
    live_at("http://127.0.0.1:9")
    alice.post(URL + "/check")
    page = alice.get(URL).text
    assert "The connect host cannot be reached" in page
    assert "Mend what the read-only check found" in page


def test_the_check_only_reads(alice, ready, live_at):
    with host(200, b"<title>GoCardless</title>") as (url, seen):
        live_at(url)
        alice.post(URL + "/check")
        assert [path.split("?")[0] for path in seen] == ["/oauth/authorize"]


def test_nothing_but_the_check_calls_live(alice, ready, live_at):
    with host(200, b"<title>GoCardless</title>") as (url, seen):
        live_at(url)
        key = LIVE["key"]
        alice.get(URL)
        for path in ("", "/edit", "/credentials/replace", "/retire"):
            assert alice.get(f"/developers/apps/{key}{path}").status_code == 200
        alice.post(f"/developers/apps/{key}/edit", data={**LIVE, "version": 2, "name": "Acme Pay"})
        alice.post(f"/developers/apps/{key}/check")
        alice.post(f"/developers/apps/{key}/retire")
        assert seen == []


def test_members_see_it_and_others_see_their_own(bob, carol, ready):
    assert ready in bob.get(URL).text
    assert ready not in carol.get(URL).text
    assert OWN not in carol.get(URL).text
    assert PartnerApp

"""A developer registers an app in a real Chromium; every page of the room under axe, on a phone without sideways scrolling."""

import pytest
from playwright.sync_api import Error, expect

from tests.apps.test_app_pages import FORM, register
from tests.apps.test_go_live_pages import LIVE
from tests.browser import accessible, next_page

PHONE = {"width": 390, "height": 844}
KEY = FORM["key"]
PAGES = [
    "/developers/apps",
    "/developers/apps/new",
    f"/developers/apps/{KEY}",
    f"/developers/apps/{KEY}/edit",
    f"/developers/apps/{KEY}/rotate",
    f"/developers/apps/{KEY}/retire",
    f"/developers/apps/{KEY}/check",
    f"/developers/apps/{KEY}/check?link=https%3A%2F%2FApp.acme.example.com%2Fcallback%2F%2F{'long' * 60}",
    f"/developers/apps/{LIVE['key']}/credentials",
    f"/developers/apps/{LIVE['key']}",
    "/developers/go-live",
]


def examined(page):
    accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{page.url} scrolls sideways"


@pytest.mark.parametrize("options", [{"color_scheme": "light", "viewport": PHONE}, {"color_scheme": "dark"}])
def test_every_page(alice, bob, gocardless, visit, options):
    register(
        bob,
        description="Invoices. " * 30,
        redirect_uris="\n".join(f"https://app.acme.example.com/{n}/{'callback' * 9}" for n in range(9)),
    )
    alice.post("/developers/apps/new", data=LIVE)
    alice.post(f"/developers/apps/{KEY}/rotate", data={"kind": "client_secret"})
    alice.post(f"/developers/apps/{KEY}/check")
    page = visit("alice", **options)
    for path in PAGES:
        page.goto(path)
        examined(page)


def test_registering_with_mistakes_first(gocardless, visit, row):
    page = visit("alice", viewport=PHONE)
    page.goto("/developers/apps")
    page.get_by_role("link", name="Register an app").first.click()
    page.get_by_label("Name").fill("Acme Billing")
    page.get_by_label("Redirect URIs").fill("https://app.acme.example.com/callback\nhttp://app.acme.example.com/callback")
    with next_page(page):
        page.get_by_role("button", name="Register the app").click()
    examined(page)
    page.get_by_role("link", name="Line 2: Use https").click()
    expect(page.get_by_label("Redirect URIs")).to_be_focused()
    page.get_by_label("Redirect URIs").fill("https://app.acme.example.com/callback")
    page.get_by_label("Somebody with authority").check()
    with next_page(page):
        page.get_by_role("button", name="Register the app").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Secrets of Acme Billing")
    examined(page)
    page.get_by_role("link", name="I have copied them").click()
    expect(page.get_by_text("ends in …")).to_have_count(2)
    page.goto("/developers/apps/new")
    expect(page.get_by_label("Name")).to_have_value("")
    page.go_back()
    with pytest.raises(Error, match="CACHE_MISS"):  # nothing of that page was kept to go back to
        page.go_back()


def test_pasting_without_a_script(gocardless, visit, row):
    page = visit("alice", java_script_enabled=False)
    page.goto("/developers/apps/new?environment=live")
    page.get_by_label("Name").fill("Acme Billing")
    page.get_by_label("Redirect URIs").fill("https://app.acme.com/callback")
    page.get_by_label("Somebody with authority").check()
    page.get_by_role("button", name="Register the app").click()
    page.get_by_label("Client id").fill("AP0001A2B3C4D5")
    page.get_by_label("Client secret").fill("s9TqW4eZkL1mNbVcXoPa")
    page.get_by_label("Webhook secret").fill("s9TqW4eZkL1mNbVcXoPa")
    page.get_by_role("button", name="Keep the credentials").click()
    expect(page.get_by_role("alert")).to_contain_text("This is the id of an app at GoCardless")
    expect(page.get_by_role("alert")).to_contain_text("are the same")
    expect(page.get_by_label("Client secret")).to_have_value("")
    page.get_by_label("Client id").fill("b3nXp0Yw8LqTz5RkVh2J")
    page.get_by_label("Client secret").fill("s9TqW4eZkL1mNbVcXoPa")
    page.get_by_label("Webhook secret").fill("w7RtYuIoPaSdFgHjKlZx")
    page.get_by_role("button", name="Keep the credentials").click()
    expect(page.get_by_text("The credentials are kept")).to_be_visible()

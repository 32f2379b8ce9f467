"""The hosted pages on a phone and on a wide screen, by day and by night: axe finds nothing, and nothing is cut off."""

import pytest
import requests

from tests.browser import accessible, next_page
from tests.sandbox.kit import merchant

BACK = "https://partner.example.com/back"


@pytest.fixture(scope="module")
def addresses(running):
    """Where each page begins: of the sandbox, of a merchant who connects, of two payers; and one that does not exist."""
    own = merchant(running.app)
    app = requests.post(f"{running.url}/_sandbox/apps", json={"name": "Partner", "redirect_uris": [BACK]}, timeout=10).json()
    asked = own.create(
        "billing_requests", {"payment_request": {"amount": 12345, "currency": "GBP", "description": "Invoice 17"}}
    )
    flow = own.create("billing_request_flows", {"redirect_uri": BACK, "links": {"billing_request": asked["id"]}})
    older = own.create("redirect_flows", {"description": "Wine", "session_token": "s", "success_redirect_url": BACK})
    authorise = f"/oauth/authorize?response_type=code&client_id={app['client_id']}&redirect_uri={BACK}&scope=read_write"
    return {
        "home": "/",
        "sign up": authorise,
        "log in": f"{authorise}&initial_view=login",
        "apps": "/account/log-in",
        "unknown app": "/oauth/authorize?client_id=nobody",
        "payer": flow["authorisation_url"],
        "older payer": older["redirect_url"],
    }


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_every_page_in_every_dress(browser, running, addresses, width, scheme):
    context = browser.new_context(base_url=running.url, viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    for name, address in addresses.items():
        page.goto(address)
        look(page, name)
        if page.locator("main form button").count():
            with next_page(page):
                page.locator("main form button").first.click()  # sent empty: the page with all its problems
            look(page, f"{name}, sent empty")
    context.close()


def look(page, name):
    accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{name} scrolls sideways"
    wrong = page.locator("[aria-invalid=true]").evaluate_all("all => all.map(one => getComputedStyle(one).borderTopWidth)")
    assert set(wrong) <= {"2px"}, f"{name}: an input that is wrong does not look it"

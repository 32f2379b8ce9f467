"""A developer's first hour, from the app to the merchant who leaves, in a browser, at either sandbox: four settings tell them apart."""

import threading
from urllib.parse import urlsplit

import pytest
import requests
from playwright.sync_api import expect

from portal import gocardless as door
from portal.status import Environment
from portal.worker import drain
from tests.browser import AXE, accessible, next_page
from tests.developers_world import sandbox_server  # noqa: F401 - a fixture
from tests.sandbox.conftest import Running

APP, SHOP = "Invoices", "Corner Shop"
MERCHANT = {
    "given_name": "Mia",
    "family_name": "Merchant",
    "organisation_name": SHOP,
    "country_code": "GB",
    "password": "long enough",
}
VERIFICATION = {
    "company_number": "07495895",
    "description": "Cheese",
    "address_line1": "1 Street",
    "city": "London",
    "postal_code": "E1 1AA",
}


@pytest.fixture(scope="module")
def another_sandbox(tmp_path_factory):
    """A second instance, on another port and with a world of its own: as far as the portal knows, GoCardless's."""
    made = Running(tmp_path_factory.mktemp("another-sandbox"))
    yield made
    made.close()


@pytest.fixture(params=[Environment.EMBEDDED, Environment.GOCARDLESS], ids=["embedded", "four settings"])
def place(request, app, live, sandbox_server, another_sandbox):  # noqa: F811 - the fixture
    """The portal with its addresses in place; the environment of this test, the sandbox that stands for it, and the other one."""
    before = app.settings
    app.settings = before.model_copy(
        update={
            "public_url": live,
            "outgoing_loopback": True,
            "embedded_connect_url": sandbox_server.url,
            "embedded_api_url": sandbox_server.url,
            "gocardless_connect_url": another_sandbox.url,
            "gocardless_api_url": another_sandbox.url,
        }
    )
    door.configure(app.settings)
    both = sandbox_server, another_sandbox
    yield request.param, *(both if request.param is Environment.EMBEDDED else reversed(both))
    app.settings = before
    door.configure(before)


@pytest.fixture
def _worker(app):
    """The worker's own loop beside the server, as in production another process has it."""
    over = threading.Event()

    def work():
        while not over.wait(0.05):
            drain(app)

    thread = threading.Thread(target=work)
    thread.start()
    yield
    over.set()
    thread.join()


@pytest.mark.timeout(240)
@pytest.mark.usefixtures("_worker")
def test_from_the_app_to_the_merchant_who_leaves(place, visit):
    environment, sandbox, other = place
    alice = visit("alice")
    client_id = register(alice, environment, sandbox)
    connect(alice)
    verify(alice, sandbox)
    log = open_log(alice)
    collect(alice)
    fail(alice, log)
    leave(alice, log, sandbox)
    assert {"/oauth/access_token", "/creditors", "/payments"} <= asked(sandbox, client_id)
    assert not asked(other, client_id)


def asked(sandbox, client_id):
    """The paths that a sandbox saw this app call."""
    seen = requests.get(f"{sandbox.url}/_sandbox/requests?client_id={client_id}", timeout=10).json()["requests"]
    return {one["path"] for one in seen}


def look(page):
    if AXE.exists():
        accessible(page)


def press(page, name):
    with next_page(page):
        page.get_by_role("button", name=name, exact=True).first.click()


def follow(page, name):
    with next_page(page):
        page.get_by_role("link", name=name, exact=True).first.click()


def fill(page, values):
    for name, value in values.items():
        field = page.locator(f"#{name}")
        field.select_option(value) if field.evaluate("e => e.tagName") == "SELECT" else field.fill(value)


def register(page, environment, sandbox):
    """In the embedded sandbox the portal does it; at GoCardless a person does, and pastes what they got. Answers the client id."""
    page.goto("/developers/apps")
    follow(page, "Register an app")
    page.locator(f"[name=environment][value={environment.value}]").check()
    page.locator("#name").fill(APP)
    page.locator("#terms").check()
    look(page)
    press(page, "Register the app")
    if environment is Environment.GOCARDLESS:
        paste(page, sandbox)
    else:
        look(page)
        follow(page, "I have copied them")
    page.locator("h1", has_text=APP).wait_for()
    look(page)
    return page.locator("#client-id").inner_text()


def paste(page, sandbox):
    wanted = {name: page.locator(f"#enter-{name}").inner_text() for name in ("name", "redirect-1", "webhook")}
    sent = {"name": wanted["name"], "redirect_uris": [wanted["redirect-1"]], "webhook_url": wanted["webhook"]}
    made = requests.post(f"{sandbox.url}/_sandbox/apps", json=sent, timeout=10).json()
    fill(page, {name: made[name] for name in ("client_id", "client_secret", "webhook_secret")})
    press(page, "Keep the credentials")


def connect(page):
    """As the merchant: sign up at the sandbox and allow it. Back here every step is made without anybody doing anything."""
    page.goto("/developers/connect")
    look(page)
    press(page, "Connect with GoCardless")
    fill(page, {**MERCHANT, "email": f"mia.{urlsplit(page.url).port}@example.com"})
    press(page, "Sign up")
    press(page, "Allow access")
    passed(page)
    look(page)
    assert SHOP in page.locator("main").inner_text()


def passed(page):
    page.locator(".p-run-state", has_text="Passed").wait_for()


def verify(page, sandbox):
    """The merchant gives the details that are missing, and the portal reads that this was enough."""
    run = page.url
    page.locator("main", has_text="Action required").wait_for()
    link = page.get_by_role("link", name="Verification page").get_attribute("href")
    assert link == f"{sandbox.url}/verify"
    page.goto(link)
    fill(page, VERIFICATION)
    press(page, "Send these details")
    press(page, "Approve the details")
    page.goto(run)
    press(page, "Read the verification status")
    page.locator("aside", has_text="Verified").wait_for()
    passed(page)


def open_log(page):
    """The log in a tab of its own, where it stays open."""
    log = page.context.new_page()
    log.goto("/developers/webhooks")
    log.get_by_role("row").nth(1).wait_for()
    look(log)
    return log


def collect(page):
    """A payer who sets up a Direct Debit on the hosted pages."""
    page.goto("/developers/payments")
    page.locator("[name=ask][value=mandate]").check()
    page.locator("#amount").fill("12.50")
    look(page)
    press(page, "Start the run")
    follow(page, "Open the payer's pages")
    while urlsplit(page.url).path.startswith("/billing/"):
        at_the_hosted_pages(page)
    page.get_by_role("button", name="Mandate activated").wait_for()
    look(page)


def at_the_hosted_pages(page):
    """One page: what is not filled in yet, and the button."""
    for name, value in {"branch_code": "200000", "account_number": "55779911"}.items():
        if page.locator(f"#{name}").count():
            page.locator(f"#{name}").fill(value)
    press(page, "Confirm" if page.get_by_role("button", name="Confirm", exact=True).count() else "Continue")


def fail(page, log):
    """The bank refuses the payment, and the webhook that says so comes up in the log that stands open."""
    press(page, "Mandate activated")
    page.get_by_role("button", name="Payment failed", exact=True).wait_for()
    press(page, "Payment failed")
    page.locator("main", has_text="Payment: failed").wait_for()
    told = log.locator("#log tr", has_text="payments submitted").first
    expect(told).to_contain_text("Signature valid", timeout=15_000)
    told.get_by_role("link").click()
    expect(log.locator("main")).to_contain_text("payments failed")
    look(log)


def leave(page, log, sandbox):
    """The merchant disconnects at the sandbox: the log shows it, and the connection has ended, saying why."""
    page.goto(f"{sandbox.url}/account/apps")
    press(page, f"Disconnect {APP}")
    log.locator("#log tr", has_text="disconnected").first.wait_for()
    page.goto("/developers/connect")
    follow(page, "Connected merchants")
    follow(page, SHOP)
    page.locator("main", has_text="This connection has ended").wait_for()
    look(page)

"""Answers that carry proof, in a browser: checks of the example, proof on a question, a fault, the contradiction, and how it is mended."""

import threading

import pytest
from playwright.sync_api import expect

from portal.extensions import db
from portal.models.partner_app import PartnerApp
from portal.status import Environment
from portal.transaction import writing
from portal.worker import drain
from tests.browser import AXE, accessible, next_page
from tests.build.acts import say
from tests.developers_world import gocardless, sandbox_server, sandbox_settings  # noqa: F401 - fixtures
from tests.exam.conftest import quick, serving  # noqa: F401 - fixtures
from tests.examples.serving import TEST_KEY
from tests.zoo import endpoint  # noqa: F401 - it enters its mutants
from tests.zoo.planting import MUTANTS

QUESTION, SECTION = "duplicates", "webhooks"
FAULTY = "The same webhook twice acts once"
LONG = 120_000


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


@pytest.fixture
def _answered(app, world, serving):  # noqa: F811 - the fixture
    """Acme's app is the example's, and Alice has said that events which come twice are left alone."""
    known = serving.settings
    with app.app_context(), writing():
        db.session.add(
            PartnerApp(
                partner_id=world.partners["acme"], environment=Environment.EMBEDDED, name="Example", client_id=known.client_id,
                client_secret=known.client_secret, webhook_secret=known.webhook_secret, webhook_url=known.webhook_url,
                redirect_uris=[known.redirect_uri],
            )
        )  # fmt: skip
        say(world.integration("acme"), QUESTION, "yes", by=world.user("alice"))


@pytest.mark.timeout(300)
@pytest.mark.usefixtures("quick", "_answered", "_worker")
def test_from_the_first_check_to_the_mended_fault(app, serving, visit, monkeypatch):  # noqa: F811 - the fixture
    alice = visit("alice")
    alice.goto(serving.url)
    look(alice)
    declare(alice, serving)
    press(alice, "Run all")
    assert "failed" not in over(alice)
    look(alice)
    expect(question(alice)).to_contain_text("Proven by a run today")
    look(alice)
    with monkeypatch.context() as patch:
        MUTANTS["acts_twice"].plant(patch)
        run_the_family(alice)
        expect(alice.locator(".p-steps > li", has_text=FAULTY).first).to_contain_text("Failed")
        faulty = alice.url
    contradicted(alice)
    alice.goto(faulty)
    press(alice, "The failed ones (1)")
    over(alice)
    compare_with(alice, faulty)
    expect(alice.get_by_role("row", name=FAULTY).first).to_contain_text("Fixed")
    look(alice)
    expect(question(alice)).not_to_contain_text("A check saw something else")


def look(page):
    if AXE.exists():
        accessible(page)


def press(page, name):
    with next_page(page):
        page.get_by_role("button", name=name, exact=True).first.click()


def declare(page, example):
    """The addresses of the example's side, typed as a developer does."""
    page.goto("/developers/checks")
    with next_page(page):
        page.locator("a[href*='/developers/checks/settings/']").first.click()
    page.locator("#connect_url").fill(f"{example.url}/connect")
    page.locator("#login_url").fill(f"{example.url}/connect/existing-account")
    page.locator("#action_url").fill(f"{example.url}/test-hook")
    page.locator("#header_name").fill("X-Test-Key")
    page.locator("#header_value").fill(TEST_KEY)
    press(page, "Save the test settings")


def over(page):
    """Wait, while the page keeps itself up to date, until all has been checked; what it says then."""
    page.locator("[data-over=yes]").wait_for(state="attached", timeout=LONG)
    return page.locator(".p-run-state").inner_text()


def run_the_family(page):
    page.goto("/developers/checks")
    with next_page(page):
        page.locator("button[name=family][value=endpoint]").click()
    over(page)


def question(page):
    page.goto(f"/build/{SECTION}")
    return page.locator(f"#q-{QUESTION}")


def contradicted(page):
    """Both facts stand side by side, on the question and before anything is sent."""
    card = question(page)
    expect(card).to_contain_text("A check saw something else")
    expect(card).to_contain_text("acted on again")
    look(page)
    page.goto("/build/summary")
    expect(page.locator("#against")).to_contain_text("A check contradicts 1 answer")
    look(page)


def compare_with(page, before):
    page.locator("#right").select_option(before.rpartition("/")[2])
    press(page, "Show what changed")

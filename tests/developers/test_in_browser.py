"""The pages of the area in a browser: accessible in both schemes, and no wider than a phone, staff's view included."""

import pytest

from portal.status import RunKind, RunStatus, Signature
from portal.transaction import writing
from tests.browser import accessible
from tests.developers.rows import app_of, connection_of, delivery_of, run_of

PHONE = {"width": 390, "height": 844}
PAGES = ("/developers", "/developers/code", "/build/oauth", "/build/webhooks")


@pytest.fixture
def lived_in(app, world):
    """Acme has done most of it, and something failed."""
    with app.app_context(), writing():
        own = app_of(world.partners["acme"], name="Billing for gyms and clubs", redirect_uris=["https://app.example.com/back"])
        connection_of(own, verification_status="action_required")
        run_of(own, status=RunStatus.FAILED, words="The state that came back is not the one that was sent.")
        run_of(own, RunKind.BILLING_REQUEST)
        for _ in range(5):
            delivery_of(own)
        delivery_of(own, Signature.INVALID, summary={})


@pytest.mark.usefixtures("lived_in")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_are_accessible_and_fit_a_phone(visit, scheme):
    page = visit("alice", color_scheme=scheme, viewport=PHONE)
    for path in PAGES:
        page.goto(path)
        accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{path} scrolls sideways"


def test_before_anything_is_there(visit):
    page = visit("alice", viewport=PHONE)
    for path in PAGES:
        page.goto(path)
        accessible(page)


@pytest.mark.usefixtures("lived_in")
def test_the_strip_of_pages_begins_at_the_current_one_without_a_script(visit):
    page = visit("alice", viewport=PHONE, java_script_enabled=False)
    page.goto("/developers/code")
    strip, here = page.locator(".p-subnav .p-tabs").bounding_box(), page.locator(".p-subnav [aria-current]").bounding_box()
    assert page.locator(".p-subnav [aria-current]").inner_text() == "Code"
    assert strip["x"] <= here["x"] + 1
    assert here["x"] + here["width"] <= strip["x"] + strip["width"] + 1

"""A section answered without a mouse, from the sign-in to the mark."""

from playwright.sync_api import expect

from portal.catalog import certification
from portal.extensions import db
from portal.models.integration import Section
from portal.status import SectionStatus
from portal.transaction import writing
from tests.browser import AXE, accessible
from tests.build import acts
from tests.world import PASSWORD

KEY, MISSING = "app-setup", "app_profile_complete"


def tab_to(page, selector, *, most=400):
    """Press Tab until this has the focus, as somebody would who cannot point."""
    for _ in range(most):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the Tab key never reaches {selector}")


def test_signing_in_and_completing_a_section_by_keyboard(app, world, page):
    with app.app_context(), writing():
        integration, alice = world.integration("acme"), world.user("alice")
        acts.fill(integration, KEY, by=alice)
        acts.say(integration, MISSING, None, by=alice)
    page.goto(f"/build/{KEY}")
    tab_to(page, "input[name=email]")
    page.keyboard.type("alice")
    tab_to(page, "#password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url.endswith(f"/build/{KEY}") and "sign-in" not in url)
    tab_to(page, "form#answers button.btn-primary")
    page.keyboard.press("Enter")
    page.get_by_text("There is a problem").wait_for()
    if AXE.exists():
        accessible(page)
    tab_to(page, f"a[href='#answer-{MISSING}']")
    page.keyboard.press("Enter")
    expect(page.locator(f"#answer-{MISSING}")).to_be_focused()
    page.keyboard.press("Space")
    tab_to(page, "form#answers button.btn-primary")
    page.keyboard.press("Enter")
    page.get_by_text("is marked complete").wait_for()
    with app.app_context():
        row = db.session.query(Section).filter_by(integration_id=world.integrations["acme"], key=KEY).one()
        assert row.status is SectionStatus.COMPLETE


def test_the_first_tab_leads_past_the_navigation(world, visit):
    page = visit("alice")
    page.goto("/build/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_the_question_is_the_one_that_the_test_takes_away():
    assert MISSING in {question.key for question in certification().section(KEY).questions}

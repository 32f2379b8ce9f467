"""Signing in as a person does it, in a real browser."""

from tests.browser import at
from tests.world import PASSWORD


def test_signing_in_and_out(world, page):
    page.goto("/security")
    page.get_by_label("E-mail address or username").fill("alice")
    page.locator("#password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    at(page, "/security")
    assert page.locator("h1").inner_text() == "Security"
    page.locator("details[data-menu] summary").last.click()
    page.get_by_role("button", name="Sign out", exact=True).click()
    at(page, "/sign-in")


def test_a_visitor_without_scripts(world, fresh):
    page = fresh(java_script_enabled=False)
    page.goto("/sign-in")
    page.get_by_label("E-mail address or username").fill("alice")
    page.locator("#password").fill("wrong")
    page.get_by_role("button", name="Sign in", exact=True).click()
    assert "This does not match any account." in page.get_by_role("alert").inner_text()


def test_a_signed_in_profile(visit):
    page = visit("alice")
    page.goto("/security")
    assert page.locator("h1").inner_text() == "Security"

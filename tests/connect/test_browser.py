"""The connect test in a real Chromium: away to another origin and back, live steps, no JavaScript, axe."""

import os
import re
from pathlib import Path

import pytest

from portal.worker import drain
from tests.browser import accessible
from tests.connect.play import connect

PICTURES = os.environ.get("CONNECT_PICTURES")
SIZES = {"phone": (390, 844), "wide": (1440, 900)}


def picture(page, name):
    """For looking at: only where somebody asks for pictures."""
    for scheme in ("light", "dark") if PICTURES else ():
        for size, (width, height) in SIZES.items():
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size({"width": width, "height": height})
            page.screenshot(path=Path(PICTURES) / f"{name}-{size}-{scheme}.png", full_page=True)
    if PICTURES:
        page.emulate_media(color_scheme="light")
        page.set_viewport_size({"width": 1280, "height": 800})


@pytest.fixture
def app_row(gocardless, live):
    return gocardless.app(address=live)


def sign_up(page, email):
    for label, value in {
        "First name": "Mia", "Last name": "Merchant", "Business name": "Corner Shop", "Email address": email, "Password": "long enough",
    }.items():  # fmt: skip
        page.get_by_label(label, exact=False).first.fill(value)
    page.get_by_label("Country").select_option("GB")
    page.locator("main form button[type=submit], form[action*='sign-up'] button").first.click()


def to_gocardless(page, gocardless, email):
    page.goto("/developers/connect")
    accessible(page)
    picture(page, "start")
    page.get_by_role("button", name="Connect with GoCardless").click()
    page.wait_for_url(re.compile(re.escape(gocardless.url)))
    sign_up(page, email)
    page.locator("button[value=allow]").wait_for()


def test_away_and_back_and_live(gocardless, visit, app_row):
    page = visit("alice")
    to_gocardless(page, gocardless, "browser1@example.com")
    page.locator("button[value=allow]").click()
    page.wait_for_url(re.compile("/developers/runs/"))
    assert page.locator("[data-refresh]").count() == 0, "a script asks by itself"
    page.locator("summary").nth(1).click()
    opened = page.locator("details[open]")
    assert opened.count() == 1
    picture(page, "running")
    accessible(page)
    drain(gocardless.portal)
    page.get_by_text("Corner Shop is connected.").wait_for()
    assert opened.count() == 1, "what was opened stays open"
    accessible(page)
    for summary in page.locator("main summary").all()[2:4]:
        summary.click()
    picture(page, "passed")
    page.get_by_role("button", name="Revoke the token").click()
    page.wait_for_load_state()
    drain(gocardless.portal)
    page.get_by_text("Corner Shop is disconnected.").wait_for()
    assert page.get_by_text("HTTP 401").count() >= 1
    picture(page, "revoked")


def test_denied_and_the_pages_around(gocardless, visit, app_row):
    page = visit("alice")
    to_gocardless(page, gocardless, "browser2@example.com")
    page.locator("button[value=deny]").click()
    page.wait_for_url(re.compile("/developers/runs/"))
    page.get_by_text("did not allow the connection").first.wait_for()
    accessible(page)
    picture(page, "denied")
    page.get_by_role("button", name="Run again with the same settings").click()
    page.wait_for_url(re.compile(r"/developers/connect\?"))


def test_lists_and_comparison(gocardless, visit, world):
    """Runs made by another client of hers; how the pages look with them."""
    client, app_row = world.client("alice"), gocardless.app()
    left = connect(client, gocardless, app_row)
    right = connect(client, gocardless, app_row, mistake="redirect")
    connect(client, gocardless, app_row, "deny")
    page = visit("alice")
    for name, path in {
        "runs": "/developers/runs", "compare": f"/developers/runs/compare?left={left}&right={right}",
        "connections": "/developers/connections", "failed": f"/developers/runs/{right}",
    }.items():  # fmt: skip
        page.goto(path)
        accessible(page)
        picture(page, name)
    page.goto("/developers/connections")
    page.get_by_role("link", name="Corner Shop").first.click()
    page.wait_for_url(re.compile("/developers/connections/.+"))
    accessible(page)
    picture(page, "connection")


def test_without_a_script(gocardless, visit, app_row):
    page = visit("alice", java_script_enabled=False)
    page.goto("/developers/connect")
    page.get_by_role("button", name="Show the link").click()
    page.get_by_role("button", name="Connect with GoCardless").click()
    page.wait_for_url(re.compile(re.escape(gocardless.url)))
    sign_up(page, "browser3@example.com")
    page.locator("button[value=allow]").click()
    page.wait_for_url(re.compile("/developers/runs/"))
    drain(gocardless.portal)
    page.get_by_role("link", name="Refresh").click()
    page.get_by_text("Corner Shop is connected.").wait_for()

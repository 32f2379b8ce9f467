"""Every page of this room under axe, in both schemes, and on a phone without sideways scrolling."""

import pytest
from playwright.sync_api import expect

from tests.browser import accessible

PHONE = {"width": 390, "height": 844}
OPEN = ["/sign-in", "/sign-in/forgotten-password", "/sign-in/forgotten-username", "/sign-in/passkey", "/sign-in?next=/team"]
ALICE = [
    "/security",
    "/security/password",
    "/security/authenticator-app",
    "/security/passkeys",
    "/security/recovery-codes",
    "/settings",
    "/sign-in/again",
    "/sign-in/again/passkey",
    "/team",
    "/team/invite",
]
ADA = ["/staff/people", "/staff/people/invite", "/security/second-step"]


def examine(page, paths):
    for path in paths:
        page.goto(path)
        accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{path} scrolls sideways"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_for_everybody(world, fresh, scheme):
    examine(fresh(color_scheme=scheme, viewport=PHONE), OPEN)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_of_a_person(alice, visit, scheme):
    alice.post("/team/invite", data={"name": "Dana Example", "email": "dana@example.com", "role": "member"})
    examine(visit("alice", color_scheme=scheme, viewport=PHONE), ALICE)
    examine(visit("ada", color_scheme=scheme), ADA)


def test_an_invitation_with_everything_wrong(alice, mails, fresh):
    alice.post("/team/invite", data={"name": "Dana Example", "email": "dana@example.com", "role": "member"})
    page = fresh(viewport=PHONE)
    page.goto(mails()[0]["link"])
    page.get_by_role("button", name="Create your account").click()
    page.get_by_text("There is a problem").wait_for()
    accessible(page)
    page.get_by_role("link", name="Use at least 12 characters").click()
    expect(page.locator("#password")).to_be_focused()

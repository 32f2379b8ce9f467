"""From certified to found: a partner launches, a partner manager publishes, and somebody who has no account finds it."""

import pytest

from portal.transaction import writing
from portal.worker.delivery import drain
from tests.browser import next_page
from tests.journeys.walker import Walker
from tests.launch import acts
from tests.launch.test_docx import docx


@pytest.mark.timeout(180)
@pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without scripts"])
def test_from_certified_to_found(app, world, fresh, visit, script):
    with app.app_context(), writing():
        acts.certify(world, "acme")
    walk, alice = Walker(app, fresh, script=script), visit("alice", java_script_enabled=script)
    prepare(walk, alice)
    publish(walk, visit("pam", java_script_enabled=script))
    alice.goto("/")
    alice.get_by_text("Grow is open").first.wait_for()
    walk.look(alice)
    found(walk, walk.browser())


def prepare(walk, alice):
    alice.goto("/")
    with next_page(alice):
        alice.get_by_role("link", name="Go to Launch").click()
    walk.look(alice)
    _logo(walk, alice)
    _listing(walk, alice)
    _documents(walk, alice)
    alice.goto("/launch")
    walk.press(alice, "Send it to be published")
    alice.get_by_text("A partner manager looks at what you sent").wait_for()
    walk.look(alice)


def _logo(walk, alice):
    alice.goto("/launch/logo")
    bad = {"name": "logo.svg", "mimeType": "image/svg+xml", "buffer": acts.SVG.format("<script>x</script>").encode()}
    alice.locator("#logo").set_input_files(bad)
    walk.press(alice, "Upload the logo")
    alice.get_by_text("This SVG holds a script").first.wait_for()
    walk.look(alice)
    alice.locator("#logo").set_input_files({**bad, "buffer": acts.CIRCLE})
    walk.press(alice, "Upload the logo")
    alice.get_by_text("How visitors see it").wait_for()
    walk.look(alice)


def _listing(walk, alice):
    alice.goto("/launch/listing")
    alice.locator("#summary").fill("")
    walk.press(alice, "Save and check")
    alice.get_by_text("There is a problem").wait_for()
    walk.look(alice)
    for name in ("summary", "landing_url", "start_url", "support_contact"):
        alice.locator(f"#{name}").fill(acts.GOOD[name])
    walk.press(alice, "Save and check")
    alice.wait_for_url("**/launch")


def _documents(walk, alice):
    alice.goto("/launch/documents")
    for title in ("Online help", "Manual"):
        alice.locator("#title").fill(title)
        alice.locator("[name=languages][value=en]").check()
        if title == "Manual":
            alice.locator("#file").set_input_files({"name": "Manual.docx", "mimeType": "application/zip", "buffer": docx()})
        else:
            alice.locator("#url").fill("https://acme.example.com/help")
        walk.press(alice, "Add")
        alice.get_by_role("rowheader", name=title).wait_for()
    drain(walk.app)
    walk.look(alice)


def publish(walk, pam):
    pam.goto("/staff/listings")
    walk.look(pam)
    with next_page(pam):
        pam.get_by_role("link", name="Acme Billing").click()
    walk.look(pam)
    walk.press(pam, "Publish the listing")
    pam.get_by_text("is in the directory now").wait_for()
    walk.look(pam)


def found(walk, nobody):
    nobody.goto("/directory")
    nobody.locator("#q").fill("invoices “direct debit”")
    with next_page(nobody):
        walk.press(nobody, "Search")
    walk.look(nobody)
    with next_page(nobody):
        nobody.get_by_role("link", name="Acme Billing").click()
    walk.look(nobody)
    assert nobody.get_by_role("link", name="Get started").get_attribute("href") == acts.GOOD["start_url"]
    with next_page(nobody):
        nobody.get_by_role("link", name="See the certificate").click()
    nobody.get_by_text("What was checked").wait_for()
    walk.look(nobody)

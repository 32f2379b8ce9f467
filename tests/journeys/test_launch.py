"""From certified to sold: a partner launches, a partner manager publishes, a visitor finds it, Grow opens, sales work a lead."""

import pytest

from portal.transaction import writing
from portal.worker.delivery import drain
from tests.browser import next_page
from tests.journeys.walker import Walker
from tests.launch import acts
from tests.launch.test_docx import docx


@pytest.mark.timeout(240)
@pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without scripts"])
def test_from_certified_to_sold(app, world, fresh, visit, script):
    with app.app_context(), writing():
        acts.certify(world, "acme")
    walk, alice = Walker(app, fresh, script=script), visit("alice", java_script_enabled=script)
    prepare(walk, alice)
    publish(walk, visit("pam", java_script_enabled=script))
    alice.goto("/")
    alice.get_by_text("Grow is open").first.wait_for()
    walk.look(alice)
    found(walk, walk.browser())
    inform(walk, visit("pam", java_script_enabled=script))
    learn(walk, alice)
    bring(walk, alice)
    sell(walk, visit("sam", java_script_enabled=script))
    hear(walk, alice)


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


BAD, TEXT = "Say <b>this</b>, see [more](javascript:alert(1))", "# What to say\n\nMoney that arrives **by itself**."


def inform(walk, pam):
    """A partner manager writes an update for partners with Bacs, is told what is wrong, and publishes it."""
    pam.goto("/staff/content/new")
    walk.look(pam)
    pam.get_by_label("Product update").check()
    walk.press(pam, "Begin")
    pam.locator("#title").fill("Tell your merchants")
    pam.locator("#summary").fill("Three sentences for your next newsletter.")
    pam.locator("#body").fill(BAD)
    if not walk.script:
        walk.press(pam, "Preview")
    pam.locator("#preview").get_by_text("HTML is not taken").wait_for()
    walk.look(pam)
    pam.locator("#body").fill(TEXT)
    pam.locator("#action_by").fill("2099-01-31")
    pam.locator("summary", has_text="Schemes").click()
    pam.locator("[name=schemes][value=bacs]").check()
    with next_page(pam):
        walk.press(pam, "Save")
    with next_page(pam):
        walk.press(pam, "Publish version 2")
    pam.get_by_text("Version 2 is published").wait_for()
    walk.look(pam)


def learn(walk, alice):
    """The partner finds it by a word, reads it and does what it asks for."""
    alice.goto("/grow")
    alice.get_by_text("Needs your action").wait_for()
    walk.look(alice)
    alice.goto("/grow/content?kind=update")
    alice.locator("#q").fill('"arrives" OR')
    walk.look(alice)
    alice.goto("/grow/content?q=arrives")
    with next_page(alice):
        alice.get_by_role("link", name="Tell your merchants").click()
    alice.get_by_role("heading", name="What to say").wait_for()
    walk.look(alice)
    with next_page(alice):
        walk.press(alice, "Mark as done")
    alice.get_by_text("Alice Example marked it as done").wait_for()


LEAD = {
    "last_name": "Baker",
    "email": "jo@bakery.example.com",
    "company": "Baker's Bread Ltd",
    "payments": "1200",
    "average": "25",
}
CHOSEN = {"country": "GB", "industry": "retail", "has_account": "no", "currency": "GBP"}


def bring(walk, alice):
    alice.goto("/grow")
    with next_page(alice):
        alice.locator("main").get_by_role("link", name="My Sales", exact=True).last.click()
    alice.goto("/grow/leads/new")
    for name, words in {**LEAD, "description": "Bread, delivered every morning."}.items():
        alice.locator(f"#{name}").fill(words)
    for name, code in CHOSEN.items():
        alice.locator(f"#{name}").select_option(code)
    alice.locator("#consent").select_option("y")
    alice.locator("[name=schemes][value=bacs]").check()
    with next_page(alice):
        walk.press(alice, "Send to sales")
    alice.get_by_text("The lead is with our sales team").wait_for()
    walk.look(alice)


def sell(walk, sam):
    sam.goto("/staff/leads")
    walk.look(sam)
    with next_page(sam):
        sam.get_by_role("link", name="Baker's Bread Ltd").first.click()
    walk.look(sam)
    sam.locator("#to").select_option("accepted")
    sam.locator("#text").fill("Thank you, I call them on Monday.")
    with next_page(sam):
        sam.locator("form[action$='/move'] button[type=submit]").click()
    sam.get_by_text("Moved; the partner is told").wait_for()


def hear(walk, alice):
    alice.goto("/grow/leads")
    with next_page(alice):
        alice.get_by_role("link", name="Baker's Bread Ltd").first.click()
    alice.get_by_text("Thank you, I call them on Monday.").wait_for()
    walk.look(alice)

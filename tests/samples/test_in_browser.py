"""One language at a time, remembered; copied with a button; all of them where there is no script."""

from tests.samples.test_page import PAGE


def shown(page):
    return page.locator("[data-language]:visible").evaluate_all("all => all.map(one => one.id)")


def test_the_language_is_remembered(visit):
    page = visit("alice")
    page.goto(PAGE)
    assert shown(page) == ["python"]
    page.get_by_role("link", name="Ruby", exact=True).click()
    assert shown(page) == ["ruby"]
    page.goto(PAGE)
    assert shown(page) == ["ruby"]
    assert page.get_by_role("link", name="Ruby", exact=True).get_attribute("aria-current") == "true"
    page.goto("about:blank")
    page.goto(f"{PAGE}#node-webhook")
    assert shown(page) == ["node"]


def test_a_file_is_copied(visit):
    page = visit("alice", permissions=["clipboard-read", "clipboard-write"])
    page.goto(PAGE)
    page.locator("[data-copy=python-link]").click()
    page.get_by_text("Copied").first.wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("#python-link").text_content()


def test_without_a_script_all_are_shown(visit):
    page = visit("alice", java_script_enabled=False)
    page.goto(PAGE)
    assert len(shown(page)) == 6

"""The section page in a real browser: it saves by itself, hides early, leads to what is missing; and works without a script."""

import pytest
from playwright.sync_api import expect

from portal.extensions import db
from portal.models.integration import Section
from tests.browser import next_page
from tests.build.acts import stored

PAGE = "/build/app-setup"


@pytest.fixture
def of_acme(app, world):
    def read(what):
        with app.app_context():
            found = what(world.integration("acme"))
            db.session.rollback()
            return found

    return read


def typed(of_acme, key):
    return of_acme(lambda acme: stored(acme, key))


def test_it_saves_by_itself_and_goes_on_with_the_new_version(visit, of_acme):
    page = visit("alice")
    page.goto(PAGE)
    for text in ("Acme", "Acme Billing"):
        page.fill("#answer-app_public_name", text)
        with page.expect_response(lambda answer: answer.request.method == "POST") as saved:
            page.locator("#answer-app_public_name").blur()
        assert saved.value.status == 200
        expect(page.locator("#save-status")).to_contain_text("Saved")
    assert typed(of_acme, "app_public_name").value == "Acme Billing"
    assert page.input_value("#version-app_public_name") == typed(of_acme, "app_public_name").token


def test_what_somebody_else_saved_is_not_overwritten(visit, of_acme):
    first, second = visit("alice"), visit("bob")
    for page in (first, second):
        page.goto(PAGE)
    first.fill("#answer-app_public_name", "From Alice")
    with next_page(first):
        first.get_by_role("button", name="Save", exact=True).click()
    expect(first.locator("#answer-app_public_name")).to_have_value("From Alice")
    second.fill("#answer-app_public_name", "From Bob")
    expect(second.locator("#remark-app_public_name")).to_contain_text("Nothing was overwritten")
    second.get_by_role("button", name="Save", exact=True).click()
    expect(second.get_by_role("heading", level=1)).to_have_text("Two different answers")
    second.get_by_label("Replace it with mine").check()
    with next_page(second):
        second.get_by_role("button", name="Save what I chose").click()
    expect(second.locator("#answer-app_public_name")).to_have_value("From Bob")
    assert typed(of_acme, "app_public_name").value == "From Bob"


def test_a_question_appears_as_soon_as_its_condition_holds(visit):
    page = visit("alice")
    page.goto(PAGE)
    expect(page.locator("#q-account_verified")).to_be_hidden()
    page.check("input[name=answer-monetisation][value=app_fees]")
    expect(page.locator("#q-account_verified")).to_be_visible()
    page.check("input[name=answer-monetisation][value=neither]")
    expect(page.locator("#q-account_verified")).to_be_hidden()


def test_the_summary_of_errors_takes_the_focus_and_its_links_give_it_on(visit):
    page = visit("alice")
    page.goto(PAGE)
    page.get_by_role("button", name="Mark complete").click()
    expect(page.locator(".p-summary")).to_be_focused()
    page.locator(".p-summary a[href='#answer-redirect_urls_live']").click()
    expect(page.locator("#answer-redirect_urls_live")).to_be_focused()
    page.locator(".p-summary a[href='#answer-app_profile_complete']").click()
    expect(page.locator("input[name=answer-app_profile_complete]").first).to_be_focused()


def test_a_new_message_appears_without_a_reload(visit, bob):
    page = visit("alice")
    page.goto(PAGE)
    bob.post(PAGE + "/feed", data={"text": "Are you there?"})
    expect(page.locator(".p-feed")).to_contain_text("Are you there?", timeout=20_000)


def test_everything_works_without_a_script(visit, of_acme):
    page = visit("alice", java_script_enabled=False)
    page.goto(PAGE)
    page.fill("#answer-app_public_name", "Acme")
    page.check("input[name=answer-monetisation][value=app_fees]")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#q-account_verified")).to_be_visible()
    page.get_by_role("button", name="Mark complete").click()
    expect(page.locator(".p-summary")).to_be_visible()
    page.fill("#feed-message", "Nearly there")
    page.get_by_role("button", name="Post", exact=True).click()
    expect(page.locator(".p-feed")).to_contain_text("Nearly there")
    page.goto("/build/?show=needs-you")
    page.get_by_role("link", name="Partner app and account").click()
    expect(page.locator("#answer-app_public_name")).to_have_value("Acme")
    assert (
        of_acme(lambda acme: db.session.query(Section).filter_by(integration_id=acme.id, key="app-setup").one().answered) == 2
    )

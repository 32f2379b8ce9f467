"""The desk in a real browser: keys, composing in place, saved replies, presence; and the same without a script."""

import pytest
from playwright.sync_api import expect

from portal.extensions import db
from portal.models.people import User
from portal.models.review import Remark, Round, SavedReply
from portal.reviews import service
from portal.status import RemarkKind
from portal.transaction import writing
from tests.browser import accessible, next_page
from tests.reviews.sent import SIMPLE

QUESTION = SIMPLE["webhooks"]


@pytest.fixture
def place(app, world, sent):
    with app.app_context(), writing():
        db.session.add(SavedReply(title="Show it", text="Please show the check.", question_key=QUESTION))
    return f"/staff/reviews/{sent}/webhooks"


def remarks(app):
    with app.app_context():
        return [(remark.kind.value, remark.question_key, remark.text) for remark in db.session.query(Remark)]


def test_a_review_by_keys_alone(app, visit, place):
    page = visit("rita")
    page.goto(place)
    page.keyboard.press("j")
    page.keyboard.press("n")
    assert (
        page.evaluate("document.activeElement.closest('[data-stop]').querySelector('.p-question-number').textContent")
        == "Question 2"
    )
    page.locator(f"#q-{QUESTION}").evaluate("card => card.closest('[data-stop]').focus()")
    page.keyboard.press("b")
    text = page.locator(f"#text-{QUESTION}")
    text.wait_for()
    page.wait_for_function("id => document.activeElement.id === id", arg=f"text-{QUESTION}")
    page.keyboard.type("Show the comparison, please: nasb.")
    with next_page(page):
        page.get_by_role("button", name="Add the remark").last.click()
    assert remarks(app) == [("blocking", QUESTION, "Show the comparison, please: nasb.")]
    page.keyboard.press("s")
    page.locator(f"#kind-{QUESTION}-2").wait_for()


def test_the_section_is_approved_by_a_key_and_keys_can_be_turned_off(app, visit, place):
    page = visit("rita")
    page.goto(place)
    page.get_by_text("Keys", exact=True).click()
    switch = page.get_by_label("Use these keys")
    switch.uncheck()
    page.locator("h1").click()
    page.keyboard.press("a")
    assert page.get_by_role("button", name="Approve this section").is_visible()
    switch.check()
    page.locator("h1").click()
    page.keyboard.press("a")
    page.get_by_role("button", name="Take the approval back").wait_for()


@pytest.mark.parametrize("script", [True, False])
def test_a_saved_reply_is_inserted_and_the_remark_added(app, visit, place, script):
    page = visit("rita", java_script_enabled=script)
    page.goto(place)
    page.locator(f"#q-{QUESTION}").get_by_role("link", name="Ask for a correction").click()
    text = page.locator(f"#text-{QUESTION}")
    text.wait_for()
    text.fill("Hello.")
    page.get_by_label("Saved reply").select_option(label="Show it")
    page.get_by_role("button", name="Insert the reply").click()
    field = page.locator(f"#text-{QUESTION}")
    expect(field).to_have_value("Hello.\n\nPlease show the check.")
    with next_page(page):
        page.get_by_role("button", name="Add the remark").last.click()
    assert remarks(app) == [("blocking", QUESTION, "Hello.\n\nPlease show the check.")]


@pytest.mark.parametrize("script", [True, False])
def test_a_remark_is_left_unwritten(app, visit, place, script):
    page = visit("rita", java_script_enabled=script)
    page.goto(place)
    for _ in range(2):
        page.locator(f"#q-{QUESTION}").get_by_role("link", name="Suggest").click()
        page.locator(f"#text-{QUESTION}").wait_for()
        page.get_by_role("link", name="Leave without adding").click()
        page.locator(f"#text-{QUESTION}").wait_for(state="detached")
    assert remarks(app) == []


def test_colleagues_see_each_other_without_doing_anything(visit, place):
    rita, ruth = visit("rita"), visit("ruth")
    rita.goto(place)
    rita.wait_for_load_state("networkidle")
    ruth.goto(place)
    ruth.get_by_text("Rita Example").first.wait_for()
    expect(ruth.get_by_role("button", name="Show that I am looking")).to_be_hidden()


def test_without_a_script_a_button_says_that_one_is_looking(visit, place):
    page = visit("rita", java_script_enabled=False)
    page.goto(place)
    page.get_by_role("button", name="Show that I am looking").click()
    page.get_by_text("Your colleagues see for two minutes").wait_for()


def test_a_whole_round_without_a_script(app, visit, place):
    page = visit("rita", java_script_enabled=False)
    page.goto("/staff/queue")
    page.get_by_role("button", name="Take next").click()
    page.get_by_role("link", name="Approve all that have no remarks").click()
    with next_page(page):
        page.get_by_role("button", name="Approve 10 sections").click()
    page.get_by_role("button", name="Send the feedback").click()
    page.get_by_text("This round is answered.").wait_for()
    with app.app_context():
        assert db.session.query(Round).one().status == "closed"


@pytest.mark.parametrize("person", ["rita", "sam"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_that_axe_knows_is_wrong(app, visit, place, person, scheme):
    with app.app_context(), writing():
        review, ruth = db.session.query(Round).one(), db.session.query(User).filter_by(username="ruth").one()
        service.write_remark(review, "webhooks", by=ruth, kind=RemarkKind.BLOCKING, text="Show it.", question_key=QUESTION)
        service.approve_section(review, "oauth", by=ruth)
    page = visit(person, color_scheme=scheme)
    composing = f"{place}?about={QUESTION}&kind=blocking"
    paths = ["/staff/queue", place.rsplit("/", 1)[0], place, composing, f"{place}/feed?before=99999"]
    if person == "rita":
        paths += ["/staff/replies", place.rsplit("/", 1)[0] + "/approve-rest"]
    for path in paths:
        page.goto(path)
        accessible(page)

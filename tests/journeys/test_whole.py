"""From "register your interest" to a certified integration, as the people of both sides do it, with and without scripts."""

import pytest

from portal.catalog import certification
from tests.browser import next_page
from tests.journeys import walker
from tests.journeys.walker import COMPANY, Walker, path_of

FIRST, SECOND, PRAISED, NOTED = (
    ("oauth", "oauth_only"),
    ("webhooks", "signature_verified"),
    ("readiness", "idempotency"),
    "app-setup",
)
CORRECT = {FIRST: "Show the page after the consent too.", SECOND: "Show how the signature is compared."}
SUGGESTION, NOTE = "Consider longer keys.", "They are quick to answer; prefer calls."
CORRECTION = "Corrected: the new picture shows it."


@pytest.mark.timeout(600)
@pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without scripts"])
def test_a_partner_becomes_certified(app, world, fresh, script):
    walk = Walker(app, fresh, script=script)
    walker.register(walk)
    olive = walker.join(walk, walker.accept(walk))
    walker.complete_account(walk, olive)
    build(walk, olive)
    rita = walk.signed_in("rita")
    review(walk, rita)
    correct(walk, olive)
    for _ in CORRECT:
        approve_next(walk, rita)
    certified(walk, olive)


def build(walk, olive):
    """Ten sections, the summary, its confirmation: everything is submitted at once."""
    keys = [section.key for section in certification()]
    olive.goto("/build/")
    walk.look(olive)
    for key in keys:
        walker.complete_section(walk, olive, key)
    olive.wait_for_url("**/build/summary")
    walk.look(olive)
    walk.press(olive, "Confirm and send for review")
    olive.get_by_text("Your integration was sent for review.").wait_for()
    walk.look(olive)
    olive.goto(f"/build/{keys[0]}")
    olive.get_by_text("With the reviewers").first.wait_for()
    walk.look(olive)
    assert olive.locator("form#answers").count() == 0


def review(walk, rita):
    """Two corrections, a suggestion, a note for colleagues; the rest is approved and all of it is sent."""
    rita.goto("/staff/queue")
    walk.look(rita)
    walk.press(rita, "Take next")
    rita.wait_for_url("**/staff/reviews/*")
    walk.look(rita)
    place = rita.url
    for (section, question), words in CORRECT.items():
        walker.remark(walk, rita, f"{place}/{section}", question, "Ask for a correction", words)
    walker.remark(walk, rita, f"{place}/{PRAISED[0]}", PRAISED[1], "Suggest", SUGGESTION)
    with next_page(rita):
        walk.press(rita, "Approve this section")
    walker.remark(walk, rita, f"{place}/{NOTED}", "-", "Note for staff", NOTE)
    walk.look(rita)
    rita.goto(place)
    with next_page(rita):
        rita.get_by_role("link", name="Approve all that have no remarks").click()
    walk.look(rita)
    rita.get_by_role("button", name="Approve 7 sections").click()
    rita.wait_for_url(place)
    walk.press(rita, "Send the feedback")
    rita.get_by_text("Answered").first.wait_for()
    walk.look(rita)


def correct(walk, olive):
    """The digest leads straight to the two questions; nothing else can be changed; each goes back in its own way."""
    letter = walk.letter("8 sections approved, 2 need your attention")
    text = "".join(letter.text)
    assert all(words in text for words in (*CORRECT.values(), SUGGESTION))
    assert NOTE not in text
    links = [path_of(link) for link in letter.links]
    for section, question in CORRECT:
        assert f"/build/{section}#q-{question}" in links
    olive.goto(f"/build/{FIRST[0]}#q-{FIRST[1]}")
    olive.get_by_text(CORRECT[FIRST]).first.wait_for()
    walk.look(olive)
    assert NOTE not in olive.content()
    assert [field.get_attribute("id") for field in olive.locator("[id^='comment-']").all() if field.is_enabled()].count(
        f"comment-{FIRST[1]}"
    )
    assert (
        olive.locator("[name^='answer-']:not([type=hidden])").evaluate_all("found => new Set(found.map(one => one.name)).size")
        == 1
    )
    walker.comment(olive, FIRST[1], CORRECTION)
    walk.press(olive, "Send this section")
    olive.get_by_text("was sent for review").first.wait_for()
    walk.look(olive)
    olive.goto(f"/build/{SECOND[0]}#q-{SECOND[1]}")
    walker.comment(olive, SECOND[1], CORRECTION)
    walk.press(olive, "Mark as corrected, send later")
    olive.wait_for_url("**/build/")
    walk.press(olive, "Send all corrected sections")
    olive.get_by_text("All corrected sections were sent for review.").wait_for()


def approve_next(walk, rita):
    """The next of the corrected sections: old beside new, approved, sent."""
    rita.goto("/staff/queue")
    walk.press(rita, "Take next")
    rita.wait_for_url("**/staff/reviews/*")
    rita.locator("th[scope=row] a").first.click()
    rita.get_by_text(CORRECTION).first.wait_for()
    walk.look(rita)
    with next_page(rita):
        walk.press(rita, "Approve this section")
    walk.press(rita, "Send the feedback")
    rita.get_by_text("Answered").first.wait_for()


def certified(walk, olive):
    """Both sides have said all they had to say, each once and in order."""
    assert [letter.subject for letter in reversed(walk.letters())] == [
        "We have your registration",
        f"Your invitation to the Partner Portal: {COMPANY['company']}",
        "8 sections approved, 2 need your attention",
        "1 section approved",
        "1 section approved",
        "Your integration is certified",
    ]
    olive.goto("/")
    olive.get_by_text("Certified").first.wait_for()
    walk.look(olive)
    olive.goto("/build/")
    olive.get_by_text("Your integration is certified and live.").wait_for()
    walk.look(olive)

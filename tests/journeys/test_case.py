"""From a webhook that failed to the case that is resolved: a developer asks, a solutions engineer answers, both see the same."""

import pytest

from tests.browser import next_page
from tests.journeys.walker import Walker
from tests.webhooks.sending import event, hook, webhook  # noqa: F401 - a fixture

SUBJECT = "Signatures do not fit"
QUESTION = "Every webhook since this morning is refused. What do we do wrong?"
ANSWER = "You sign the parsed body. Take the raw bytes of the request."
THANKS = "That was it. Thank you."


@pytest.mark.timeout(180)
@pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without scripts"])
def test_from_a_webhook_to_a_resolved_case(app, hook, fresh, visit, script):  # noqa: F811 - the fixture
    hook.send(webhook(event()), header="0" * 64)
    key = hook.read()[-1].key
    walk = Walker(app, fresh, script=script)
    alice, rita = visit("alice", java_script_enabled=script), visit("rita", java_script_enabled=script)
    ask(walk, alice, key)
    answer(walk, rita)
    thank(walk, alice)
    resolve(walk, rita)
    alice.reload()
    alice.get_by_text("Resolved").first.wait_for()
    walk.look(alice)


def ask(walk, alice, key):
    """From the webhook's own page."""
    alice.goto(f"/developers/webhooks/{key}")
    _follow(alice, alice.get_by_role("link", name="Ask support about this webhook"))
    alice.get_by_label("Our integration").check()
    _send(walk, alice, "Continue")
    alice.get_by_text("is linked: whoever answers sees it").wait_for()
    alice.locator("#subject").fill(SUBJECT)
    alice.locator("#text").fill(QUESTION)
    walk.look(alice)
    _send(walk, alice, "Send the case")
    alice.get_by_role("heading", name=SUBJECT).wait_for()


def answer(walk, rita):
    """She sees the webhook, keeps a note that only staff read, and waits for the partner."""
    rita.goto("/staff/cases")
    walk.look(rita)
    _follow(rita, rita.get_by_role("link", name=SUBJECT))
    rita.get_by_text(QUESTION).wait_for()
    assert rita.locator("main a[href*='/webhooks/']").count()
    rita.get_by_text("Write an internal note").click()
    rita.locator("#note").fill("The third one this week.")
    _send(walk, rita, "Keep the note")
    rita.locator("#answer #text").fill(ANSWER)
    rita.get_by_label("Waiting on partner").check()
    _send(walk, rita, "Send the answer")
    rita.get_by_text("Waiting on partner").first.wait_for()
    walk.look(rita)


def thank(walk, alice):
    alice.reload()
    alice.get_by_text(ANSWER).wait_for()
    assert not alice.get_by_text("The third one this week.").count()
    alice.locator("#reply #text").fill(THANKS)
    _send(walk, alice, "Send")
    alice.get_by_text(THANKS).wait_for()
    walk.look(alice)


def resolve(walk, rita):
    rita.reload()
    rita.get_by_text(THANKS).wait_for()
    _send(walk, rita, "Resolve without an answer")
    rita.get_by_text("Resolved").first.wait_for()


def _follow(page, link):
    with next_page(page):
        link.first.click()


def _send(walk, page, button):
    with next_page(page):
        walk.press(page, button)

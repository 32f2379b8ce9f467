"""Two people in one section, and a session that ends while somebody types: nothing is overwritten, nothing is lost."""

import pytest
from sqlalchemy import update

from portal import clock
from portal.extensions import db
from portal.models.integration import Answer
from portal.models.people import UserSession
from portal.transaction import writing
from tests.browser import next_page
from tests.journeys.walker import Walker, comment
from tests.world import PASSWORD

PLACE, KEY = "/build/oauth", "oauth_only"


def stored(app):
    with app.app_context():
        return db.session.query(Answer.comment).filter_by(question_key=KEY).scalar()


@pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without scripts"])
def test_two_editors_choose_between_their_texts(app, world, fresh, visit, script):
    walk = Walker(app, fresh, script=script)
    alice, bob = (visit(name, java_script_enabled=script) for name in ("alice", "bob"))
    for page in (alice, bob):
        page.goto(PLACE)
    comment(alice, KEY, "Alice was first.")
    walk.press(alice, "Save")
    alice.get_by_text("Saved.").first.wait_for()
    comment(bob, KEY, "Bob came second.")
    walk.press(bob, "Save")
    bob.get_by_role("heading", name="Two different answers").wait_for()
    walk.look(bob)
    assert "Alice was first." in bob.content()
    assert "Bob came second." in bob.content()
    assert stored(app) == "Alice was first."
    bob.get_by_label("Replace it with mine").check()
    with next_page(bob):
        walk.press(bob, "Save what I chose")
    assert stored(app) == "Bob came second."


def test_a_save_by_itself_that_comes_second_says_so_and_overwrites_nothing(app, world, fresh, visit):
    walk, alice, bob = Walker(app, fresh, script=True), visit("alice"), visit("bob")
    for page in (alice, bob):
        page.goto(PLACE)
    comment(alice, KEY, "Alice was first.")
    alice.locator("#save-status time").wait_for()
    comment(bob, KEY, "Bob came second.")
    bob.locator(f"#remark-{KEY}").get_by_text("Alice").or_(bob.locator("#save-status", has_text="Not")).first.wait_for()
    walk.look(bob)
    assert stored(app) == "Alice was first."
    assert bob.locator(f"#comment-{KEY}").input_value() == "Bob came second."


@pytest.mark.parametrize("leave", ["by itself", "by the button"])
def test_what_is_typed_outlives_the_session(app, world, visit, leave):
    alice = visit("alice")
    alice.goto(PLACE)
    with app.app_context(), writing():
        db.session.execute(update(UserSession).values(ended_at=clock.now()))
    comment(alice, KEY, "Typed while the session ended.")
    if leave == "by itself":
        alice.locator("#save-status", has_text="Your session has ended").wait_for()
    else:
        alice.locator("form#answers .p-actions button", has_text="Save").first.click()
        alice.get_by_text("Your session ended").first.wait_for()
    alice.goto(PLACE)
    alice.get_by_label("E-mail address or username").fill("alice")
    alice.locator("#password").fill(PASSWORD)
    alice.get_by_role("button", name="Sign in", exact=True).click()
    alice.wait_for_url(lambda url: url.endswith(PLACE) and "sign-in" not in url)
    assert alice.locator(f"#comment-{KEY}").input_value() == "Typed while the session ended."
    alice.locator("form#answers .p-actions button", has_text="Save").first.click()
    alice.get_by_text("Saved.").first.wait_for()
    assert stored(app) == "Typed while the session ended."

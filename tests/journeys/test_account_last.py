"""My Account is the last to become complete: then the integration is sent, without asking again."""

from urllib.parse import urlsplit

import pytest

from portal.extensions import db
from portal.models.review import Round
from portal.transaction import writing
from tests.build import acts
from tests.journeys.walker import Walker, fill_account


@pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without scripts"])
def test_completing_my_account_sends_what_was_confirmed(app, world, fresh, visit, script):
    with app.app_context(), writing():
        acts.complete_all(world.integration("acme"), by=world.user("alice"))
    walk, alice = Walker(app, fresh, script=script), visit("alice", java_script_enabled=script)
    alice.goto("/build/summary")
    walk.press(alice, "Confirm these answers")
    alice.get_by_text("Your integration is sent as soon as My Account is complete.").wait_for()
    walk.look(alice)
    assert rounds(app) == 0
    alice.get_by_role("link", name="Complete My Account and send").click()
    walk.press(alice, "Save, mark complete and send for review")
    alice.get_by_text("There is a problem").wait_for()
    walk.look(alice)
    fill_account(alice, "alice@example.com")
    walk.press(alice, "Save, mark complete and send for review")
    alice.wait_for_url(lambda url: urlsplit(url).path == "/")
    alice.get_by_text("your integration was sent for review").wait_for()
    assert rounds(app) == 1


def rounds(app):
    with app.app_context():
        return db.session.query(Round).count()

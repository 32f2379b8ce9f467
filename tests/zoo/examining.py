"""Examines the served example with all checks, as the product does, without its database and pages."""

from dataclasses import replace

from portal.exam.nouns import Environment
from portal.exam.rig import AppUnderTest, Limits, Rig, TestSettings
from portal.exam.running import examine
from portal.exam.sandbox import Sandbox
from tests.zoo.planting import PATIENCE

ANSWER, PAGE = 1.0, 10.0
"""Seconds, longer than a patience of half a second makes them: other tests run beside, and nothing here is meant to hang."""
PREVIOUS = "the webhook secret before this one"


def examined(serving, patience=PATIENCE):
    """What each check says, by its id."""
    return examine(rig(serving, patience))


def rig(serving, patience=PATIENCE):
    known = serving.settings
    app = AppUnderTest(
        client_id=known.client_id,
        client_secret=known.client_secret,
        redirect_uris=(known.redirect_uri,),
        webhook_url=known.webhook_url,
        webhook_secret=known.webhook_secret,
        previous_webhook_secret=PREVIOUS,
    )
    declared = TestSettings(
        connect_url=f"{serving.url}/connect",
        login_url=f"{serving.url}/connect/existing-account",
        action_url=f"{serving.url}/test-hook",
        test_header=("X-Test-Key", known.test_key),
    )
    places = {Environment.EMBEDDED: known.connect_url}
    limits = replace(Limits.of(patience), page=PAGE, answer=max(patience, ANSWER))
    return Rig(app, declared, limits, Sandbox(known.connect_url, known.client_id), places)

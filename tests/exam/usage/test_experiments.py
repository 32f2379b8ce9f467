"""Use of the API at a real sandbox: by people where there is no test hook, and without end nowhere."""

import re

import pytest

from portal.exam import running, usage
from portal.exam.nouns import Environment, Verdict, Wait
from portal.exam.rig import AppUnderTest, Limits, Rig, TestSettings
from portal.exam.sandbox import Sandbox
from portal.exam.table import BY_NAME
from portal.outgoing import addresses
from tests.developers_world import sandbox_server  # noqa: F401 - a fixture
from tests.exam.endpoint.listening import Wild, hang
from tests.examples.conftest import Merchant, serving  # noqa: F401 - a fixture

PASSED, SKIPPED = Verdict.PASSED, Verdict.SKIPPED
QUICK = Limits(answer=2.0, page=5.0, slow=0.1, settle=0.02, follow=1.0)
HASTY = Limits(answer=0.2, page=0.2, slow=0.1, settle=0.02, follow=0.2)


@pytest.fixture(autouse=True)
def _loopback():
    before = addresses.loopback_allowed()
    addresses.configure(loopback=True)
    yield
    addresses.configure(loopback=before)


def rig(serving, limits=QUICK, **declared):  # noqa: F811 - the fixture's value
    known = serving.settings
    app = AppUnderTest(known.client_id, known.client_secret, (known.redirect_uri,), known.webhook_url, known.webhook_secret)
    settings = TestSettings(test_header=("X-Test-Key", known.test_key), **declared)
    places = {Environment.EMBEDDED: known.connect_url}
    return Rig(app, settings, limits, Sandbox(known.connect_url, known.client_id), places)


class Person:
    """Somebody who does what the checks ask for, in the example."""

    def __init__(self, serving, sandbox_url):  # noqa: F811 - the fixture's value
        self.serving, self.merchant, self.asked = serving, Merchant(serving, sandbox_url), []
        self.mandate = ""

    def oblige(self, wait):
        self.asked.append(f"{wait.who}: {wait.what}")
        if "connect a merchant" in wait.what:
            return self.merchant.connect()
        organisation = self.merchant.organisation_id
        assert organisation in wait.what
        if "mandate" in wait.what:
            return self.serving.act("mandate", organisation_id=organisation)
        if "list" in wait.what:
            return self.serving.act("list", organisation_id=organisation)
        pounds = re.search(r"£(\d+\.\d\d)", wait.what)[1]
        return self.serving.act("collect", organisation_id=organisation, amount=int(pounds.replace(".", "")), currency="GBP")


def performed(made, name, person):
    """The experiment, tried again each time that somebody has done what it waited for."""
    for _ in range(6):
        seen = running.perform(made, BY_NAME[name])
        if not isinstance(seen, Wait):
            return seen
        person.oblige(seen)
    raise AssertionError(person.asked)


def said(name, seen):
    return {check.id: found.verdict for check in usage.CHECKS if check.experiment == name for found in [check.judge(seen)]}


def test_without_a_hook_a_person_does_everything(serving, sandbox_server):  # noqa: F811 - the fixtures
    """Each wish is said once, with who, what and for whom; then the same verdicts follow as with a hook."""
    made, person = rig(serving), Person(serving, sandbox_server.url)
    for name in (
        "usage.connecting",
        "usage.tour",
        "usage.failing",
        "usage.lost",
        "usage.limited",
        "usage.state",
        "usage.listing",
    ):
        found = said(name, performed(made, name, person))
        assert set(found.values()) == {PASSED}, (name, found)
    shown = said("usage.invalid", performed(made, "usage.invalid", person))
    assert shown == {"usage.validation_once": PASSED, "usage.validation_shown": SKIPPED}
    assert len(person.asked) == len(set(person.asked)) == 10
    assert all(wish.startswith("You: In your product, ") for wish in person.asked)


def test_further_merchants_are_not_asked_of_a_person(serving, sandbox_server):  # noqa: F811 - the fixtures
    made, person = rig(serving), Person(serving, sandbox_server.url)
    performed(made, "usage.connecting", person)
    seen = running.perform(made, BY_NAME["usage.revoked"])
    assert "page that sends a user to authorise" in seen["skipped"]


@pytest.mark.parametrize("silent", ["connect_url", "action_url"])
def test_a_side_that_hangs_is_left_alone_after_two_tries(serving, silent):  # noqa: F811 - the fixture
    wild = Wild(hang)
    declared = {"connect_url": f"{serving.url}/connect", "action_url": f"{serving.url}/test-hook", silent: wild.url}
    found = running.examine(rig(serving, HASTY, **declared), usage.CHECKS)
    wild.close()
    assert {one.verdict for name, one in found.items() if name.startswith("usage.")} <= {PASSED, SKIPPED}
    assert wild.visits == 2

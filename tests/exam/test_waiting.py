"""Without a page that starts a connection the checks wait for somebody, and go on when the sandbox has seen them."""

import secrets
import threading
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests

from portal.exam.nouns import Verdict, Wait
from portal.exam.running import examine, judge, perform
from portal.exam.table import BY_ID, BY_NAME
from portal.outgoing import addresses
from tests.developers_world import sandbox_server  # noqa: F401 - a fixture
from tests.exam.partner import Partner, answer


@pytest.fixture
def partner(sandbox_server):  # noqa: F811 - the fixture
    before = addresses.loopback_allowed()
    addresses.configure(loopback=True)
    made = Partner(sandbox_server.url)
    yield made
    made.close()
    addresses.configure(loopback=before)


@pytest.fixture
def rig(partner):
    return partner.rig(connect_url="", login_url="")


def arrive(partner, state="", **headers):
    assert requests.get(partner.link(state or secrets.token_urlsafe(32)), headers=headers, timeout=10).ok


def made(rig, name):
    return perform(rig, BY_NAME[name])


def test_a_link_is_taken_from_a_user_who_arrives_at_the_sandbox(partner, rig):
    arrive(partner)  # before anybody waited for it
    waits = made(rig, "links.request")
    assert isinstance(waits, Wait)
    assert (waits.who, "Start connecting" in waits.what) == ("Somebody of yours", True)
    assert judge(BY_ID["links.leads"], {"links.request": waits}, {}).verdict is Verdict.WAITING
    arrive(partner, state="of-this-visit")
    seen = made(rig, "links.request")
    assert seen["from"] == "visit"
    assert ["state", "of-this-visit"] in seen["link"]["parameters"]
    assert (
        judge(
            BY_ID["links.host"],
            {"links.request": seen},
            {"links.leads": judge(BY_ID["links.leads"], {"links.request": seen}, {})},
        ).verdict
        is Verdict.PASSED
    )


def test_ten_states_are_counted_visit_by_visit(partner, rig):
    assert isinstance(made(rig, "links.samples"), Wait)
    for _ in range(8):
        arrive(partner)
    arrive(partner, state="twice")
    arrive(partner, state="twice", Referer=partner.link("twice"))  # the sandbox's own pages lead there again
    waits = made(rig, "links.samples")
    assert "1 more time in" in waits.what
    arrive(partner)
    seen = made(rig, "links.samples")
    assert len(set(seen["states"])) == 10
    assert BY_ID["links.state_unguessable"].judge(seen).verdict is Verdict.FAILED  # "twice" is a short one
    assert BY_ID["links.state_fresh"].judge(seen).verdict is Verdict.PASSED


def test_a_pasted_link_is_enough_for_most(partner):
    said = examine(
        partner.rig(connect_url="", login_url="", link=partner.link("s" * 32)),
        [check for name, check in BY_ID.items() if name.startswith("links.")],
    )
    verdicts = {name.partition(".")[2]: one.verdict for name, one in said.items()}
    left_out = {"state_fresh", "state_unguessable", "not_steered", "view_login"}
    assert {name for name, verdict in verdicts.items() if verdict is Verdict.SKIPPED} == left_out
    assert {verdict for name, verdict in verdicts.items() if name not in left_out} == {Verdict.PASSED}


def test_a_connection_made_by_hand_is_judged_as_far_as_it_was_seen(partner, rig):
    waits = made(rig, "callbacks.connect")
    assert "Connect a merchant" in waits.what
    arrive(partner)
    code = rig.levers.code(partner.redirect_uri)
    assert partner.exchange(code)
    seen = made(rig, "callbacks.connect")
    assert rig.carried["organisation_id"].startswith("OR")
    verdicts = {
        name: BY_ID[f"callbacks.{name}"].judge(seen).verdict
        for name in ("exchanged_once", "redirect_uri", "grant_type", "connected", "lands")
    }
    assert verdicts == dict.fromkeys(("exchanged_once", "redirect_uri", "grant_type", "connected"), Verdict.PASSED) | {
        "lands": Verdict.SKIPPED
    }


def test_what_needs_a_check_that_waits_waits_as_well(rig):
    said = examine(rig, [BY_ID["links.scope"], BY_ID["callbacks.denied"]])
    assert said["links.scope"].verdict is Verdict.WAITING
    assert said["callbacks.exchanged"].verdict is Verdict.WAITING
    assert said["callbacks.denied"].verdict is Verdict.WAITING


class TestCodesExchangedBehindThePage:
    """A product may answer first and exchange the code a moment later; that moment is waited for, and only as long as it took."""

    @pytest.fixture
    def behind(self, partner):
        def later(code):
            threading.Timer(0.08, partner.swap, [code]).start()
            return True

        partner.swap, partner.exchange = partner.exchange, later
        return partner

    def test_it_passes(self, behind):
        said = examine(
            behind.rig(),
            [BY_ID[f"callbacks.{name}"] for name in ("connected", "lands", "state_unknown", "state_replayed", "token_slow")],
        )
        assert {
            name: one for name, one in said.items() if name.startswith("callbacks.") and one.verdict is not Verdict.PASSED
        } == {}

    def test_what_it_believes_is_seen_as_well(self, behind):
        behind.pages["/callback"] = lambda request: believes(behind, request)
        said = examine(behind.rig(), [BY_ID["callbacks.state_unknown"]])
        assert said["callbacks.connected"].verdict is Verdict.PASSED
        assert said["callbacks.state_unknown"].verdict is Verdict.FAILED


def believes(partner, request):
    partner.exchange(dict(parse_qsl(urlsplit(request.path).query)).get("code", ""))
    answer(request, 200, b"Thank you.")

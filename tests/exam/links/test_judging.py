"""Every judge of the family Links says yes to a right request, and no to one that is wrong in its own thing."""

import secrets
import time
import uuid
from dataclasses import replace
from urllib.parse import quote, urlencode

import pytest

from portal.exam import links
from portal.exam.links.asking import described
from portal.exam.nouns import Environment, Verdict
from portal.exam.rig import AppUnderTest, Limits, Rig, TestSettings

PASSED, FAILED, WARNING = Verdict.PASSED, Verdict.FAILED, Verdict.WARNING
SANDBOX = "https://connect-sandbox.gocardless.com"
LIVE = "https://connect.gocardless.com"
CALLBACK = "https://partner.example.com/callback"
SECRET = "the-client-secret-of-this-app"
GOOD = {
    "response_type": "code", "client_id": "app-1", "redirect_uri": CALLBACK, "scope": "read_write", "state": "s" * 32,
    "initial_view": "signup", "prefill[email]": "mia@example.com", "prefill[country_code]": "GB",
}  # fmt: skip
CHECKS = {check.id.partition(".")[2]: check for check in links.CHECKS}
GONE = None


def rig(place=SANDBOX):
    app = AppUnderTest(client_id="app-1", client_secret=SECRET, redirect_uris=(CALLBACK,), environment=Environment.GOCARDLESS)
    places = {Environment.GOCARDLESS: place, Environment.LIVE: LIVE}
    return Rig(app, TestSettings(), Limits.of(1), None, places)


def link(address=f"{SANDBOX}/oauth/authorize", *, more="", **changed):
    pairs = {**GOOD, **{name.replace("__", "[") + "]" if "__" in name else name: value for name, value in changed.items()}}
    return f"{address}?{urlencode({name: value for name, value in pairs.items() if value is not GONE})}{more}"


def seen(url, place=SANDBOX):
    return {"from": "page", "page": answered(302), "link": described(rig(place), url)}


def answered(status, **more):
    return {
        "url": "https://partner.example.com/connect",
        "status": status,
        "leaves_for": "",
        "problem": "",
        "milliseconds": 3,
        **more,
    }


def states(*values):
    return {"from": "page", "states": list(values)}


def ten(make):
    return states(*(make() for _ in range(10)))


LOCAL = "http://127.0.0.1:5001"
CASES = {
    "leads": [
        (seen(link()), PASSED),
        (seen("https://connect-sandbox.gocardless.com/sign-in") | {"from": "link"}, FAILED),
        (seen("no address at all") | {"from": "link"}, FAILED),
        ({"from": "page", "page": answered(200), "link": None}, FAILED),
        ({"from": "page", "page": answered(302, leaves_for="https://elsewhere.example.com/"), "link": None}, FAILED),
        ({"from": "page", "page": answered(None, problem="It did not come."), "link": None}, FAILED),
    ],
    "host": [
        (seen(link()), PASSED),
        (seen(link("https://CONNECT-sandbox.gocardless.com/oauth/authorize")), PASSED),
        (seen(link(f"{LIVE}/oauth/authorize")), FAILED),
        (seen(link(f"{SANDBOX}:8443/oauth/authorize")), FAILED),
        (seen(link("https://connect-sandbox.gocardless.com.example.com/oauth/authorize")), FAILED),
    ],
    "encrypted": [
        (seen(link()), PASSED),
        (seen(link(f"{LOCAL}/oauth/authorize"), LOCAL), PASSED),
        (seen(link("http://connect-sandbox.gocardless.com/oauth/authorize")), FAILED),
    ],
    "response_type": [
        (seen(link()), PASSED),
        (seen(link(response_type="token")), FAILED),
        (seen(link(response_type="")), FAILED),
        (seen(link(response_type=GONE)), FAILED),
    ],
    "client_id": [(seen(link()), PASSED), (seen(link(client_id="app-2")), FAILED), (seen(link(client_id=GONE)), FAILED)],
    "redirect_uri": [
        (seen(link()), PASSED),
        (seen(link(redirect_uri=f"{CALLBACK}/")), FAILED),
        (seen(link(redirect_uri=CALLBACK.upper())), FAILED),
        (seen(link(redirect_uri=GONE)), FAILED),
    ],
    "scope": [
        (seen(link()), PASSED),
        (seen(link(scope="read_only")), PASSED),
        (seen(link(scope="full_access")), FAILED),
        (seen(link(scope="read_write read_only")), FAILED),
        (seen(link(scope=GONE)), FAILED),
    ],
    "write_access": [(seen(link()), PASSED), (seen(link(scope="read_only")), FAILED)],
    "state": [(seen(link()), PASSED), (seen(link(state="")), FAILED), (seen(link(state=GONE)), FAILED)],
    "state_fresh": [
        (ten(secrets.token_urlsafe), PASSED),
        (states(*["same"] * 10), FAILED),
        (states(*[str(n) for n in range(9)], "0"), FAILED),
        (states("only one"), FAILED),
        (states(), FAILED),
    ],
    "state_unguessable": [
        (ten(secrets.token_urlsafe), PASSED),
        (ten(lambda: str(uuid.uuid4())), PASSED),
        (ten(lambda: f"connect:{secrets.token_hex(16)}:GB"), PASSED),
        (ten(lambda: secrets.token_hex(10)), WARNING),
        (ten(lambda: secrets.token_hex(4)), FAILED),
        (states(*(str(n) for n in range(95, 105))), FAILED),
        (states(*(f"{n:032x}" for n in range(4096, 4106))), FAILED),
        (states(*(f"user-{n}-connect" for n in range(95, 105))), FAILED),
        (states(*(str(time.time_ns() + 1000 * n) for n in range(10))), FAILED),
        (states(*(str(uuid.uuid1()) for _ in range(10))), FAILED),
    ],
    "not_steered": [
        ({"page": answered(302), "taken": []}, PASSED),
        ({"page": answered(302), "taken": ["state"]}, FAILED),
    ],
    "prefill": [
        (seen(link()), PASSED),
        (seen(link(prefill__email=GONE, prefill__country_code=GONE)), FAILED),
        (seen(link(prefill__email="", prefill__country_code=" ")), FAILED),
        (seen(link(prefill__email="Mia")), FAILED),
        (seen(link(prefill__country_code="United Kingdom")), FAILED),
    ],
    "parameters_known": [
        (seen(link()), PASSED),
        (seen(link(access_type="offline")), PASSED),
        (seen(link(utm_source="mail")), WARNING),
        (seen(link(prefill__company="Acme")), FAILED),
        (seen(link(redirectUri=CALLBACK)), FAILED),
    ],
    "view_signup": [
        (seen(link()), PASSED),
        (seen(link(initial_view=GONE)), PASSED),
        (seen(link(initial_view="login")), FAILED),
        (seen(link(initial_view=GONE, scope="read_only")), FAILED),
        (seen(link(initial_view="sign_up")), FAILED),
    ],
    "view_login": [
        (seen(link(initial_view="login")), PASSED),
        (seen(link(initial_view=GONE, scope="read_only")), PASSED),
        (seen(link(initial_view="signup")), FAILED),
        ({"from": "page", "page": answered(404), "link": None}, FAILED),
    ],
    "language": [
        (seen(link()), PASSED),
        (seen(link(language="fr")), PASSED),
        (seen(link(language="xx")), FAILED),
        (seen(link(language="english")), FAILED),
        (seen(link(language="en-GB")), FAILED),
        (seen(link(language="")), FAILED),
    ],
    "no_secret": [
        (seen(link()), PASSED),
        (seen(link(more=f"&anything={SECRET}")), FAILED),
        (seen(link(more="&access_token=abc")), FAILED),
        (seen(link(code="abc")), FAILED),
    ],
    "no_duplicates": [(seen(link()), PASSED), (seen(link(more="&scope=read_write")), FAILED)],
}  # fmt: skip
GIVEN = [(name, number) for name, cases in CASES.items() for number in range(len(cases))]


@pytest.mark.parametrize(("name", "number"), GIVEN)
def test_the_judge_says_what_it_should(name, number):
    observation, verdict = CASES[name][number]
    said = CHECKS[name].judge(observation)
    assert said.verdict is verdict, said
    assert said.words.endswith("."), said.words
    assert SECRET not in f"{said.words}{said.seen}"


def test_every_judge_has_said_both():
    assert CASES.keys() == CHECKS.keys()
    for name, cases in CASES.items():
        assert {PASSED, FAILED} <= {verdict for _, verdict in cases}, name


def test_only_the_one_that_looks_at_it_fails():
    """One fault, one check: no other judge of the same request says no."""
    alone = {
        "host": link(f"{LIVE}/oauth/authorize"), "response_type": link(response_type="token"), "client_id": link(client_id="app-2"),
        "redirect_uri": link(redirect_uri=f"{CALLBACK}/"), "scope": link(scope="everything"), "state": link(state=GONE),
        "prefill": link(prefill__email="Mia"), "parameters_known": link(prefill__company="Acme"),
        "view_signup": link(initial_view="login"), "language": link(language="xx"), "no_duplicates": link(more="&scope=read_write"),
        "encrypted": link("http://connect-sandbox.gocardless.com/oauth/authorize"),
    }  # fmt: skip
    for fault, url in alone.items():
        failed = {
            name
            for name, check in CHECKS.items()
            if check.experiment == "links.request" and check.judge(seen(url)).verdict is FAILED
        }
        assert [name for name in failed if not failed & {need.partition(".")[2] for need in CHECKS[name].needs}] == [fault]


def test_a_secret_is_found_however_it_is_written():
    strange = "a secret/of+this & that"
    own = rig()
    own.app = replace(own.app, client_secret=strange)
    for url in (link(state=strange), link(more=f"&x={quote(strange)}"), link(more=f"&x={quote(strange, safe='')}")):
        found = described(own, url)
        assert found["secrets"] == ["CLIENT_SECRET"]
        assert "of+this" not in str(found)
        assert "of%2Bthis" not in str(found)


def test_a_secret_in_a_link_is_named_and_not_repeated():
    found = described(rig(), link(state=SECRET))
    assert found["secrets"] == ["CLIENT_SECRET"]
    assert SECRET not in str(found)

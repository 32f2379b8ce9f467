"""Experiments at endpoints that are as they should be, bent in one place, or wild: each ends, with a verdict for every check."""

import json
import os
import shutil
import subprocess
import time

import pytest

from portal.exam import endpoint, running
from portal.exam.nouns import EVERYWHERE, Verdict
from portal.outgoing import addresses
from portal.runs import curl
from tests.exam.endpoint.listening import (
    HASTY,
    PREVIOUS,
    Endpoint,
    Wild,
    break_off,
    drip,
    flood,
    garbage,
    hang,
    rig,
    served,
)

PASSED, FAILED, WARNING, SKIPPED = Verdict.PASSED, Verdict.FAILED, Verdict.WARNING, Verdict.SKIPPED
ANYWHERE = {one.name for one in endpoint.EXPERIMENTS if one.environments == EVERYWHERE}


@pytest.fixture(autouse=True)
def _loopback():
    before = addresses.loopback_allowed()
    addresses.configure(loopback=True)
    yield
    addresses.configure(loopback=before)


def examined(url, **more):
    """What each check says that needs no levers."""
    checks = [check for check in endpoint.CHECKS if check.experiment in ANYWHERE]
    return {name.partition(".")[2]: said for name, said in running.examine(rig(url, **more), checks).items()}


def other_than_passed(said):
    return {name: found.verdict for name, found in said.items() if found.verdict is not PASSED}


BLIND = {"acts": SKIPPED, "refused_has_no_effect": SKIPPED}
"""Without levers nothing shows whether an event was acted on."""


def test_a_good_endpoint_passes_everything():
    good = Endpoint()
    with served(good) as url:
        assert other_than_passed(examined(url)) == BLIND
    assert {event["resource_type"] for event in good.seen if isinstance(event, dict) and "resource_type" in event} == {
        "payments",
        "weather_reports",
    }


def ascii_only(body):
    body.decode("ascii")
    return "", 204


def slowly(_body):
    time.sleep(HASTY.answer)
    return "", 204


def strict(body):
    for event in json.loads(body)["events"]:
        if set(event) - {"id", "created_at", "resource_type", "action", "links", "details", "metadata", "resource_metadata"}:
            raise LookupError(event)
    return "", 204


def careless(body):
    json.loads(body)
    return "", 204


def with_name_like(body, headers):
    return any(headers[name] == Endpoint.signed(body) for name in headers.keys() if "signature" in name.lower())  # noqa: SIM118 - of werkzeug


def as_text(body, headers):
    return headers.get("Webhook-Signature", "").encode("ascii").decode() in (
        Endpoint.signed(body),
        Endpoint.signed(body, PREVIOUS),
    )


def written_anew(body, headers):
    """Fails on what is no JSON, which is a fault of its own."""
    try:
        document = json.loads(body)
    except ValueError:
        return True
    return Endpoint().genuine(json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode(), headers)


NEED_SIGNATURES = {
    "forged_body",
    "missing_signature",
    "misnamed_signature",
    "nearly_right",
    "signature_capitals",
    "refuses_with_498",
    "refused_has_no_effect",
}


@pytest.mark.parametrize(
    ("bent", "expected"),
    [
        ({"genuine": lambda _body, _headers: True}, {"forged_signature": FAILED} | dict.fromkeys(NEED_SIGNATURES, SKIPPED)),
        ({"genuine": lambda body, headers: "Webhook-Signature" not in headers or Endpoint().genuine(body, headers)},
         {"missing_signature": FAILED, "misnamed_signature": SKIPPED, "nearly_right": SKIPPED}),
        ({"genuine": with_name_like}, {"misnamed_signature": FAILED, "previous_secret": FAILED}),
        ({"genuine": as_text}, {"refuses_calmly": FAILED}),
        ({"genuine": written_anew}, {"raw_body": FAILED}),
        ({"refusal": ("no", 401)}, {"refuses_with_498": WARNING}),
        ({"keep": ascii_only}, {"unicode": FAILED, "raw_body": SKIPPED}),
        ({"keep": strict}, {"extra_fields": FAILED, "not_json": FAILED, "empty_body": SKIPPED, "odd_json": SKIPPED}),
        ({"keep": careless}, {"not_json": FAILED, "empty_body": SKIPPED, "odd_json": SKIPPED}),
    ],
    ids=["no-check", "only-when-there", "any-name", "as-text", "written-anew", "401", "ascii", "strict", "careless"],
)  # fmt: skip
def test_one_fault_is_found_where_it_is(bent, expected):
    with served(Endpoint(**bent)) as url:
        assert other_than_passed(examined(url)) == BLIND | expected


@pytest.mark.parametrize(
    ("keep", "first"),
    [(lambda _body: ("", 302, {"Location": "/hook"}), {"answers_success": FAILED, "signed": SKIPPED}), (lambda _body: ("", 500), {"signed": FAILED, "answers_success": SKIPPED})],
    ids=["redirect", "500"],
)  # fmt: skip
def test_an_endpoint_that_takes_nothing_is_judged_once(keep, first):
    with served(Endpoint(keep=keep)) as url:
        said = other_than_passed(examined(url))
    assert {name: verdict for name, verdict in said.items() if name in first} == first
    assert set(said.values()) <= {SKIPPED, *first.values()}
    assert list(said.values()).count(FAILED) == 1


def test_an_endpoint_that_works_before_it_answers_is_too_slow():
    with served(Endpoint(keep=slowly)) as url:
        said = examined(url, limits=HASTY)
    assert said["answers_in_time"].verdict is FAILED


@pytest.mark.parametrize(
    ("behave", "failing"),
    [(hang, {"answers_in_time"}), (drip, {"answers_in_time"}), (garbage, {"signed"}), (break_off, {"signed"})],
    ids=["hang", "drip", "garbage", "break-off"],
)
def test_wild_endpoints_are_judged_and_left_alone(behave, failing):
    """After two webhooks without an answer no more are sent, however many checks there are."""
    wild = Wild(behave)
    said = examined(wild.url, limits=HASTY)
    wild.close()
    assert {name for name, found in said.items() if found.verdict is FAILED} == failing
    assert {found.verdict for found in said.values()} == {FAILED, SKIPPED}
    assert wild.visits <= 2


def test_an_endpoint_that_floods_is_read_for_a_while_only():
    wild = Wild(flood)
    said = examined(wild.url)
    wild.close()
    assert said["signed"].verdict is PASSED
    assert said["forged_signature"].verdict is FAILED


def test_where_nobody_listens_nothing_is_tried_again_and_again():
    wild = Wild(hang)
    wild.close()
    said = examined(wild.url)
    assert {name for name, found in said.items() if found.verdict is FAILED} == {"signed"}


def test_addresses_that_are_not_public_are_not_called():
    said = examined("https://169.254.169.254/latest")
    assert said["signed"].verdict is FAILED
    assert "not public" in said["signed"].seen or "not a public" in said["signed"].seen


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_the_printed_command_really_repeats_the_webhook():
    """Through a shell, with the secrets as variables: taken when it was taken, refused when it was refused."""
    good = Endpoint()
    with served(good) as url:
        made = rig(url)
        running.examine(made, [check for check in endpoint.CHECKS if check.experiment in ANYWHERE])
        noted = {one.words: one.exchange for one in made.trace}
        wanted = {words: noted[words].status for words in REPEATED}
        again = {words: repeated(curl.command(noted[words], made.secrets), made.secrets) for words in REPEATED}
    assert again == wanted
    assert {204, 498, 400} == set(wanted.values())


REPEATED = (
    "A signed webhook with one event",
    "Signed with another secret",
    "Changed after it was signed",
    "Without a signature",
    "The right signature under another name, X-Signature",
    "An empty signature",
    "Letters beyond ASCII, as they are",
    "The same JSON, written in another way",
    "Signed with the secret before this one",
    "Not JSON, but signed",
    "An empty body, but signed",
    "A list instead of an object, but signed",
)


def repeated(command, secrets):
    """The status that curl is answered with."""
    assert not any(secret in command for secret in secrets.values())
    done = subprocess.run(
        ["bash", "-c", f"{command} -s"], env={**os.environ, **secrets}, capture_output=True, timeout=20, check=True
    )
    return int(done.stdout.split()[1])

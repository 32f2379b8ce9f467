"""A trace as it is kept: no secret in it, and commands that do what the check did."""

import re
import shutil
import subprocess

import pytest

from portal.exam import showing
from portal.exam.rig import Noted
from portal.exam.showing import Issued, Known
from portal.exchange import Exchange

SIDE = "https://partner.example.com"
STATE = "a-state-that-nobody-guesses-123"
SECRETS = {"TEST_HEADER": "the-value-of-the-header", "WEBHOOK_SECRET": "the-secret-of-the-webhooks"}


def noted(method, url, *, headers=None, body="", status=200, answered=None, said="", visitor=1):
    return Noted("A visit", Exchange(method, url, headers or {}, body, status, answered or {}, said, 3.0), visitor)


def traced(*exchanges, issued=()):
    return showing.trace(exchanges, Known(SECRETS, issued))


def test_a_state_is_learnt_from_one_answer_and_sent_by_the_next():
    location = f"https://connect.example.com/oauth/authorize?client_id=x&state={STATE}"
    entries = traced(
        noted("GET", f"{SIDE}/connect", status=302, answered={"Location": location}),
        noted("GET", f"{SIDE}/callback?code=made-up-code-0123456789&state={STATE}", headers={"Cookie": "session=secret"}),
    )
    first, second = (one["request"]["curl"] for one in entries)
    assert first.startswith("STATE=$(curl -sS -o /dev/null -w '%{redirect_url}\\n' -X GET")
    assert 'callback?code=${CODE}&state=${STATE}"' in second
    assert second.startswith("CODE=made-up-code-0123456789\n")
    assert "-b visitor-1.txt -c visitor-1.txt" in first
    assert "Cookie" not in second
    assert STATE not in str(entries)


def test_a_code_of_the_sandbox_is_asked_for_anew():
    issued = Issued(
        "a-code-of-the-sandbox", "http://127.0.0.1:5001/_sandbox/apps/x/codes", {"redirect_uri": SIDE}, guarded=True
    )
    (entry,) = traced(noted("GET", f"{SIDE}/callback?code=a-code-of-the-sandbox"), issued=[issued])
    command = entry["request"]["curl"]
    assert command.startswith("CODE=$(curl -sS -X POST http://127.0.0.1:5001/_sandbox/apps/x/codes")
    assert "${SANDBOX_LEVERS_TOKEN}" in command
    assert "a-code-of-the-sandbox" not in str(entry)


def test_secrets_are_variables_and_signed_bodies_stay_as_they_were():
    body = '{"events":[ {"id":"EV1","links":{"payment":"PM1"}} ]}'
    head = {"X-Check": SECRETS["TEST_HEADER"], "Webhook-Signature": "ab12", "Content-Type": "application/json"}
    (entry,) = traced(noted("POST", f"{SIDE}/webhooks", headers=head, body=body, visitor=0))
    command = entry["request"]["curl"]
    assert f"--data-raw '{body}'" in command
    assert '"X-Check: ${TEST_HEADER}"' in command
    assert "Webhook-Signature: ab12" in command
    assert SECRETS["TEST_HEADER"] not in str(entry)


def test_what_was_not_answered_says_why():
    (entry,) = traced(noted("GET", SIDE, status=None, said="Nobody answers there."))
    assert entry["response"] is None
    assert entry["problem"] == "Nobody answers there."


def test_a_script_asks_for_what_it_needs_first():
    entries = traced(noted("GET", SIDE, headers={"X-Check": SECRETS["TEST_HEADER"]}))
    script = showing.script(entries, ["TEST_HEADER", "WEBHOOK_SECRET"])
    assert script.startswith(': "${TEST_HEADER:?')
    assert "WEBHOOK_SECRET" not in script


def test_a_huge_body_is_cut_where_it_is_shown_and_whole_in_the_command():
    body = '{"events": [' + ", ".join(['"x"'] * 10_000) + "]}"
    (entry,) = traced(noted("POST", SIDE, headers={"Content-Type": "application/json"}, body=body, visitor=0))
    assert len(entry["request"]["body"]) < 21_000
    assert body in entry["request"]["curl"]


@pytest.mark.parametrize(
    "check_id",
    ["links.state", "callbacks.state_unknown", "callbacks.state_missing", "endpoint.forged_signature", "endpoint.signed"],
)
@pytest.mark.skipif(not shutil.which("curl"), reason="there is no curl")
def test_the_commands_really_do_what_the_check_did(exams, serving, tmp_path, check_id):
    key = exams.start(check_id)
    result = exams.result(key, check_id)
    secrets = {"TEST_HEADER": serving.settings.test_key, "CLIENT_SECRET": serving.settings.client_secret}
    script = showing.script(result.trace, list(secrets))
    ran = subprocess.run(
        ["sh", "-eu"], check=False, input=script, text=True, capture_output=True, cwd=tmp_path, env={**ENVIRONMENT, **secrets}
    )
    assert ran.returncode == 0, ran.stderr
    expected = [one["response"]["status"] for one in result.trace if one["request"]["curl"].count("curl -i ")]
    assert [int(status) for status in re.findall(r"HTTP/1\.[01] (\d{3})", ran.stdout)] == expected


ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "no_proxy": "*"}

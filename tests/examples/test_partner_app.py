"""What the integration checks do not see of the example: its pages, what it stores, and how it starts."""

import ast
import json
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from examples.partner_app import api, create_app, settings, webhooks
from examples.partner_app.settings import kept
from tests.waiting import free_port, until

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "partner_app"


def test_it_stands_alone():
    imported = {name for file in EXAMPLE.rglob("*.py") for name in imports(ast.parse(file.read_text()))}
    assert imported
    assert "portal" not in {name.partition(".")[0] for name in imported}


def imports(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module


def test_a_merchant_connects_and_sees_what_is_missing(merchant):
    page = merchant.connect(verified=False)
    assert "You are connected." in page.text
    assert f"{merchant.sandbox}/verify" in page.text
    assert "GoCardless needs more details" in page.text


def test_tokens_are_not_stored_as_they_are(connected, serving):
    token = serving.house.store.merchant(connected.organisation_id).access_token
    files = [file.read_bytes() for file in serving.settings.folder.iterdir()]
    assert token
    assert not any(token.encode() in content for content in files)


def test_nobody_sees_the_merchants_of_others(connected, stranger):
    stranger.get("/")
    assert connected.get(connected.path).ok
    assert stranger.get(connected.path).status_code == 404


@pytest.mark.parametrize("path", ["verification", "mandates", "payments", "disconnect"])
def test_forms_of_others_are_refused(connected, path):
    answer = connected.browser.post(f"{connected.serving.url}{connected.path}/{path}", timeout=30)
    assert answer.status_code == 400, "a form without its token comes from somewhere else"


def test_a_merchant_may_say_no(merchant):
    page = merchant.come_back(error="access_denied", state=merchant.leave()["state"])
    assert "You did not allow access" in page.text


def test_words_in_the_answer_are_only_words(merchant):
    said = "<script>alert(1)</script>"
    page = merchant.come_back(error="server_error", error_description=said, state=merchant.leave()["state"])
    assert "&lt;script&gt;" in page.text
    assert said not in page.text


def test_each_tab_has_a_state_of_its_own(merchant):
    first, second = merchant.leave()["state"], merchant.leave("/connect/existing-account")["state"]
    made = [merchant.come_back(code=merchant.code(), state=state) for state in (second, first)]
    assert [page.status_code for page in made] == [200, 200]


def test_a_payment_without_a_mandate_is_explained(connected):
    page = connected.post(f"{connected.path}/payments", amount="11.03", currency="GBP")
    assert page.status_code == 422
    assert "There is no mandate for payments in GBP" in page.text


@pytest.mark.parametrize(("typed", "words"), [("eleven", "Enter an amount such as 11.03."), ("-1", "Amount ")])
def test_a_wrong_amount_is_explained(paying, typed, words):
    page = paying.post(f"{paying.path}/payments", amount=typed, currency="GBP")
    assert page.status_code == 422
    assert words in page.text


def test_a_form_that_is_sent_twice_takes_one_payment(paying):
    for _ in range(2):
        assert "is on its way" in paying.post(f"{paying.path}/payments", amount="11.03", currency="GBP", key="one form").text
    assert "1 payments" in paying.get(f"{paying.path}/payments").text


def test_a_payer_is_sent_to_a_page_of_gocardless(connected):
    page = connected.post(f"{connected.path}/mandates", currency="GBP")
    assert f"{connected.sandbox}/billing/" in page.text
    assert connected.get("/payers/done").ok
    assert connected.get("/payers/left").ok


def test_leaving_ends_the_token_at_gocardless(connected, serving):
    token = serving.house.store.merchant(connected.organisation_id).access_token
    assert "You are disconnected." in connected.post(f"{connected.path}/disconnect").text
    assert "This account is disconnected." in connected.get(connected.path).text
    with pytest.raises(api.Refused) as refused:
        api.once(api.client(serving.settings, token), lambda client: client.creditors.list())
    assert refused.value.disconnected


def test_the_hook_is_shut_without_a_key(serving, tmp_path):
    shut = create_app(serving.without(test_key="", folder=tmp_path / "shut")).test_client()
    assert shut.post("/test-hook", json={"action": "status"}).status_code == 404
    assert shut.post("/test-hook", json={"action": "status"}, headers={"X-Test-Key": ""}).status_code == 404


@pytest.mark.parametrize("key", ["", "wrong", "ä"])
def test_the_hook_is_shut_for_strangers(serving, key):
    sent = {"X-Test-Key": key.encode()}
    assert requests.post(f"{serving.url}/test-hook", json={"action": "status"}, headers=sent, timeout=30).status_code == 404


@pytest.mark.parametrize("wish", [[], "status", {"action": "more"}, {"action": []}, {}])
def test_the_hook_does_what_it_knows(serving, wish):
    sent = {"X-Test-Key": serving.settings.test_key}
    assert requests.post(f"{serving.url}/test-hook", json=wish, headers=sent, timeout=30).status_code == 400


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"events": 1}', b'{"events": [1, null]}', b"\xff", b'{"events": [{}]}'])
def test_what_cannot_be_read_is_not_sent_again(serving, body):
    assert deliver(serving, body).status_code == 204


def test_an_event_that_trips_us_up_holds_nobody_back(connected, serving):
    bad = {"id": "EV1", "resource_type": "payments", "action": "paid_out", "links": "none"}
    good = bad | {"id": "EV2", "links": {"organisation": connected.organisation_id, "payment": "PM404"}}
    assert deliver(serving, json.dumps({"events": [bad, good]}).encode()).status_code == 204
    until(lambda: serving.house.store.handled("EV2") == 1)
    assert serving.house.store.handled("EV1") == 0


def test_an_event_is_put_off_while_gocardless_fails(connected, serving):
    connected.lever("faults", target="api", kind="500", count=1, organisation_id=connected.organisation_id)
    links = {"organisation": connected.organisation_id, "creditor": "CR404"}
    event = {"id": "EV1", "resource_type": "creditors", "action": "updated", "links": links}
    deliver(serving, json.dumps({"events": [event]}).encode())
    until(lambda: serving.house.store.handled("EV1") == 1)
    with sqlite3.connect(serving.settings.folder / "partner_app.sqlite") as db:
        assert db.execute("SELECT tries FROM event").fetchone()[0] > 1
    db.close()


def deliver(serving, body):
    signature = webhooks.signed(body, serving.settings.webhook_secret)
    return requests.post(serving.settings.webhook_url, data=body, headers={"Webhook-Signature": signature}, timeout=30)


def test_settings_name_what_is_missing():
    with pytest.raises(KeyError, match="GOCARDLESS_CLIENT_ID"):
        settings.read({})


def test_keys_are_made_once_and_for_one_user(tmp_path):
    path = tmp_path / "folder" / "key"
    assert kept(path, "first") == kept(path, "second") == "first"
    assert path.stat().st_mode & 0o077 == 0


def test_one_command_starts_it(sandbox_server, tmp_path):
    """It registers itself at the sandbox that is there, and sends merchants to it."""
    url = f"http://127.0.0.1:{free_port()}"
    places = {"PARTNER_APP_URL": url, "PARTNER_APP_FOLDER": str(tmp_path), "GOCARDLESS_CONNECT_URL": sandbox_server.url}
    process = subprocess.Popen(
        [sys.executable, "-m", "examples.partner_app"], cwd=ROOT, env=os.environ | places, stderr=subprocess.DEVNULL
    )
    try:
        until(lambda: answers(url))
        gone = requests.get(f"{url}/connect", timeout=10)
        assert gone.ok
        assert gone.url.startswith(f"{sandbox_server.url}/oauth/authorize")
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0


def answers(url):
    try:
        return requests.get(url, timeout=5).ok
    except requests.ConnectionError:
        return False

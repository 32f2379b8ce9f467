"""Webhooks: signed exactly, batched, tried again, never lost, and what a merchant can see and repeat of them."""

import json
import time

import pytest

from portal.sandbox.deliveries import outgoing
from portal.sandbox.deliveries.signature import sign
from tests.sandbox.kit import merchant, wait_until

SECRET = "a shared secret"
DISCONNECTED = (
    '{"events":[{"id":null,"created_at":"2018-08-03T12:00:00.000Z","action":"disconnected","resource_type":"organisations",'
    '"links":{"organisation":"OR123"},"details":{"cause":"app_disconnected","origin":"gocardless",'
    '"description":"Your app has been has disconnected from this organisation"},"metadata":{}}]}'
)


def listening(running, receiver, **values):
    return merchant(running.app, webhook_url=receiver.url, webhook_secret=SECRET, **values)


def events_seen(receiver):
    return [event for _, body in list(receiver.seen) for event in json.loads(body)["events"]]


def test_the_signature_of_a_known_body():
    assert (
        sign(DISCONNECTED.encode(), "my_webhook_secret") == "0e8ff7133673d0b04f0edcc0e9e06647445676769ad6109814d49dfb25e8c07e"
    )


def test_the_signature_of_the_official_clients_own_test(request):
    folder = pytest.importorskip("os").environ.get("GOCARDLESS_FIXTURES")
    if not folder:
        pytest.skip("GOCARDLESS_FIXTURES does not name the folder of published answers")
    body = (pytest.importorskip("pathlib").Path(folder) / "webhook_body.json").read_text().strip()
    wanted = "2693754819d3e32d7e8fcb13c729631f316c6de8dc1cf634d6527f1c07276e7e"
    assert sign(body.encode(), "ED7D658C-D8EB-4941-948B-3973214F2D49") == wanted


def test_what_arrives_is_signed_and_shaped_as_documented(running, receiver):
    own = listening(running, receiver)
    own.mandate(active=True)
    wait_until(lambda: ("mandates", "active") in [(e["resource_type"], e["action"]) for e in events_seen(receiver)])
    for headers, body in receiver.seen:
        assert headers["Webhook-Signature"] == sign(body, SECRET)
        assert headers["Content-Type"] == "application/json"
        assert headers["User-Agent"] == "gocardless-webhook-service/1.2"
        assert headers["Origin"] == running.url
        assert not body.endswith(b"\n")
        document = json.loads(body)
        assert 1 <= len(document["events"]) <= 250
        assert document["meta"]["webhook_id"].startswith("WB")
    assert all("organisation" not in event["links"] for event in events_seen(receiver))


def test_an_app_hears_of_every_merchant_that_is_connected_to_it(running, receiver):
    app = {
        "name": "Partner",
        "redirect_uris": ["https://partner.example.com/back"],
        "webhook_url": receiver.url,
        "webhook_secret": SECRET,
    }
    client_id = running.app.test_client().post("/_sandbox/apps", json=app).json["client_id"]
    merchants = [merchant(running.app, client_id=client_id) for _ in range(2)]
    for own in merchants:
        own.mandate()
    wanted = {own.made["organisation_id"] for own in merchants}
    wait_until(
        lambda: {e["links"].get("organisation") for e in events_seen(receiver) if e["resource_type"] == "mandates"} == wanted
    )
    stranger = merchant(running.app)
    stranger.mandate()
    assert stranger.made["organisation_id"] not in {e["links"]["organisation"] for e in events_seen(receiver)}


def test_the_webhook_can_be_read_and_sent_again(running, receiver):
    own = listening(running, receiver)
    own.mandate()
    hook = wait_until(lambda: own.all("webhooks", "?successful=true"))[0]
    headers, body = next(seen for seen in receiver.seen if json.loads(seen[1])["meta"]["webhook_id"] == hook["id"])
    assert (hook["request_body"].encode(), hook["request_headers"]["Webhook-Signature"]) == (body, headers["Webhook-Signature"])
    assert (hook["response_code"], hook["url"], hook["is_test"]) == (204, receiver.url, False)
    count = len(receiver.seen)
    assert own.act("webhooks", hook["id"], "retry").status_code == 200
    wait_until(lambda: len(receiver.seen) > count)
    assert receiver.seen[-1][1] == body


def test_many_events_are_sent_together_and_never_more_than_250(running, receiver):
    own = listening(running, receiver)
    mandate = own.mandate(active=True)
    running.worker._stop.set()  # so that the events pile up
    try:
        time.sleep(0.3)
        for _ in range(300):
            own.payment(mandate)
    finally:
        running.worker._stop.clear()
        running.worker.__init__(running.house)
        running.worker.start()
    wait_until(lambda: len([e for e in events_seen(receiver) if e["resource_type"] == "payments"]) == 300)
    sizes = [len(json.loads(body)["events"]) for _, body in receiver.seen]
    assert max(sizes) == 250


@pytest.mark.parametrize("status", [500, 404, 302, 498])
def test_what_is_not_a_success_is_tried_again(fresh_sandbox, receiver, status, tmp_path):
    from tests.sandbox.conftest import Running

    made = Running(tmp_path / "own", webhook_retry_minutes=(0.001,) * 8)
    try:
        receiver.answers = [status, status]
        own = merchant(made.app, webhook_url=receiver.url, webhook_secret=SECRET)
        own.mandate()
        hook = wait_until(lambda: own.all("webhooks", "?successful=true"))[0]
        same = [body for _, body in receiver.seen if json.loads(body)["meta"]["webhook_id"] == hook["id"]]
        assert len(same) == 3
        assert len(set(same)) == 1, "every attempt carries the same bytes"
    finally:
        made.close()


def test_after_eight_more_tries_a_webhook_rests(tmp_path, receiver):
    from tests.sandbox.conftest import Running

    made = Running(tmp_path / "own", webhook_retry_minutes=(0.0005,) * 8)
    try:
        receiver.answers = [500] * 100
        own = merchant(made.app, webhook_url=receiver.url, webhook_secret=SECRET)
        own.mandate()
        wait_until(lambda: len(receiver.seen) >= 9)
        time.sleep(0.5)
        assert len(receiver.seen) == 9
        assert own.all("webhooks")[0]["successful"] is False
    finally:
        made.close()


def test_a_slow_endpoint_is_given_up_and_holds_up_nobody(tmp_path, receiver):
    from tests.sandbox.conftest import Running
    from tests.sandbox.kit import Receiver

    slow, made = Receiver(), Running(tmp_path / "own", webhook_timeout=0.3)
    try:
        slow.delay = 2
        lazy = merchant(made.app, webhook_url=slow.url, webhook_secret=SECRET)
        lazy.mandate()
        merchant(made.app, webhook_url=receiver.url, webhook_secret=SECRET).mandate()
        wait_until(lambda: receiver.seen)
        hook = wait_until(lambda: [h for h in lazy.all("webhooks") if h["response_body"]])[0]
        assert (hook["successful"], hook["response_code"]) == (False, None)
        assert "Timeout" in hook["response_body"]
    finally:
        made.close()
        slow.close()


def test_a_disabled_endpoint_hears_nothing(running, receiver):
    own = listening(running, receiver)
    own.mandate()
    wait_until(lambda: receiver.seen)
    own.lever("endpoints", {"organisation_id": own.made["organisation_id"], "enabled": False})
    before = len(receiver.seen)
    own.mandate()
    time.sleep(0.5)
    assert len(receiver.seen) == before
    own.lever("endpoints", {"organisation_id": own.made["organisation_id"], "enabled": True})
    own.mandate()
    wait_until(lambda: len(receiver.seen) > before)


@pytest.mark.parametrize("kind", ["duplicated", "reordered", "delayed", "wrongly_signed"])
def test_faults_of_webhooks_on_order(running, receiver, kind):
    own = listening(running, receiver)
    own.mandate()
    wait_until(lambda: receiver.seen)
    time.sleep(0.3)
    receiver.seen.clear()
    order = {"target": "webhook", "kind": kind, "count": 1, "seconds": 1, "organisation_id": own.made["organisation_id"]}
    own.lever("faults", order)
    asked_at = time.monotonic()
    own.mandate(active=True)
    wait_until(lambda: len(events_seen(receiver)) >= 3 * (2 if kind == "duplicated" else 1))
    bodies = [body for _, body in receiver.seen]
    if kind == "duplicated":
        assert len(bodies) > len(set(bodies))
    elif kind == "reordered":
        first = [e["created_at"] for e in events_seen(receiver)]
        assert first != sorted(first) or len(bodies) > 1
    elif kind == "delayed":
        assert time.monotonic() - asked_at > 0.9
    else:
        assert any(headers["Webhook-Signature"] != sign(body, SECRET) for headers, body in receiver.seen)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("127.0.0.1", False), ("10.0.0.1", False), ("192.168.1.1", False), ("169.254.169.254", False), ("0.0.0.0", False),
        ("192.0.0.8", False), ("224.0.0.1", False), ("::1", False), ("fe80::1", False), ("fec0::1", False), ("fc00::1", False),
        ("::ffff:127.0.0.1", False), ("64:ff9b::7f00:1", False), ("2002:7f00:1::", False), ("8.8.8.8", True), ("2606:4700::1111", True),
    ],
)  # fmt: skip
def test_which_addresses_are_public(address, public):
    assert outgoing.is_public(address) is public


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f000001"])
def test_outside_development_this_machine_is_not_called(host, receiver):
    port = receiver.url.split(":")[2].split("/")[0]
    with outgoing.session(private=False) as session, pytest.raises(OSError, match="not public"):
        session.post(f"http://{host}:{port}/", data=b"{}", timeout=2)
    assert receiver.seen == []

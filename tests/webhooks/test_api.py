"""What programs ask with an API key: the stream and its cursor, one webhook, how it was answered; never another partner's."""

import json
import threading
import time

import pytest
from sqlalchemy import select

from portal.extensions import db
from portal.keys import service as keys
from portal.models.delivery import Forward
from portal.status import ForwardKind
from portal.transaction import writing
from portal.webhooks import streaming, telling
from tests.webhooks.sending import Hook, event, hook, sign, webhook  # noqa: F401 - a fixture

API = "/api/v1/webhooks"
TELL = "/api/v1/attempts"


@pytest.fixture
def ask(app, world):
    """`ask("acme", path)` with a key of that partner."""
    tokens = {}
    with app.app_context(), writing():
        for house, person in (("acme", "alice"), ("birch", "carol")):
            tokens[house] = keys.create(world.partner(house), name="test", by=world.user(person))[1]

    def call(house, path, method="GET", **more):
        headers = {"Authorization": f"Bearer {tokens[house]}"}
        return app.test_client().open(path, method=method, headers=headers, csrf=False, **more)

    return call


def stored(app):
    with app.app_context():
        return db.session.scalars(select(Forward).order_by(Forward.id)).all()


def test_without_a_cursor_it_begins_now(ask, hook):  # noqa: F811 - the fixture
    assert ask("acme", API).json == {"webhooks": [], "cursor": "0"}
    hook.send(webhook(event()))
    answer = ask("acme", API)
    assert answer.json["webhooks"] == []
    assert ask("acme", f"{API}?after={answer.json['cursor']}").status_code == 204
    assert answer.headers["Cache-Control"] == "no-store"


def test_what_came_after_a_cursor_oldest_first(ask, hook):  # noqa: F811 - the fixture
    for n in range(3):
        hook.send(webhook(event(id=f"EV{n}")))
    answer = ask("acme", f"{API}?after=0").json
    assert [one["key"] for one in answer["webhooks"]] == [one.key for one in hook.deliveries()]
    assert answer["cursor"] == answer["webhooks"][-1]["cursor"]
    one = answer["webhooks"][0]
    assert one["body"].encode() == webhook(event(id="EV0"))
    assert ["Webhook-Signature", sign(webhook(event(id="EV0")))] in one["headers"]
    assert (one["verdict"], one["answer"], one["app"]["name"]) == ("Signature valid", 204, "Our app")
    behind = ask("acme", f"{API}?after={one['cursor']}").json["webhooks"]
    assert [other["events"][0]["id"] for other in behind] == ["EV1", "EV2"]


def test_pages_of_the_stream_miss_nothing_and_repeat_nothing(ask, hook, monkeypatch):  # noqa: F811 - the fixture
    monkeypatch.setattr(streaming, "AT_ONCE", 4)
    monkeypatch.setattr(telling, "AT_ONCE", 900)
    for n in range(11):
        hook.send(webhook(event(id=f"EV{n}")))
    seen, cursor = [], "0"
    while (answer := ask("acme", f"{API}?after={cursor}")).status_code == 200:
        seen += [one["key"] for one in answer.json["webhooks"]]
        cursor = answer.json["cursor"]
    assert seen == [one.key for one in hook.deliveries()]


@pytest.mark.parametrize("cursor", ["x", "-1", "9" * 30, "1.5", "%00", ""])
def test_cursors_that_are_none_are_refused_and_never_mean_now(ask, world, cursor):
    answer = ask("acme", f"{API}?after={cursor}")
    assert (answer.status_code, answer.is_json) == (422, True)


def test_a_question_is_held_until_something_comes(ask, hook):  # noqa: F811 - the fixture
    threading.Timer(0.4, lambda: hook.send(webhook(event()))).start()
    answer = ask("acme", f"{API}?after=0&wait=10")
    assert [one["events"][0]["id"] for one in answer.json["webhooks"]] == ["EV0001"]


def test_a_question_is_not_held_for_ever_and_not_by_all(app, world, monkeypatch):
    monkeypatch.setattr(streaming, "LONGEST", 0.3)
    began = time.monotonic()
    with app.app_context():
        streaming.wait(world.partners["acme"], 0, seconds=999)
    assert time.monotonic() - began < 5
    seats = streaming.Seats(4)
    with seats.one() as first, seats.one() as second:
        assert (first, second) == (True, False)
    with seats.one() as third:
        assert third


def test_partners_hear_only_of_their_own(ask, hook):  # noqa: F811 - the fixture
    hook.send(webhook(event()))
    (one,) = hook.read()
    assert ask("birch", f"{API}?after=0").status_code == 204
    assert ask("birch", f"{API}/{one.key}").status_code == 404
    assert ask("birch", f"{API}/export").text == ""
    assert ask("acme", f"{API}/{one.key}").json["key"] == one.key
    assert [json.loads(line)["key"] for line in ask("acme", f"{API}/export").text.splitlines()] == [one.key]
    assert ask("acme", f"{API}/export?verdict=invalid").text == ""


def test_telling_how_it_was_answered(app, ask, hook):  # noqa: F811 - the fixture
    hook.send(webhook(event()))
    (one,) = hook.read()
    attempt = {"webhook": one.key, "to": "laptop: http://localhost:3000", "status": 500, "error": "", "milliseconds": 12.5}
    answer = ask("acme", TELL, "POST", json={"attempts": [attempt, {**attempt, "status": None, "error": "broke\x1b[31m off"}]})
    assert (answer.status_code, answer.json) == (201, {"kept": 2})
    first, second = stored(app)
    assert (first.kind, first.to, first.status) == (ForwardKind.LISTENER, "laptop: http://localhost:3000", 500)
    assert (second.status, second.error) == (None, "broke[31m off")


def test_telling_about_another_partner_s_webhook_keeps_nothing(app, ask, hook):  # noqa: F811 - the fixture
    hook.send(webhook(event()))
    (one,) = hook.read()
    answer = ask("birch", TELL, "POST", json={"attempts": [{"webhook": one.key, "status": 200}]})
    assert (answer.status_code, answer.is_json) == (404, True)
    assert stored(app) == []


def test_there_is_an_end_to_what_is_kept_of_one(app, ask, hook, monkeypatch):  # noqa: F811 - the fixture
    monkeypatch.setattr(streaming, "KEPT_ATTEMPTS", 2)
    hook.send(webhook(event()))
    (one,) = hook.read()
    for _ in range(4):
        ask("acme", TELL, "POST", json={"attempts": [{"webhook": one.key, "status": 200}]})
    assert len(stored(app)) == 2


@pytest.mark.parametrize(
    "sent",
    [
        None, [], 7, "x", {}, {"attempts": None}, {"attempts": [1]}, {"attempts": [{}]}, {"attempts": [{"webhook": "x", "status": "200"}]},
        {"attempts": [{"webhook": "x", "status": 99}]}, {"attempts": [{"webhook": "x", "status": True}]},
        {"attempts": [{"webhook": "x", "milliseconds": -1}]}, {"attempts": [{"webhook": "x", "milliseconds": 1e300}]},
        {"attempts": [{"webhook": "x"}] * 101},
    ],
)  # fmt: skip
def test_lists_that_are_none(app, ask, world, sent):
    assert ask("acme", TELL, "POST", json=sent).status_code == 422
    assert stored(app) == []


@pytest.mark.parametrize(
    ("sent", "status"),
    [(b"", 422), (b"\xff", 422), (b"{", 422), (b'{"attempts":[{"webhook":"\\ud800"}]}', 404), (b"x" * 300_000, 413)],
)
def test_bytes_that_are_no_list(ask, world, sent, status):
    answer = ask("acme", TELL, "POST", data=sent)
    assert (answer.status_code, answer.is_json) == (status, True)

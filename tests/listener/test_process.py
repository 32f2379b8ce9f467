"""`portal listen` as the process that a developer starts, against a portal that stops and comes back."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest
from sqlalchemy import select
from werkzeug.serving import make_server

from portal import clock
from portal.extensions import db
from portal.keys import service as keys
from portal.models.api_key import ApiKey
from portal.models.delivery import Forward
from portal.transaction import writing
from tests.browser import Quiet
from tests.waiting import free_port, until
from tests.webhooks.conftest import Receiver
from tests.webhooks.sending import event, hook, sign, webhook  # noqa: F401 - a fixture

ROOT = Path(__file__).parents[2]


class Server:
    """The portal on a port of its own, to be stopped and started."""

    def __init__(self, app):
        self.app, self.port, self.server = app, free_port(), None
        self.address = f"http://127.0.0.1:{self.port}"

    def start(self):
        self.server = make_server("127.0.0.1", self.port, self.app, threaded=True, request_handler=Quiet)
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02})
        self.thread.start()

    def stop(self):
        if self.server:
            self.server.shutdown()
            self.thread.join()
            self.server.server_close()
            self.server = None


@pytest.fixture
def server(app):
    made = Server(app)
    made.start()
    yield made
    made.stop()


@pytest.fixture
def mine():
    made = Receiver()
    yield made
    made.stop()


@pytest.fixture
def key(app, world):
    with app.app_context(), writing():
        return keys.create(world.partner("acme"), name="laptop", by=world.user("alice"))[1]


@pytest.fixture
def listening(server, mine, key, tmp_path):
    """`with listening() as process:` starts the command; what it says is in `process.said()`."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}

    @contextmanager
    def start(*arguments, to=None, address=None, token=key, wait="Ctrl-C stops"):
        place = clean | {"PORTAL_API_KEY": token, "XDG_STATE_HOME": str(tmp_path), "PYTHONUNBUFFERED": "1"}
        log = tmp_path / f"said-{len(list(tmp_path.glob('said-*')))}"
        command = [sys.executable, "-m", "portal.cli", "listen", "--portal", address or server.address, "--to", to or mine.url]
        with log.open("wb") as output:
            process = subprocess.Popen([*command, *arguments], env=place, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT)
        process.said = log.read_text
        try:
            until(lambda: wait in process.said() or process.poll() is not None)
            yield process
        finally:
            if process.poll() is None:
                process.kill()
            process.wait()

    return start


def got(receiver):
    return [json.loads(body)["events"][0]["id"] for _, body in receiver.got]


def began(tmp_path):
    """Whether the place is kept: from then on nothing is missed."""
    return bool(list(tmp_path.glob("partner-portal/listen-*.json")))


def test_webhooks_arrive_byte_for_byte_and_the_answer_goes_back(app, hook, mine, listening, tmp_path):  # noqa: F811 - the fixture
    with listening() as process:
        until(lambda: began(tmp_path))
        raw = webhook(event(), event(id="EV2")) + b" \n"
        hook.send(raw, headers={"Origin": "https://api-sandbox.gocardless.com", "X-Double": "a, b"})
        hook.send(webhook(event(id="EVFORGED")), header="0" * 64)
        until(lambda: len(mine.got) == 2)
        headers, body = mine.got[0]
        assert body == raw
        assert headers["Webhook-Signature"] == sign(raw)
        assert headers["Origin"] == "https://api-sandbox.gocardless.com"
        assert headers["Host"] == mine.url.split("/")[2]
        until(lambda: process.said().count("→ 204 in") == 2)
        assert re.search(r"\d\d:\d\d:\d\d  payments failed \+1 +Signature valid, portal answered 204", process.said())
        assert "Signature invalid, portal answered 498" in process.said()
        until(lambda: len(told(app)) == 2)
        assert {one.status for one in told(app)} == {204}
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0
        assert "Stopped. The next start goes on from here." in process.said()
        assert "Traceback" not in process.said()


def told(app):
    with app.app_context():
        return db.session.scalars(select(Forward).order_by(Forward.id)).all()


def test_nothing_is_lost_when_the_portal_restarts_and_the_listener_is_killed(hook, mine, server, listening, tmp_path):  # noqa: F811
    with listening() as process:
        until(lambda: began(tmp_path))
        hook.send(webhook(event(id="EV1")))
        until(lambda: "EV1" in got(mine))
        server.stop()
        until(lambda: "Trying again; nothing is lost" in process.said())
        hook.send(webhook(event(id="EV2")))
        server.start()
        until(lambda: "EV2" in got(mine))
        until(lambda: "The portal answers again." in process.said())
        process.kill()
    for n in range(3, 9):
        hook.send(webhook(event(id=f"EV{n}")))
    with listening():
        until(lambda: "EV8" in got(mine))
    seen = list(dict.fromkeys(got(mine)))
    assert seen == [f"EV{n}" for n in range(1, 9)], "in order, and each at least once"
    assert len(got(mine)) <= 9, "at most the one that was on its way comes twice"


def test_killed_again_and_again_it_passes_on_every_one(hook, mine, listening, tmp_path):  # noqa: F811 - the fixture
    with listening():
        until(lambda: began(tmp_path))
    for n in range(30):
        hook.send(webhook(event(id=f"EV{n}")))
    for least in (1, 5, 9):
        with listening():
            until(lambda: len(mine.got) >= least)  # noqa: B023 - asked at once
    with listening():
        until(lambda: {f"EV{n}" for n in range(30)} <= set(got(mine)))


def test_a_program_that_is_being_restarted_misses_nothing(hook, server, listening, tmp_path):  # noqa: F811 - the fixture
    later = Receiver()
    address, port = later.url, later.server.server_port
    later.stop()
    with listening(to=address) as process:
        until(lambda: began(tmp_path))
        hook.send(webhook(event(id="EV1")))
        hook.send(webhook(event(id="EV2")))
        until(lambda: "The webhooks wait until it does" in process.said())
        later.server = ThreadingHTTPServer(("127.0.0.1", port), later._handler())
        later.thread = threading.Thread(target=later.server.serve_forever)
        later.thread.start()
        until(lambda: got(later) == ["EV1", "EV2"])
    later.stop()


def test_a_revoked_key_ends_it_with_words(app, hook, listening, key, tmp_path):  # noqa: F811 - the fixture
    with listening() as process:
        until(lambda: began(tmp_path))
        with app.app_context(), writing():
            db.session.scalars(select(ApiKey)).one().revoked_at = clock.now()
        assert process.wait(30) == 1
        assert "Send a valid API key" in process.said()
        assert key not in process.said()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"token": ""}, "Set PORTAL_API_KEY"),
        ({"token": "pk_wrong"}, "Send a valid API key"),
        ({"to": "localhost:3000"}, "this must be an address"),
        ({"address": "ftp://example.com"}, "this must be an address"),
    ],
)
def test_what_is_missing_is_said(app, world, listening, arguments, words):
    with listening(**arguments, wait="Error") as process:
        assert process.wait(30) in (1, 2)
        assert words in process.said()
        assert "Traceback" not in process.said()


def test_from_the_start_brings_what_is_still_kept(hook, mine, listening):  # noqa: F811 - the fixture
    hook.send(webhook(event(id="EVOLD")))
    with listening("--from", "start"):
        until(lambda: got(mine) == ["EVOLD"])

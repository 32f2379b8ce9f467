"""The receiver killed with -9 while webhooks arrive: every one that was answered 204 is in the log."""

import os
import random
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from bench import _hooks
from tests.waiting import free_port, until
from tests.webhooks.sending import Hook

HERE = Path(__file__)
WEBHOOKS, KILLS = 240, 1


class Server:
    """gunicorn on the database of the tests, in a process group of its own."""

    def __init__(self, settings):
        self.port = free_port()
        self.environment = {
            **os.environ,
            "PYTHONPATH": str(HERE.parents[2]),
            "PORTAL_ENVIRONMENT": "test",
            "PORTAL_INSTANCE": str(settings.instance),
            "PORTAL_DATABASE_URL": settings.database_url,
            "PORTAL_WEBHOOK_RATE": "100000",
        }
        self.start()

    def start(self):
        command = [sys.executable, "-m", "gunicorn", "portal:create_app()", "--bind", f"127.0.0.1:{self.port}"]
        command += [
            "--worker-class",
            "gthread",
            "--threads",
            "4",
            "--no-control-socket",
            "--log-level",
            "critical",
            "-c",
            "/dev/null",
        ]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "start_new_session": True}
        self.process = subprocess.Popen(command, cwd=HERE.parent, env=self.environment, **quiet)

    def kill(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@pytest.fixture
def server(settings):
    made = Server(settings)
    yield made
    made.kill()


def keep_sending(server, requests, answered, numbers):
    for number in numbers:
        while number not in answered:
            try:
                with _hooks.connected(server.port) as connection:
                    if _hooks.sent(connection, requests[number]) == 204:
                        answered.add(number)
            except OSError:
                threading.Event().wait(0.05)


def test_what_was_answered_204_is_in_the_log_whenever_the_process_dies(server, app, world):
    hook, chance, answered = Hook(app, world.partners["acme"], secret=_hooks.SECRET), random.Random(7), set()
    raw = [_hooks.body(1, chance) for _ in range(WEBHOOKS)]
    requests = [_hooks.signed(hook.url, one) for one in raw]
    senders = [
        threading.Thread(target=keep_sending, args=(server, requests, answered, range(first, WEBHOOKS, 4)), daemon=True)
        for first in range(4)
    ]
    for sender in senders:
        sender.start()
    for death in range(1, KILLS + 1):
        until(lambda reached=WEBHOOKS * death // (KILLS + 1): len(answered) >= reached, seconds=90)
        server.kill()
        server.start()
    for sender in senders:
        sender.join()
    stored = {one.body for one in hook.deliveries()}
    assert len(answered) == WEBHOOKS
    assert {raw[number] for number in answered} <= stored

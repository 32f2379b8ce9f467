"""Webhooks sent to a portal that is killed again and again, as hard as a process can be killed, and what is in its log afterwards."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue

from sqlalchemy import select

from bench import _hooks
from bench._portal import application, environment
from bench._serving import WAIT, free_port
from portal.commands.init import prepare
from portal.extensions import db
from portal.models.delivery import Delivery

PAUSE = 0.05


@dataclass(frozen=True)
class Died:
    """How often, and what became of the webhooks."""

    kills: int
    answered: int
    repeated: int
    lost: int


def sent_while_dying(folder: Path, *, webhooks: int, kills: int) -> Died:
    """Each webhook is sent again until it is answered 204; the portal dies after every so many answers."""
    app = application(folder)
    prepare(app)
    partner_id, _, key = _hooks.an_app(app)
    requests = _hooks.some(f"/hooks/{key}", 1, many=webhooks)
    server = _Mortal(environment(app.settings.instance) | {"PORTAL_WEBHOOK_RATE": "1000000"})
    answered = _sent(server, requests, kills)
    with app.app_context():
        stored = Counter(db.session.scalars(select(Delivery.body).where(Delivery.partner_id == partner_id)))
    bodies = [requests[number].partition(b"\r\n\r\n")[2] for number in answered]
    lost, repeated = sum(raw not in stored for raw in bodies), sum(many > 1 for many in stored.values())
    return Died(server.deaths, len(answered), repeated, lost)


class _Mortal:
    """The web server with its workers, in a process group that can be killed as one."""

    def __init__(self, settings: Mapping[str, str]) -> None:
        self.port, self.deaths, self._settings = free_port(), 0, settings
        self._start()

    def _start(self) -> None:
        command = [
            sys.executable, "-m", "gunicorn", "portal:create_app()", "--bind", f"127.0.0.1:{self.port}", "--worker-class", "gthread",
            "--threads", "4", "--workers", "2", "--keep-alive", "60", "--log-level", "critical", "--no-control-socket",
        ]  # fmt: skip
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "start_new_session": True}
        paths = {"PYTHONPATH": str(Path(__file__).parents[1])}
        self._process = subprocess.Popen(
            command, cwd=Path(__file__).parent, env={**os.environ, **self._settings, **paths}, **quiet
        )

    def die(self, *, again: bool) -> None:
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(WAIT)
        if again:
            self.deaths += 1
            self._start()


def _sent(server: _Mortal, requests: list[bytes], kills: int) -> list[int]:
    """Numbers of those that were answered 204."""
    waiting: SimpleQueue[int] = SimpleQueue()
    for number in range(len(requests)):
        waiting.put(number)
    answered: list[int] = []
    threads = [
        threading.Thread(target=_keep_sending, args=(server, requests, waiting, answered)) for _ in range(_hooks.CONNECTIONS)
    ]
    for thread in threads:
        thread.start()
    for death in range(1, kills + 1):
        while len(answered) < len(requests) * death // (kills + 1):
            time.sleep(0.005)
        server.die(again=True)
    for thread in threads:
        thread.join()
    server.die(again=False)
    return answered


def _keep_sending(server: _Mortal, requests: list[bytes], waiting: SimpleQueue[int], answered: list[int]) -> None:
    number: int | None = None
    while True:
        try:
            with _hooks.connected(server.port) as connection:
                while True:
                    number = waiting.get_nowait() if number is None else number
                    if _hooks.sent(connection, requests[number]) == 204:
                        answered.append(number)
                        number = None
        except Empty:
            return
        except OSError:
            time.sleep(PAUSE)

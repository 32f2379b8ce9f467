"""The log as people read it: its pages with few and with many webhooks, and how soon what arrives is read."""

import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from sqlalchemy import func, select

from bench import _hooks
from bench._log import PAYMENT, RARE, Log
from bench._portal import application, environment
from bench._sandbox import nanoseconds
from bench._serving import WAIT, Served
from bench.figures import Figure
from portal.commands.init import prepare
from portal.extensions import db
from portal.models.delivery import Delivery
from portal.models.partner_app import PartnerApp
from portal.web import Portal
from portal.webhooks import apart

LOG = "/developers/webhooks"
PAGES = {
    "newest": "", "middle": "?before={middle}", "verdict": "?verdict=invalid", "reason": "?reason=unknown", "answer": "?answer=498",
    "event": "?event=payments.failed", "type": "?type=payments", "resource": f"?resource={PAYMENT}", "organisation": "?organisation=OR0003",
    "app": "?app={app}", "time": "?since=2026-01-01T00:05:00Z&until=2026-01-01T00:10:00Z", "text.rare": f"?q={RARE}",
    "text.every": "?q=gocardless", "text.none": "?q=haystack", "text.words": "?q=payment+failed",
}  # fmt: skip
ROUNDS, TIMES = 5, 12
OPEN_LOG = 2.0
"""Seconds between two questions of an open log (static/js/webhooks.js)."""


@dataclass
class _Target:
    """A log of one size behind a server."""

    served: Served
    log: Log
    paths: Mapping[str, str]
    by_clock: bool
    version: str = ""
    taken: dict[str, list[float]] = field(default_factory=dict)

    def milliseconds(self, path: str, times: int, *, status: int = 200) -> float:
        """Of the server's processor for one answer; where the database is another process, of the clock, the median."""
        took, before = [], nanoseconds(self.served.workers())
        for _ in range(times):
            started = time.perf_counter()
            self._ask(path, status)
            took.append((time.perf_counter() - started) * 1000)
        spent = (nanoseconds(self.served.workers()) - before) / times / 1e6
        return median(took) if self.by_clock else spent

    def _ask(self, path: str, status: int) -> None:
        headers = {"Cookie": self.log.cookie} | ({"If-None-Match": self.version} if status == 304 else {})
        self.served.connection.request("GET", path, headers=headers)
        answer = self.served.connection.getresponse()
        answer.read()
        if answer.status != status:
            raise RuntimeError(f"{path} answered {answer.status}")
        self.version = answer.headers.get("ETag", self.version)


Apps = Mapping[str, tuple[Portal, Log]]


def pages(name: str, apps: Apps, more: Mapping[str, Mapping[str, str]], *, growth: float, poll: float) -> Iterator[Figure]:
    """Every page of PAGES, `many` against `few`, and a poll with nothing new against the whole page."""
    with ExitStack() as stack:
        targets = {}
        for size, (app, log) in apps.items():
            served = stack.enter_context(Served("portal:create_app()", environment(app.settings.instance) | more.get(size, {})))
            targets[size] = _Target(served, log, _paths(app, log), bool(more))
            targets[size].milliseconds(f"{LOG}/news", 1)
        _measure(targets)
    unit = "ms until the answer" if more else "ms CPU"
    few, many = targets["few"].taken, targets["many"].taken
    for page in PAGES:
        ratio = median(one / other for one, other in zip(many[page], few[page], strict=True))
        yield Figure(f"{name}.{page}", median(many[page]), f"{unit}, log of a million")
        yield Figure(f"{name}.{page}.growth", ratio, "x a log of a thousand", "<=", growth)
    against = median(one / other for one, other in zip(many["poll"], many["newest"], strict=True))
    yield Figure(f"{name}.poll", against, "x the page, when nothing is new", "<=", poll)


def _paths(app: Portal, log: Log) -> dict[str, str]:
    with app.app_context():
        mine = Delivery.partner_id == log.partner_id
        first, last = db.session.execute(select(func.min(Delivery.id), func.max(Delivery.id)).where(mine)).one()
        key = db.session.get_one(PartnerApp, log.app_id).key
    return {page: LOG + query.format(middle=(first + last) // 2, app=key) for page, query in PAGES.items()}


def _measure(targets: Mapping[str, _Target]) -> None:
    """Every round asks both for every page in turn, every second one the other way round."""
    for number in range(-1, ROUNDS):
        for page in [*PAGES, "poll"]:
            for target in list(targets.values())[:: -1 if number % 2 else 1]:
                path, status = (f"{LOG}/news", 304) if page == "poll" else (target.paths[page], 200)
                taken = target.milliseconds(path, TIMES, status=status)
                if number >= 0:
                    target.taken.setdefault(page, []).append(taken)


def seconds_until_read(folder: Path, *, per_second: int, seconds: int) -> list[float]:
    """Server and worker as in production; how long each webhook took from its arrival until it was read."""
    app = application(folder)
    prepare(app)
    partner_id, _, key = _hooks.an_app(app)
    settings = environment(app.settings.instance)
    with Served("portal:create_app()", settings) as served, _working(settings):
        requests = _hooks.some(f"/hooks/{key}", 1, many=per_second * seconds)
        _send_evenly(served.port, requests[:1], per_second)
        _delays(app, partner_id, 1)  # now both are awake
        _send_evenly(served.port, requests, per_second)
        return _delays(app, partner_id, 1 + len(requests))[1:]


@contextmanager
def _working(settings: Mapping[str, str]) -> Iterator[None]:
    command = [sys.executable, "-c", "from portal.cli import main; main()", "worker"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, env={**os.environ, **settings}, **quiet)
    try:
        yield
    finally:
        process.terminate()
        process.wait(WAIT)


def _send_evenly(port: int, requests: list[bytes], per_second: int) -> None:
    """Each at its moment, whatever the one before took."""
    began, answers = time.monotonic(), Counter[int]()

    def send(first: int) -> None:
        with _hooks.connected(port) as connection:
            for number in range(first, len(requests), _hooks.CONNECTIONS):
                time.sleep(max(0.0, began + number / per_second - time.monotonic()))
                answers[_hooks.sent(connection, requests[number])] += 1

    threads = [threading.Thread(target=send, args=(first,)) for first in range(_hooks.CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if answers != {204: len(requests)}:
        raise RuntimeError(f"of {len(requests)} webhooks were answered {dict(answers)}")


def _delays(app: Portal, partner_id: int, many: int) -> list[float]:
    read = select(Delivery.received_at, Delivery.parsed_at).where(
        Delivery.partner_id == partner_id, Delivery.parsed_at.is_not(None)
    )
    end = time.monotonic() + WAIT
    while time.monotonic() < end:
        with app.app_context(), apart.reading(db.engine) as connection:  # takes nobody's turn
            found = connection.execute(read).all()
        if len(found) == many:
            return [(parsed - received).total_seconds() for received, parsed in found]
        time.sleep(0.2)
    raise RuntimeError(f"{len(found)} of {many} webhooks were read")

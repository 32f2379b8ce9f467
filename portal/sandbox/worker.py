"""The background thread: works off what the clock makes due, gathers events into webhooks and has them sent."""

import logging
import threading
from collections import defaultdict
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from sqlalchemy import Row

from portal.sandbox import clock, timeline
from portal.sandbox.deliveries import queue, sender
from portal.sandbox.house import House

log = logging.getLogger(__name__)
PAUSE = 0.1
CLAIM = 200


class Worker:
    """Started once per process; several processes share the work through the database."""

    def __init__(self, house: House) -> None:
        self.house = house
        self._stop = threading.Event()
        self._pool = ThreadPoolExecutor(house.settings.webhook_senders, thread_name_prefix="webhooks")
        self._busy: dict[str, Future[None]] = {}
        self._thread = threading.Thread(target=self._loop, name="sandbox-worker", daemon=True)

    def start(self) -> None:
        """A lone process takes up at once what the one before it was sending when it died; others wait for the leases."""
        if self.house.database.is_sqlite and self.house.settings.processes == 1:
            with self.house.database.writing() as conn:
                queue.release(conn)
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout=5)
        self._pool.shutdown(wait=False, cancel_futures=True)
        self.house.log.flush()

    def _loop(self) -> None:
        while not self._stop.is_set():
            try:
                busy = self.turn()
            except Exception:  # a database that is away for a moment must not end the worker
                log.exception("The sandbox's worker stumbled")
                busy = False
            self._stop.wait(0 if busy else PAUSE)

    def turn(self) -> bool:
        """One round of everything. Returns whether there was anything to do."""
        done = work_off(self.house)
        gathered = gather(self.house)
        sent = self._dispatch()
        self.house.log.flush()
        return bool(done or gathered or sent)

    def _dispatch(self) -> int:
        """Hands claimed webhooks to the pool, one job per endpoint, so that a slow one holds up nobody else."""
        self._busy = {endpoint: future for endpoint, future in self._busy.items() if not future.done()}
        if len(self._busy) >= self.house.settings.webhook_senders:
            return 0
        with self.house.database.reading() as conn:
            if not queue.waiting(conn):
                return 0
        with self.house.database.writing() as conn:
            rows = queue.claim(conn, CLAIM, sender.PATIENCE + self.house.settings.webhook_timeout + 5, busy=tuple(self._busy))
        for endpoint, group in _by_endpoint(rows).items():
            self._busy[endpoint] = self._pool.submit(sender.drain, self.house.database, self.house.settings, group)
        return len(rows)


def work_off(house: House) -> int:
    """Does everything that is due by the sandbox's clock now."""
    if not _any_due(house):
        return 0
    with house.database.writing() as conn:
        return timeline.run_due(house.world, conn, house.world(conn, "").now)


def gather(house: House) -> int:
    with house.database.reading() as conn:
        if not queue.waiting(conn):
            return 0
    with house.database.writing() as conn:
        return queue.gather(conn, house.settings, clock.stamp(house.world(conn, "").now))


def _any_due(house: House) -> bool:
    with house.database.reading() as conn:
        return timeline.is_due(conn, house.world(conn, "").now)


def _by_endpoint(rows: list[Row[Any]]) -> dict[str, list[Row[Any]]]:
    groups: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        groups[row.endpoint].append(row)
    return groups

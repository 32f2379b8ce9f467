"""The queue that wakes the worker: huey, in a SQLite file of its own or in Redis. The outbox row is the truth, this only hurries."""

from functools import cached_property
from hashlib import sha256
from typing import Any

from flask import current_app
from huey import Huey, RedisHuey, SqliteHuey
from redis import ConnectionPool

from portal import outbox
from portal.config import Settings
from portal.web import Portal
from portal.worker.delivery import deliver

SWEEP = 60.0
"""Seconds between two sweeps (portal.worker.periodic)."""


class Queue:
    """huey for one application, made when it is first needed."""

    def __init__(self, app: Portal) -> None:
        self.app = app

    @cached_property
    def huey(self) -> Huey:
        return _huey(self.app.settings)

    @cached_property
    def _deliver(self) -> Any:
        def deliver_row(row_id: int) -> None:
            if not deliver(self.app, row_id):
                self._come_again(row_id)

        return self.huey.task(name="deliver")(deliver_row)

    def _come_again(self, row_id: int) -> None:
        """For a row that is due before the next sweep, which finds all others."""
        with self.app.app_context():
            wait = outbox.due_in(row_id)
        if wait is not None and wait < SWEEP:
            self._deliver.schedule(args=(row_id,), delay=max(wait, 0.05))

    def wake(self, row_id: int) -> None:
        """Ask a worker to look at this row now."""
        self._deliver(row_id)

    def ready(self) -> Huey:
        """huey with its tasks, for the process that does them."""
        return self._deliver.huey


def init_app(app: Portal) -> None:
    """Stored rows wake the worker from now on."""
    app.extensions["queue"] = Queue(app)
    outbox.wake_with(_wake)


def _wake(row_id: int) -> None:
    current_app.extensions["queue"].wake(row_id)


def _huey(settings: Settings) -> Huey:
    name = f"portal-{sha256(settings.database.encode()).hexdigest()[:12]}"  # one Redis may serve several portals
    if settings.redis_url:
        pool = ConnectionPool.from_url(settings.redis_url, socket_connect_timeout=2, socket_timeout=5)
        return RedisHuey(name, connection_pool=pool, results=False)
    settings.instance.mkdir(parents=True, exist_ok=True)
    return SqliteHuey(name, filename=str(settings.instance / "jobs.sqlite"), results=False, fsync=False)

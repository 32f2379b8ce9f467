"""The worker process: two threads of huey's consumer and one that reads webhooks, until it is told to stop."""

from collections.abc import Callable

from huey import Huey

from portal.web import Portal
from portal.worker.periodic import PERIODIC, Periodic, beat
from portal.worker.queue import Queue
from portal.worker.webhooks import Reader

THREADS = 2
GRACE = 20
"""Seconds for what is under way when the worker is told to stop; the lease covers the rest."""


def run(app: Portal) -> None:
    """Work until SIGTERM or SIGINT."""
    queue: Queue = app.extensions["queue"]
    huey = queue.ready()
    beat(app)
    _register(huey, app)
    with Reader(app):
        huey.create_consumer(workers=THREADS, max_delay=1.0, graceful_signal="TERM", shutdown_timeout=GRACE).run()


def _register(huey: Huey, app: Portal) -> None:
    """Every duty by the clock; the sweep also at once, because what ran before may have been killed."""
    tasks = {duty.name: huey.periodic_task(duty.at, name=duty.name)(_bound(duty, app)) for duty in PERIODIC}
    huey.enqueue(tasks["sweep"].s())


def _bound(duty: Periodic, app: Portal) -> Callable[[], None]:
    def run_duty() -> None:
        duty.run(app)

    return run_duty

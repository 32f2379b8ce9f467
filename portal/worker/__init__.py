"""The background process: delivers outbox rows, keeps time. `drain` does the same work at once, for tests and commands."""

from portal.worker.delivery import deliver, drain
from portal.worker.queue import init_app

__all__ = ["deliver", "drain", "init_app"]

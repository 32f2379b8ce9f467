"""The sandbox under gunicorn: threads for the calls, and one worker thread in each process for deliveries and the clock."""

import gc
import sys
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]  # gunicorn brings no types
from pydantic import ValidationError

from portal.sandbox import create_sandbox
from portal.sandbox.settings import Settings
from portal.sandbox.worker import Worker

_workers: list[Worker] = []


class Server(BaseApplication):  # type: ignore[misc]  # see the import
    """Gunicorn, configured by :class:`Settings` alone and not by the command line."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        super().__init__()

    def load_config(self) -> None:
        options: dict[str, Any] = {
            "bind": f"{self.settings.host}:{self.settings.port}",
            "workers": self.settings.processes,
            "threads": self.settings.threads,
            "worker_class": "gthread",
            "reuse_port": self.settings.processes > 1,
            "graceful_timeout": 3,
            "loglevel": "warning",
            "post_worker_init": _start_worker,
            "worker_exit": _stop_worker,
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return create_sandbox(self.settings)


def main() -> None:
    """Runs until it is told to stop. A setting that makes no sense ends it at once, in words."""
    try:
        settings = Settings()
    except ValidationError as problem:
        sys.exit(f"The sandbox can not start:\n{problem}")
    sys.stderr.write(f"GoCardless sandbox on {settings.origin}\n")
    Server(settings).run()


def _start_worker(process: Any) -> None:
    gc.freeze()  # all that was loaded stays, so that collections look only at what calls leave behind
    gc.set_threshold(10_000, 20, 50)
    worker = Worker(process.wsgi.extensions["sandbox"])
    worker.start()
    _workers.append(worker)


def _stop_worker(_server: Any, _process: Any) -> None:
    while _workers:
        _workers.pop().stop()

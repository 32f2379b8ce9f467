"""The worker's thread that reads webhooks as they come: it looks ten times a second, so that nobody need wake it."""

import threading

import structlog

from portal.web import Portal
from portal.webhooks import reading

PAUSE = 0.1
log = structlog.get_logger("portal.worker")


class Reader:
    """Use it with `with`: reads until the end of the block, and what is under way is finished."""

    def __init__(self, app: Portal) -> None:
        self._app, self._over = app, threading.Event()
        self._thread = threading.Thread(target=self._run, name="webhooks", daemon=True)

    def __enter__(self) -> "Reader":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._over.wait(PAUSE):
            try:
                with self._app.app_context():
                    while not self._over.is_set() and reading.read_some():
                        pass
            except Exception as error:  # the database is busy or away, or worse: what waits is due again in a moment
                log.warning("webhooks wait", error=type(error).__name__, exc_info=error)

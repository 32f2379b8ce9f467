"""Group commit: webhooks that wait at the same moment share one transaction, and none is answered before it is on the disk.

Whoever comes first stores for all who wait by then; then the first of those who came meanwhile does the same. No thread of its own,
so that nothing is lost or stuck when the server forks; a forked process begins with an empty group.
"""

import os
import time
from collections import deque
from threading import Lock
from typing import Any

import structlog
from sqlalchemy import Engine, insert
from sqlalchemy.exc import SQLAlchemyError

from portal.extensions import Base
from portal.webhooks import apart

MOST = 64
"""Webhooks in one transaction."""
_INSERT = insert(Base.metadata.tables["delivery"])
log = structlog.get_logger("portal.webhooks")
Values = dict[str, Any]


class NotStored(Exception):
    """The database did not take it; the sender must come again."""


class _Waiting:
    """One webhook, until it is known what became of it."""

    __slots__ = ("error", "leads", "started", "turn", "values")

    def __init__(self, values: Values, started: float) -> None:
        self.values, self.started = values, started
        self.error, self.leads = "not tried", False
        self.turn = Lock()
        self.turn.acquire()


class Group:
    """Those who wait in this process for one database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._waiting: deque[_Waiting] = deque()
        self._lock, self._busy = Lock(), False

    def store(self, values: Values, started: float) -> None:
        """Back when the values are stored; `started` is when the request began, by time.perf_counter. Raises NotStored."""
        mine = _Waiting(values, started)
        with self._lock:
            self._waiting.append(mine)
            mine.leads, self._busy = not self._busy, True
        if not mine.leads:
            mine.turn.acquire()  # until it is stored, or its turn to store for the others
        if mine.leads:
            self._lead(mine)
        if mine.error:
            raise NotStored(mine.error)

    def _lead(self, mine: _Waiting) -> None:
        """Store what waits, wake those whose it is, and leave the lead to the next."""
        time.sleep(0)  # those who are about to come are in the group then
        batch = [self._waiting.popleft() for _ in range(min(len(self._waiting), MOST))]
        try:
            self._settle(batch)
        finally:
            self._hand_over()
            for one in batch:
                if one is not mine:
                    one.turn.release()

    def _hand_over(self) -> None:
        with self._lock:
            self._busy = bool(self._waiting)
            if self._busy:
                self._waiting[0].leads = True
                self._waiting[0].turn.release()

    def _settle(self, batch: list[_Waiting]) -> None:
        """All together; when that fails each alone, so that one that cannot be stored takes no other with it."""
        error = self._stored(batch)
        for one in batch:
            one.error = error if len(batch) == 1 or not error else self._stored([one])

    def _stored(self, batch: list[_Waiting]) -> str:
        """Empty, or why they are not stored."""
        now = time.perf_counter()
        rows = [{**one.values, "milliseconds": round((now - one.started) * 1000, 2)} for one in batch]
        try:
            with apart.storing(self._engine) as connection:
                connection.execute(_INSERT, rows)
        except (SQLAlchemyError, OSError) as error:
            log.exception("webhooks not stored", webhooks=len(batch))
            return type(error).__name__
        return ""


_groups: dict[Engine, Group] = {}


def store(engine: Engine, values: Values, started: float) -> None:
    """Stored and committed when this returns. Raises NotStored."""
    group = _groups.get(engine) or _groups.setdefault(engine, Group(engine))
    group.store(values, started)


os.register_at_fork(after_in_child=_groups.clear)

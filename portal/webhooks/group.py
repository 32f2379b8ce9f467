"""Group commit: webhooks that wait at the same moment share one transaction, and none is answered before it is on the disk.

Whoever comes first stores for all who wait by then; those who come meanwhile wait for the next turn. No thread of its own, so
that nothing is lost or stuck when the server forks; a forked process begins with an empty group.
"""

import os
import time
from collections import deque
from threading import Lock
from typing import Any

import structlog
from sqlalchemy import Engine, insert
from sqlalchemy.exc import SQLAlchemyError

from portal.extensions import Base, db
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

    __slots__ = ("done", "error", "started", "values")

    def __init__(self, values: Values, started: float) -> None:
        self.values, self.started = values, started
        self.done, self.error = False, "not tried"


class Group:
    """Those who wait in this process for one database."""

    def __init__(self) -> None:
        self._waiting: deque[_Waiting] = deque()
        self._turn = Lock()

    def store(self, values: Values, started: float) -> None:
        """Back when the values are stored; `started` is when the request began, by time.perf_counter. Raises NotStored."""
        mine = _Waiting(values, started)
        self._waiting.append(mine)
        with self._turn:
            while not mine.done:
                _settle([self._waiting.popleft() for _ in range(min(len(self._waiting), MOST))])
        if mine.error:
            raise NotStored(mine.error)


def _settle(batch: list[_Waiting]) -> None:
    """All together; when that fails each alone, so that one that cannot be stored takes no other with it."""
    try:
        error = _stored(batch)
        for one in batch:
            one.error = error if len(batch) == 1 or not error else _stored([one])
    finally:
        for one in batch:
            one.done = True


def _stored(batch: list[_Waiting]) -> str:
    """Empty, or why they are not stored."""
    now = time.perf_counter()
    rows = [{**one.values, "milliseconds": round((now - one.started) * 1000, 2)} for one in batch]
    try:
        with apart.storing() as connection:
            connection.execute(_INSERT, rows)
    except (SQLAlchemyError, OSError) as error:
        log.exception("webhooks not stored", webhooks=len(batch))
        return type(error).__name__
    return ""


_groups: dict[Engine, Group] = {}


def store(values: Values, started: float) -> None:
    """Stored and committed when this returns. Raises NotStored."""
    engine = db.engine
    group = _groups.get(engine) or _groups.setdefault(engine, Group())
    group.store(values, started)


os.register_at_fork(after_in_child=_groups.clear)

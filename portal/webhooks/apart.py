"""Transactions of the receiver's own, apart from the request's: the one exception to portal.transaction, and why.

A request is committed once, by itself, when its view has returned. An answer to a webhook promises that it is stored, and a
commit that reaches the disk costs more than all the rest, so one commit serves all the webhooks that wait (portal.webhooks.group).
Therefore the receiver takes connections of its own from the same engine, with the same rules (portal.extensions: BEGIN IMMEDIATE,
synchronous=FULL), and leaves the request's session alone. Nothing else may come here: no page, no form, no outbox row.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from sqlalchemy import Connection, Engine, text

from portal.extensions import Kind, transaction_kind

STORING, UNDERSTANDING = 7_265_001, 7_265_002
"""Any numbers that no other part of the portal locks on PostgreSQL."""
_ALONE = text("SELECT pg_advisory_xact_lock(:lock)")


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A short look at the database that takes no lock."""
    with _kind("read"), engine.connect() as connection:
        yield connection


@contextmanager
def storing(engine: Engine) -> Iterator[Connection]:
    """One transaction that stores webhooks: committed at its end, rolled back when it raises.

    One after the other in every process, so that ids become visible in their order.
    """
    with _kind("write"), turn(engine), engine.begin() as connection:
        alone(connection, STORING)
        yield connection


def alone(connection: Connection, lock: int) -> None:
    """On PostgreSQL, until the end of this transaction nobody else is behind the same lock. On SQLite no writer has company."""
    if connection.dialect.name == "postgresql":
        connection.execute(_ALONE, {"lock": lock})


@contextmanager
def turn(engine: Engine) -> Iterator[None]:
    """On SQLite, wait in line for the one writer's place: its own way of waiting sleeps, looks again, and is unfair.

    Every process and thread that writes webhooks by the dozen waits here; the kernel forgets who died. Elsewhere this is nothing.
    """
    if engine.dialect.name != "sqlite":
        yield
        return
    line = _lines.get(engine) or _lines.setdefault(engine, _Line(f"{engine.url.database}-turn"))
    with line.threads:
        fcntl.flock(line.file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(line.file, fcntl.LOCK_UN)


class _Line:
    """Where processes wait, and the threads of this one."""

    def __init__(self, path: str) -> None:
        self.file = Path(path).open("ab")  # noqa: SIM115 - it stays open as long as the process lives
        self.threads = Lock()


_lines: dict[Engine, _Line] = {}
os.register_at_fork(after_in_child=_lines.clear)  # a lock of a shared file would be shared too


@contextmanager
def _kind(kind: Kind) -> Iterator[None]:
    token = transaction_kind.set(kind)
    try:
        yield
    finally:
        transaction_kind.reset(token)

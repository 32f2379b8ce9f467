"""Connections and transactions: SQLite is told what kind of transaction begins, and its writers queue in one line."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, delete, event, insert, select
from sqlalchemy.exc import IntegrityError

from portal.sandbox.errors import busy
from portal.sandbox.store.tables import metadata, state

PRAGMAS = (
    "journal_mode=WAL",
    "foreign_keys=ON",
    "synchronous=NORMAL",
    "cache_size=-8000",
    "wal_autocheckpoint=8000",
)


class Database:
    """One engine and the two kinds of transaction. ``synchronous=NORMAL`` loses nothing when the process is killed."""

    def __init__(self, url: str, patience: float = 10) -> None:
        """``patience``: seconds to wait for SQLite's lock while another process has it."""
        self.is_sqlite = url.startswith("sqlite")
        self._patience = patience
        self.engine = self._connect(url)
        self._writers = threading.Lock()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        with self.engine.connect() as conn:
            yield conn

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Commits at the end, rolls back on an exception."""
        with self.engine.connect() as conn, self.writing_on(conn):
            yield conn

    @contextmanager
    def writing_on(self, conn: Connection) -> Iterator[None]:
        """A writing transaction on a connection that has so far only been read from by prepared statements.

        Raises the 503 error when another process keeps SQLite's one lock for longer than we wait.
        """
        if not self.is_sqlite:
            with conn.begin():
                yield
            return
        with self._writers, conn.begin():
            _begin_immediately(conn.connection.dbapi_connection)
            yield

    def create(self) -> None:
        """Makes the tables that are missing and the one row of state; safe when several processes start at once."""
        metadata.create_all(self.engine)
        with self.writing() as conn:
            if conn.execute(select(state.c.id)).first() is None:
                _insert_once(conn)

    def clear(self) -> None:
        """Every row goes at once; who calls meanwhile finds the tables there."""
        with self.writing() as conn:
            for table in reversed(metadata.sorted_tables):
                conn.execute(delete(table))
            _insert_once(conn)

    def _connect(self, url: str) -> Engine:
        if not self.is_sqlite:
            return create_engine(url, pool_size=10)
        options: dict[str, Any] = {"check_same_thread": False, "timeout": self._patience}
        engine = create_engine(
            url, connect_args=options, pool_size=10, pool_reset_on_return=None
        )  # no transaction is left open
        event.listen(engine, "connect", _prepare_sqlite)
        return engine


def _begin_immediately(dbapi: Any) -> None:
    try:
        dbapi.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as problem:
        if problem.sqlite_errorcode == sqlite3.SQLITE_BUSY:
            raise busy() from problem
        raise


def _prepare_sqlite(dbapi: Any, _record: Any) -> None:
    dbapi.isolation_level = None  # the driver must not begin by itself
    for pragma in PRAGMAS:
        dbapi.execute(f"PRAGMA {pragma}")


def _insert_once(conn: Connection) -> None:
    try:
        with conn.begin_nested():
            conn.execute(insert(state).values(id=1, shift=0.0))
    except IntegrityError:
        return

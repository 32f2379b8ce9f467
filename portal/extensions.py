"""The extensions, made here and wired in create_app; SQLite's connections get their rules here too."""

from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any, Literal

from flask_compress import Compress
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from sqlalchemy import Connection, CursorResult, Engine, Executable, MetaData, event
from sqlalchemy.orm import DeclarativeBase, Session

Kind = Literal["read", "write"]
transaction_kind: ContextVar[Kind] = ContextVar("transaction_kind", default="write")


class Base(DeclarativeBase):
    """Every noun; constraints are named so that SQLite's batch migrations can find them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class WriteInReadTransaction(RuntimeError):
    """A GET tried to write: make it a POST, or name it in transaction.WRITING_GETS."""


db = SQLAlchemy(model_class=Base, session_options={"autoflush": True})
migrate = Migrate()
csrf = CSRFProtect()
compress = Compress()
limiter = Limiter(key_func=get_remote_address)


def rows(statement: Executable, values: Mapping[str, object]) -> CursorResult[Any]:
    """Column rows straight from the connection, once what is pending was written: half the cost of the session's own way."""
    db.session.flush()
    return db.session.connection().execute(statement, values)


def attend(engine: Engine) -> None:
    """Give the connections of this engine SQLite's rules; on another database nothing changes."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _sqlite_connect)
        event.listen(engine, "begin", _sqlite_begin)


def _sqlite_connect(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver must not begin by itself
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "busy_timeout=5000", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")


def _sqlite_begin(connection: Connection) -> None:
    """A transaction that will write takes the lock at once: one that upgrades later fails when another came between."""
    connection.exec_driver_sql("BEGIN IMMEDIATE" if transaction_kind.get() == "write" else "BEGIN")


@event.listens_for(Session, "before_flush")
def _reads_stay_reads(session: Session, *_: object) -> None:
    if transaction_kind.get() == "read" and (session.new or session.dirty or session.deleted):
        raise WriteInReadTransaction([*session.new, *session.dirty, *session.deleted])


@event.listens_for(Session, "after_flush")
def _has_written(session: Session, *_: object) -> None:
    session.info["written"] = True


@event.listens_for(Session, "after_commit")
@event.listens_for(Session, "after_rollback")
def _is_settled(session: Session) -> None:
    session.info["written"] = False

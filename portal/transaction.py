"""The one place that commits: a POST that succeeds is stored, everything else is rolled back unless it asked to be kept."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask, Response, g, request

from portal.extensions import db, transaction_kind

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
WRITING_GETS: frozenset[str] = frozenset({"connect.callback", "payments.returned"})
"""GETs that may write, each by name."""


def init_app(app: Flask) -> None:
    app.before_request(_declare)


def _declare() -> None:
    writes = request.method not in SAFE or request.endpoint in WRITING_GETS
    transaction_kind.set("write" if writes else "read")


def finish(response: Response) -> None:
    """Commit when the request may write and either succeeded or called keep()."""
    if transaction_kind.get() == "write" and (response.status_code < 400 or g.get("keep_transaction")):
        db.session.commit()
    else:
        db.session.rollback()


def settle() -> None:
    """End the transaction of a request that was refused: stored when it called keep(), rolled back otherwise."""
    if g.get("keep_transaction"):
        db.session.commit()
    else:
        db.session.rollback()


def keep() -> None:
    """Store this request's changes although its answer is no success (a draft beside its errors, a counted attempt)."""
    g.keep_transaction = True


def checkpoint() -> None:
    """Store what there is and go on: for what must stay whatever becomes of the request (a counted try)."""
    db.session.commit()


def release() -> None:
    """End the open transaction before slow work (hashing, decoding, HTTP); the next statement begins anew.

    Raises RuntimeError when something was changed in this transaction, flushed or not: it would be lost.
    """
    if db.session.new or db.session.dirty or db.session.deleted or db.session().info.get("written"):
        raise RuntimeError("release() would lose changes that are not stored yet")
    db.session.rollback()


@contextmanager
def writing() -> Iterator[None]:
    """One unit of work outside a request (worker, command line): committed at its end, rolled back when it raises."""
    token = transaction_kind.set("write")
    try:
        yield
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise
    finally:
        transaction_kind.reset(token)


@contextmanager
def reading() -> Iterator[None]:
    """A long look in the middle of a unit of work: on SQLite no writer waits for it. What was changed is stored before."""
    checkpoint()
    token = transaction_kind.set("read")
    try:
        yield
    finally:
        db.session.rollback()
        transaction_kind.reset(token)

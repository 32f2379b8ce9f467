"""Sends claimed webhooks to one endpoint, one after the other over one connection."""

import time
from collections.abc import Sequence
from typing import Any

import requests
from sqlalchemy import Row

from portal.sandbox.deliveries import outgoing, queue
from portal.sandbox.deliveries.queue import AGENT, Result
from portal.sandbox.settings import Settings
from portal.sandbox.store.engine import Database

PATIENCE = 15.0
BATCH = 50
LONGEST_READ = 20_000


def drain(database: Database, settings: Settings, rows: Sequence[Row[Any]]) -> None:
    """Sends these in turn and records what came of them; a slow endpoint gives the rest back after a while."""
    started, results = time.monotonic(), []
    with outgoing.session(private=settings.may_call_this_machine) as session:
        for number, row in enumerate(rows):
            if time.monotonic() - started > PATIENCE:
                _release(database, [left.webhook for left in rows[number:]])
                break
            results.append(_deliver(session, settings, row))
            if len(results) >= BATCH or time.monotonic() - started > 1:
                _record(database, settings, results)
                results = []
    _record(database, settings, results)


def _deliver(session: requests.Session, settings: Settings, row: Row[Any]) -> Result:
    for _ in range(row.copies - 1 if row.attempts == 0 else 0):
        _post(session, settings, row)
    return _post(session, settings, row)


def _post(session: requests.Session, settings: Settings, row: Row[Any]) -> Result:
    """One attempt: at most ten seconds in all, and redirects are answers like any other."""
    headers = {
        "Content-Type": "application/json",
        "User-Agent": AGENT,
        "Origin": settings.origin,
        "Webhook-Signature": row.signature,
    }
    until = time.monotonic() + settings.webhook_timeout
    try:
        with session.post(
            row.url,
            data=row.payload.encode(),
            headers=headers,
            timeout=settings.webhook_timeout,
            allow_redirects=False,
            stream=True,
        ) as answer:
            body = _read(answer, until)
            return Result(row.webhook, row.organisation, answer.status_code, body, dict(answer.headers))
    except (requests.RequestException, UnicodeError, ValueError) as problem:
        return Result(row.webhook, row.organisation, None, "", error=f"{type(problem).__name__}: {problem}"[:500])


def _read(answer: requests.Response, until: float) -> str:
    """The beginning of the body; an endpoint that keeps talking is cut off."""
    taken = b""
    for chunk in answer.iter_content(4096):
        taken += chunk
        if time.monotonic() > until:
            raise requests.Timeout("the endpoint took too long to answer")
        if len(taken) > LONGEST_READ:
            break
    return taken.decode("utf-8", "replace").replace("\x00", "")


def _record(database: Database, settings: Settings, results: Sequence[Result]) -> None:
    if results:
        with database.writing() as conn:
            queue.record(conn, settings, results)


def _release(database: Database, webhooks: Sequence[str]) -> None:
    with database.writing() as conn:
        queue.release(conn, webhooks)

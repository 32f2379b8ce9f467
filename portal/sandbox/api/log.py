"""What the API saw: each call with its secrets masked, kept in batches so that answering costs next to nothing."""

import json
import re
import threading
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import delete, func, insert, select

from portal.sandbox.errors import ApiError
from portal.sandbox.store.engine import Database
from portal.sandbox.store.tables import requests

SECRET_HEADERS = frozenset({"authorization", "cookie", "proxy-authorization", "x-csrftoken"})
_FIELD = r"(?:client_secret|access_token|session_token|token|code|password)"
_SEPARATOR = r"""(?:"?\s*[=:]\s*"?|"\r?\n(?:[^\r\n]+\r?\n)*\r?\n)"""  # JSON and forms; parts of a multipart body
_SECRET_FIELD = re.compile(rf'(\b{_FIELD}{_SEPARATOR})([^"&,}}\s]+)')
_HINTS = ("client_secret", "_token", '"token"', "token=", '"code"', "code=", "password")
LARGEST_BODY, LARGEST_ANSWER = 20_000, 4_000
FLUSH_AT = 500


@dataclass(frozen=True, slots=True)
class Seen:
    """One call, before it is written down."""

    at: str
    method: str
    path: str
    query: str
    environ: Mapping[str, Any]
    body: bytes
    status: int
    answer: str
    seconds: float
    request_id: str
    token: str | None = None
    client_id: str | None = None
    organisation: str | None = None


class RequestLog:
    """A queue in memory that a reader or the background thread empties into the table."""

    def __init__(self, database: Database, limit: int) -> None:
        self._database = database
        self._limit = limit
        self._waiting: deque[Seen] = deque()
        self._writing = threading.Lock()

    def note(self, seen: Seen) -> None:
        self._waiting.append(seen)
        if len(self._waiting) > FLUSH_AT:
            self.flush()

    def flush(self) -> None:
        """Writes what is waiting and forgets what is older than the limit. Afterwards nothing is on its way in another thread."""
        with self._writing:
            self._flush()

    def _flush(self) -> None:
        batch: list[Seen] = []
        while self._waiting and len(batch) < 4 * FLUSH_AT:
            batch.append(self._waiting.popleft())
        if not batch:
            return
        rows = [_row(seen) for seen in batch]  # before the lock: the calls must not wait for it
        try:
            self._write(rows)
        except ApiError:  # the database is busy: a call that was answered must not fail for its note
            self._waiting.extendleft(reversed(batch))

    def _write(self, rows: list[dict[str, Any]]) -> None:
        with self._database.writing() as conn:
            conn.execute(insert(requests), rows)
            newest = conn.execute(select(func.max(requests.c.seq))).scalar_one()
            conn.execute(delete(requests).where(requests.c.seq <= newest - self._limit))

    def forget(self) -> None:
        self._waiting.clear()


def masked(text: str) -> str:
    """Secrets in form or JSON text, cut to their last four characters. Most texts have none, which is found out first."""
    if not any(hint in text for hint in _HINTS):
        return text
    return _SECRET_FIELD.sub(lambda found: found[1] + _tail(found[2]), text)


def _row(seen: Seen) -> dict[str, Any]:
    record = {
        "at": seen.at,
        "method": seen.method,
        "path": seen.path,
        "query": masked(seen.query),
        "headers": dict(_headers(seen.environ)),
        "body": masked(seen.body[:LARGEST_BODY].decode("utf-8", "replace")),
        "status": seen.status,
        "response": seen.answer if seen.organisation else masked(seen.answer),
        "milliseconds": round(seen.seconds * 1000, 2),
        "request_id": seen.request_id,
    }
    return {"token": seen.token, "client_id": seen.client_id, "organisation": seen.organisation, "record": json.dumps(record)}


def _headers(environ: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The headers of a call out of what the server kept of it."""
    for key, value in environ.items():
        if name := _header_name(key):
            yield name, _tail(value) if name.lower() in SECRET_HEADERS else str(value)


@lru_cache(maxsize=1024)
def _header_name(key: str) -> str:
    """The name of a header as people write it; nothing for what else a server keeps."""
    if not key.startswith("HTTP_") and key not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
        return ""
    return key.removeprefix("HTTP_").replace("_", "-").title()


def _tail(secret: str) -> str:
    return "…" + secret[-4:] if len(secret) > 8 else "…"

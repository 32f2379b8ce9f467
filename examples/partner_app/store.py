"""What the app remembers, in SQLite: merchants with their access tokens encrypted, what was created, what webhooks told."""

import json
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet

SCHEMA = """
PRAGMA journal_mode = WAL;
CREATE TABLE IF NOT EXISTS merchant (
    organisation_id TEXT PRIMARY KEY, user_id TEXT NOT NULL, email TEXT NOT NULL, access_token TEXT,
    verification_status TEXT NOT NULL DEFAULT '', connected_at REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS creation (
    key TEXT PRIMARY KEY, organisation_id TEXT NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL, created_id TEXT
);
CREATE TABLE IF NOT EXISTS resource (
    id TEXT PRIMARY KEY, organisation_id TEXT NOT NULL, kind TEXT NOT NULL, status TEXT NOT NULL, read_at REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS event (
    id TEXT PRIMARY KEY, body TEXT NOT NULL, due_at REAL NOT NULL, taken_until REAL NOT NULL DEFAULT 0,
    tries INTEGER NOT NULL DEFAULT 0, handled INTEGER NOT NULL DEFAULT 0, done_at REAL
);
CREATE INDEX IF NOT EXISTS event_waiting ON event (due_at) WHERE done_at IS NULL;
"""
CONNECT = """INSERT INTO merchant (organisation_id, user_id, email, access_token, connected_at) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (organisation_id) DO UPDATE SET user_id = excluded.user_id, email = excluded.email,
    access_token = excluded.access_token, connected_at = excluded.connected_at"""
REMEMBER = """INSERT INTO resource (id, organisation_id, kind, status, read_at) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET status = excluded.status, read_at = excluded.read_at"""
RECEIVE = """INSERT INTO event (id, body, due_at) VALUES (?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET due_at = excluded.due_at WHERE done_at IS NULL"""
TAKE = """UPDATE event SET taken_until = ?, tries = tries + 1 WHERE id IN (
    SELECT id FROM event WHERE done_at IS NULL AND due_at <= ? AND taken_until <= ? ORDER BY due_at, rowid LIMIT ?
    ) RETURNING rowid, id, body, tries"""
LEASE = 300
"""Seconds after which somebody else may take an event whose taker died."""
HANDFUL = 50
"""Events that are taken at once: a webhook brings up to 250, and every transaction waits for the disk."""


@dataclass(frozen=True, slots=True)
class Merchant:
    """A connected organisation. Without a token it has disconnected."""

    organisation_id: str
    user_id: str
    email: str
    access_token: str = field(repr=False)
    verification_status: str

    @property
    def connected(self) -> bool:
        return bool(self.access_token)


@dataclass(frozen=True, slots=True)
class Waiting:
    """An event that is to be acted on, taken for the `tries`th time."""

    id: str
    event: Mapping[str, Any]
    tries: int


class Store:
    """Each call is a transaction of its own, so that threads and processes share the file without sharing a connection."""

    def __init__(self, path: Path, token_key: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path, self._vault = path, Fernet(token_key)
        with closing(sqlite3.connect(path)) as db:
            db.executescript(SCHEMA)

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path, timeout=10)) as db, db:
            db.row_factory = sqlite3.Row
            yield db

    def connect(self, organisation_id: str, *, user_id: str, email: str, access_token: str) -> None:
        """Webhooks name the organisation, so it is the key. Who connects again replaces the token."""
        with self._transaction() as db:
            db.execute(CONNECT, (organisation_id, user_id, email, self.sealed(access_token), time.time()))

    def sealed(self, access_token: str) -> str:
        """A token does not expire and opens the merchant's account: it never lies in the database as it is."""
        return self._vault.encrypt(access_token.encode()).decode()

    def forget_token(self, organisation_id: str) -> None:
        with self._transaction() as db:
            db.execute("UPDATE merchant SET access_token = NULL WHERE organisation_id = ?", (organisation_id,))

    def verified(self, organisation_id: str, status: str) -> None:
        with self._transaction() as db:
            db.execute("UPDATE merchant SET verification_status = ? WHERE organisation_id = ?", (status, organisation_id))

    def merchant(self, organisation_id: str) -> Merchant | None:
        with self._transaction() as db:
            row = db.execute("SELECT * FROM merchant WHERE organisation_id = ?", (organisation_id,)).fetchone()
        return self._merchant(row) if row else None

    def merchants(self, user_id: str) -> list[Merchant]:
        with self._transaction() as db:
            rows = db.execute("SELECT * FROM merchant WHERE user_id = ? ORDER BY connected_at", (user_id,)).fetchall()
        return [self._merchant(row) for row in rows]

    def _merchant(self, row: sqlite3.Row) -> Merchant:
        token = self._vault.decrypt(row["access_token"].encode()).decode() if row["access_token"] else ""
        return Merchant(row["organisation_id"], row["user_id"], row["email"], token, row["verification_status"])

    def begin(self, key: str, *, organisation_id: str, kind: str, body: Mapping[str, Any]) -> None:
        """Note what is going to be created and under which key, before it is sent: who tries again finds the same key."""
        values = (key, organisation_id, kind, json.dumps(body))
        with self._transaction() as db:
            db.execute("INSERT OR IGNORE INTO creation (key, organisation_id, kind, body) VALUES (?, ?, ?, ?)", values)

    def created(self, key: str, created_id: str) -> None:
        with self._transaction() as db:
            db.execute("UPDATE creation SET created_id = ? WHERE key = ?", (created_id, key))

    def remember(self, resource_id: str, *, organisation_id: str, kind: str, status: str) -> None:
        """What GoCardless said last about one of its resources."""
        with self._transaction() as db:
            db.execute(REMEMBER, (resource_id, organisation_id, kind, status, time.time()))

    def resources(self, organisation_id: str, kind: str) -> dict[str, str]:
        """Status by id, the newest first."""
        asked = "SELECT id, status FROM resource WHERE organisation_id = ? AND kind = ? ORDER BY rowid DESC LIMIT 20"
        with self._transaction() as db:
            return {row["id"]: row["status"] for row in db.execute(asked, (organisation_id, kind))}

    def receive(self, events: Iterable[tuple[str, Mapping[str, Any]]]) -> None:
        """Keep events by id, all or none of them. One that is here already is the same again: if it still waits, it is due now."""
        rows = [(key, json.dumps(event), time.time()) for key, event in events]
        with self._transaction() as db:
            db.executemany(RECEIVE, rows)

    def take(self) -> list[Waiting]:
        """The next events that are due, oldest first, for the caller alone."""
        now = time.time()
        with self._transaction() as db:
            rows = db.execute(TAKE, (now + LEASE, now, now, HANDFUL)).fetchall()
        return [Waiting(row["id"], json.loads(row["body"]), row["tries"]) for row in sorted(rows, key=lambda row: row["rowid"])]

    def acted_on(self, event_id: str) -> None:
        with self._transaction() as db:
            db.execute("UPDATE event SET done_at = ?, handled = handled + 1 WHERE id = ?", (time.time(), event_id))

    def left_alone(self, event_ids: Iterable[str]) -> None:
        """Events that are done with although there was nothing to do."""
        with self._transaction() as db:
            db.executemany("UPDATE event SET done_at = ? WHERE id = ?", [(time.time(), event_id) for event_id in event_ids])

    def put_off(self, event_id: str, seconds: float) -> None:
        with self._transaction() as db:
            db.execute("UPDATE event SET due_at = ?, taken_until = 0 WHERE id = ?", (time.time() + seconds, event_id))

    def handled(self, event_id: str) -> int:
        """How many times an event was acted on."""
        with self._transaction() as db:
            row = db.execute("SELECT handled FROM event WHERE id = ?", (event_id,)).fetchone()
        return int(row["handled"]) if row else 0

"""The world of one organisation within one transaction: what every behaviour is given to read and change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, delete, insert

from portal.sandbox import clock, ids
from portal.sandbox.errors import not_found
from portal.sandbox.kinds import KINDS
from portal.sandbox.settings import Settings
from portal.sandbox.store import documents
from portal.sandbox.store.documents import Doc, Json
from portal.sandbox.store.tables import due


@dataclass
class World:
    """Nothing outside ``organisation`` can be seen from here."""

    conn: Connection
    organisation: str
    now: datetime
    settings: Settings
    client_id: str | None = None
    origin: str = "api"
    source: Json = field(default_factory=lambda: {"type": "access_token", "name": "Access token"})
    metadata: Json = field(default_factory=dict)
    query: dict[str, list[str]] = field(default_factory=dict)
    language: str = "en"
    afterwards: list[Callable[[], None]] = field(default_factory=list)

    @property
    def today(self) -> date:
        return self.now.date()

    @property
    def stamp(self) -> str:
        return clock.stamp(self.now)

    def find(self, kind: str, identity: str) -> Doc | None:
        return documents.find(self.conn, kind, self.organisation, identity)

    def get(self, kind: str, identity: str) -> Doc:
        """Raises the 404 that a foreign organisation's id gets too."""
        doc = self.find(kind, identity)
        if doc is None:
            raise not_found()
        return doc

    def all(self, kind: str, **columns: str) -> list[Doc]:
        return list(documents.matching(self.conn, kind, self.organisation, **columns))

    def add(self, kind: str, body: Json, inner: Json | None = None, *, identity: str = "") -> Doc:
        """Stores a new resource; its id and time of creation are put in front of ``body``."""
        make = ids.flow_id if KINDS[kind].long_id else ids.resource_id
        known = {"id": identity or make(KINDS[kind].prefix), "created_at": self.stamp}
        doc = Doc(kind, self.organisation, {**known, **body}, inner or {})
        documents.add(self.conn, doc)
        return doc

    def save(self, doc: Doc) -> Doc:
        documents.save(self.conn, doc)
        return doc

    def remove(self, doc: Doc) -> None:
        documents.remove(self.conn, doc)

    def schedule(self, at: datetime, doc: Doc, job: str) -> None:
        """Writes down that ``job`` falls due for this resource; see :mod:`portal.sandbox.timeline`."""
        row = {"at": clock.stamp(at), "organisation": self.organisation, "kind": doc.kind, "id": doc.id, "job": job}
        self.conn.execute(insert(due), row)

    def forget(self, doc: Doc) -> None:
        """Drops everything that was to happen to this resource by the clock."""
        self.conn.execute(delete(due).where(due.c.organisation == self.organisation, due.c.id == doc.id))

    def later(self, do: Callable[[], None]) -> None:
        """Runs at the end of this transaction, after the answer has been written down."""
        self.afterwards.append(do)

    def finish(self) -> None:
        while self.afterwards:
            self.afterwards.pop(0)()


def singular(kind: str) -> str:
    return KINDS[kind].singular


def link(doc: Doc) -> dict[str, Any]:
    return {singular(doc.kind): doc.id}

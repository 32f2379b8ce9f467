"""Documents in and out of their tables: what the API answers is stored as the very text that it answers."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Delete, Select, Update, bindparam, delete, insert, select, update

from portal.sandbox.kinds import KINDS
from portal.sandbox.store.prepared import Prepared
from portal.sandbox.store.tables import DOCUMENTS

Json = dict[str, Any]
_encode = json.JSONEncoder(separators=(",", ":")).encode


@dataclass
class Doc:
    """One stored resource: the public ``body``, the private ``inner`` part, and the ``text`` that was last stored."""

    kind: str
    organisation: str
    body: Json
    inner: Json = field(default_factory=dict)
    text: str = ""

    @property
    def id(self) -> str:
        return str(self.body["id"])

    @property
    def status(self) -> str:
        return str(self.body["status"])

    @property
    def links(self) -> dict[str, str]:
        links: dict[str, str] = self.body["links"]
        return links


def dumps(value: Any) -> str:
    return _encode(value)


def add(conn: Connection, doc: Doc) -> None:
    _inserting(doc.kind).run(conn, _row(doc))


def save(conn: Connection, doc: Doc) -> None:
    conn.execute(_updating(doc.kind), {**_row(doc), "the_id": doc.id, "the_organisation": doc.organisation})


def remove(conn: Connection, doc: Doc) -> None:
    conn.execute(_deleting(doc.kind), {"id": doc.id, "organisation": doc.organisation})


def find(conn: Connection, kind: str, organisation: str, identity: str) -> Doc | None:
    if not identity.isascii():  # no id is; half a surrogate pair could not even be asked for
        return None
    row = _finding(kind).first(conn, {"organisation": organisation, "id": identity})
    return None if row is None else Doc(kind, organisation, json.loads(row[0]), json.loads(row[1]))


def find_anywhere(conn: Connection, kind: str, identity: str) -> Doc | None:
    """For hosted pages, whose long id alone opens them."""
    table = DOCUMENTS[kind]
    row = conn.execute(select(table).where(table.c.id == identity).order_by(table.c.seq).limit(1)).first()
    return None if row is None else Doc(kind, row.organisation, json.loads(row.body), json.loads(row.inner))


def matching(conn: Connection, kind: str, organisation: str, **columns: str) -> Iterator[Doc]:
    """All documents whose columns have these values, oldest first."""
    rows = conn.execute(_matching(kind, tuple(columns)), {"organisation": organisation, **columns}).all()
    return (Doc(kind, organisation, json.loads(row.body), json.loads(row.inner)) for row in rows)


def pluck(doc: Doc, path: str) -> Any:
    """The value at a column's path; see :class:`portal.sandbox.kinds.Kind`."""
    value: Any = doc.body
    if path.startswith("@"):
        value, path = doc.inner, path[1:]
    for step in path.split("."):
        value = value.get(step) if isinstance(value, dict) else None
    return value


@lru_cache
def _readers(kind: str) -> tuple[tuple[str, str, Callable[[Any], Any]], ...]:
    numbers = KINDS[kind].numbers
    return tuple((column, path, (lambda v: v) if column in numbers else _text) for column, path in KINDS[kind].columns.items())


def _row(doc: Doc) -> dict[str, Any]:
    row: dict[str, Any] = {column: read(pluck(doc, path)) for column, path, read in _readers(doc.kind)}
    row.update(
        organisation=doc.organisation, id=doc.body["id"], created_at=doc.body.get("created_at") or doc.inner["created_at"]
    )
    doc.text = _encode(doc.body)
    row.update(body=doc.text, inner=_encode(doc.inner) if doc.inner else "{}")
    return row


def _text(value: Any) -> str | None:
    """A column's text: booleans as JSON writes them, cut to the column, and without what PostgreSQL refuses."""
    if value is None or isinstance(value, dict | list):
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)[:300].replace("\x00", "").encode("utf-8", "replace").decode()


@lru_cache
def _inserting(kind: str) -> Prepared:
    names = (*KINDS[kind].columns, "organisation", "id", "created_at", "body", "inner")
    return Prepared(insert(DOCUMENTS[kind]).values({name: bindparam(name) for name in names}))


@lru_cache
def _updating(kind: str) -> Update:
    table = DOCUMENTS[kind]
    names = (*KINDS[kind].columns, "body", "inner")
    here = (table.c.id == bindparam("the_id"), table.c.organisation == bindparam("the_organisation"))
    return update(table).where(*here).values({name: bindparam(name) for name in names})


@lru_cache
def _deleting(kind: str) -> Delete:
    table = DOCUMENTS[kind]
    return delete(table).where(table.c.id == bindparam("id"), table.c.organisation == bindparam("organisation"))


@lru_cache
def _finding(kind: str) -> Prepared:
    table = DOCUMENTS[kind]
    here = (table.c.id == bindparam("id"), table.c.organisation == bindparam("organisation"))
    return Prepared(select(table.c.body, table.c.inner).where(*here))


@lru_cache
def _matching(kind: str, columns: tuple[str, ...]) -> Select[Any]:
    table = DOCUMENTS[kind]
    conditions = [table.c[name] == bindparam(name) for name in columns]
    found = select(table.c.body, table.c.inner).where(table.c.organisation == bindparam("organisation"), *conditions)
    return found.order_by(table.c.created_at, table.c.seq)

"""Statements for the calls that matter most: compiled once for each kind of database, then handed to its driver directly."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.sql.elements import ClauseElement


class Prepared:
    """A statement of plain texts and numbers, whose parameters are all given by name."""

    def __init__(self, statement: ClauseElement) -> None:
        self._statement = statement
        self._compiled: dict[str, tuple[str, list[str] | None, dict[str, Any]]] = {}

    def rows(self, conn: Connection, values: Mapping[str, Any]) -> list[Any]:
        return list(self._run(conn, values).fetchall())

    def first(self, conn: Connection, values: Mapping[str, Any]) -> Any:
        """The first row as a tuple, or None."""
        return self._run(conn, values).fetchone()

    def run(self, conn: Connection, values: Mapping[str, Any]) -> None:
        self._run(conn, values)

    def _run(self, conn: Connection, values: Mapping[str, Any]) -> Any:
        sql, order, fixed = self._compiled.get(conn.dialect.name) or self._compile(conn)
        known = {**fixed, **values} if fixed else values
        cursor = conn.connection.cursor()
        cursor.execute(sql, [known[name] for name in order] if order is not None else known)
        return cursor

    def _compile(self, conn: Connection) -> tuple[str, list[str] | None, dict[str, Any]]:
        """The text for this database, the order of its parameters where they are not named, and those with fixed values."""
        compiled: Any = self._statement.compile(dialect=conn.dialect)
        order = list(compiled.positiontup) if compiled.positional else None
        fixed = {name: value for name, value in compiled.params.items() if value is not None}
        made = (str(compiled), order, fixed)
        self._compiled[conn.dialect.name] = made
        return made

"""Column types and keys that every noun uses: UTC times, encrypted text, random public keys, closed sets."""

import secrets
from collections.abc import Iterable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, DateTime, Dialect, Enum, LargeBinary, literal_column
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.types import TypeDecorator

from portal import vault


class Utc(TypeDecorator[datetime]):
    """An aware UTC time; SQLite forgets zones, so they are put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=UTC)


class Encrypted(TypeDecorator[str]):
    """Text that is encrypted at rest."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        return None if value is None else vault.seal(value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        return None if value is None else vault.unseal(value)


def codes(of: type[StrEnum], *, name: str = "") -> Enum:
    """A closed set: its codes are stored, and the database refuses any other. Two of one kind in a table need names of their own."""
    return Enum(
        of,
        values_callable=lambda members: [member.value for member in members],
        native_enum=False,
        create_constraint=True,
        length=40,
        name=name or of.__name__.lower(),
    )


def among(column: InstrumentedAttribute[Any], constants: Iterable[str]) -> ColumnElement[bool]:
    """`column IN (…)` for codes of our own, written into the statement: a list of parameters is expanded at every execution.

    Raises ValueError for anything that is no plain code: what people type never belongs here.
    """
    named = sorted(str(constant) for constant in constants)
    if not all(name.isidentifier() and name.isascii() for name in named):
        raise ValueError(f"{named} are not all codes")
    return column.in_([literal_column(f"'{name}'") for name in named])


def new_key() -> str:
    """A random public id: 128 bits, safe in a URL."""
    return secrets.token_urlsafe(16)

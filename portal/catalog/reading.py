"""Reads TOML strictly: whatever is wrong is refused by its name and its place."""

import re
import tomllib
from collections import Counter
from collections.abc import Collection, Iterable
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Self, TypeVar, cast

E = TypeVar("E", bound=StrEnum)
T = TypeVar("T")


class CatalogError(Exception):
    """Says where a catalog file is wrong, what is wrong there and what would be right."""

    def __init__(self, place: str, problem: str) -> None:
        super().__init__(f"{place}: {problem}")
        self.place = place
        self.problem = problem


class Table:
    """One TOML table and the place where it stands; each method reads one key as one type."""

    def __init__(self, place: str, values: dict[str, object]) -> None:
        self.place = place
        self._values = values

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def wrong(self, problem: str) -> CatalogError:
        return CatalogError(self.place, problem)

    def only(self, allowed: Collection[str]) -> Self:
        """Refuses every key that is not allowed here."""
        for key in self._values:
            if key not in allowed:
                raise self.wrong(f"unknown key {key!r}; allowed are {_list(sorted(allowed))}")
        return self

    def text(self, key: str, default: str | None = None) -> str:
        value = self._get(key, str, default)
        if value != value.strip() or (not value and default is None):
            raise self.wrong(f"{key!r} is empty or has spaces around it")
        return value

    def matching(self, key: str, pattern: str, meaning: str) -> str:
        value = self.text(key)
        if not re.fullmatch(pattern, value):
            raise self.wrong(f"{key!r} is {value!r}; it should be {meaning}")
        return value

    def code(self, key: str) -> str:
        return self.matching(key, r"[a-z][a-z0-9_-]{0,59}", "lower-case letters, digits, _ and -")

    def flag(self, key: str, *, default: bool | None = None) -> bool:
        return self._get(key, bool, default)

    def number(self, key: str, default: int | None = None) -> int:
        value = self._get(key, int, default)
        if value < 0:
            raise self.wrong(f"{key!r} is {value}; it cannot be negative")
        return value

    def day(self, key: str) -> date:
        return self._get(key, date)

    def texts(self, key: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        values = self._list_of(key, str, default)
        no_repeats(self.place, f"entry in {key!r}", values)
        return tuple(values)

    def some_texts(self, key: str) -> tuple[str, ...]:
        values = self.texts(key)
        if not values:
            raise self.wrong(f"{key!r} is an empty list")
        return values

    def choice(self, key: str, among: type[E]) -> E:
        value = self.text(key)
        if value not in set(among):
            raise self.wrong(f"{key!r} is {value!r}; allowed are {_list(list(among))}")
        return among(value)

    def table(self, key: str) -> "Table | None":
        """The table under this key, or None when there is none."""
        if key not in self._values:
            return None
        return Table(f"{self.place}, {key}", self._get(key, dict))

    def tables(self, key: str, *, named_by: str = "key") -> "list[Table]":
        """The tables of a list; each place names its table by what stands under named_by."""
        entries: Iterable[dict[str, object]] = self._list_of(key, dict, ())
        return [
            Table(f"{self.place}, {key} {entry.get(named_by, f'number {number}')}", entry)
            for number, entry in enumerate(entries, 1)
        ]

    def _list_of(self, key: str, kind: type[T], default: tuple[T, ...] | None) -> list[T]:
        values = self._get(key, list, None if default is None else list(default))
        for value in values:
            if type(value) is not kind:
                raise self.wrong(f"{key!r} has {value!r}; it should hold {_NAMES[kind]} only")
        return cast("list[T]", values)

    def _get(self, key: str, kind: type[T], default: T | None = None) -> T:
        if key not in self._values and default is None:
            raise self.wrong(f"missing key {key!r}")
        value = self._values.get(key, default)
        if type(value) is not kind:  # not isinstance: True is no number
            raise self.wrong(f"{key!r} is {value!r}; it should be {_NAMES[kind]}")
        return value


_NAMES: dict[type, str] = {
    str: "text",
    bool: "true or false",
    int: "a whole number",
    date: "a date",
    list: "a list",
    dict: "a table",
}


def read(file: Path) -> Table:
    """The whole file; raises CatalogError when it is no TOML."""
    try:
        return Table(file.name, tomllib.loads(file.read_text("utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CatalogError(file.name, f"this is not TOML: {error}") from error


def no_repeats(place: str, what: str, names: Iterable[str]) -> None:
    for name, times in Counter(names).items():
        if times > 1:
            raise CatalogError(place, f"duplicate {what} {name!r}")


def _list(names: Collection[str]) -> str:
    return ", ".join(names) or "none"

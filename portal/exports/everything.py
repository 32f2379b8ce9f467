"""All data of a partner as an archive: one JSON file for each kind of thing, every stored file, and what is left out."""

import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Column, ColumnElement, FromClause, Row, RowMapping, Table, select

from portal import clock, storage
from portal.exports import nouns
from portal.exports.archive import Archive, archive
from portal.exports.belongings import House, belongs, house, places
from portal.exports.nouns import Noun
from portal.extensions import db
from portal.models.partner import Partner
from portal.models.people import User
from portal.webhooks import bodies

FORMAT, VERSION = "partner-portal/everything", 1
ABOUT = """All data that the Partner Portal keeps about {name}, made on {at:%d %B %Y at %H:%M} UTC.

data/     one JSON file for each kind of thing: {{"noun", "rows": [...]}}. Times are ISO 8601 in UTC.
          A row names others by their keys, and people by their names.
files/    everything that was uploaded or drawn from it; each row with a file names its place.

Left out because they are secret:
{secrets}

Left out because they are no data of their own:
{left_out}

Also left out: what only GoCardless's staff may read, such as internal notes.
"""


KEPT: Mapping[str, str] = {
    "file": "storage_key",
    "support_document": "storage_key",
    "logo": "large_key",
    "partner_app": "logo_key",
}
"""The column in which the place of a row's own file stands; pictures that we drew of files are not copied."""
AT_ONCE = 500
"""Rows that are read in one go."""


def pack(partner: Partner, folder: Path) -> Path:
    """The archive as a file in this folder. A transaction for reading is open meanwhile, so that everything is of one moment."""
    path, of = folder / "export.zip", house(partner)
    about = {"format": FORMAT, "version": VERSION, "key": partner.key, "name": partner.name}
    with archive(path) as made:
        made.write("", "README.txt", [_about(partner).encode()])
        made.write_json("partner.json", about | {"created_at": partner.created_at.isoformat()})
        for noun, table in nouns.tables():
            files: dict[str, str] = {}
            made.write("data", f"{noun.file}.json", _pieces(noun, table, of, files))
            _copy(made, noun, files)
    return path


def _about(partner: Partner) -> str:
    secret = [f"- {noun.file}: {', '.join(names)}" for noun, table in nouns.tables() if (names := nouns.secrets_of(table))]
    left_out = [f"- {name}: {why}" for name, why in nouns.LEFT_OUT.items()]
    return ABOUT.format(name=partner.name, at=clock.now(), secrets="\n".join(secret), left_out="\n".join(left_out))


def _pieces(noun: Noun, table: Table, of: House, files: dict[str, str]) -> Iterator[bytes]:
    """One JSON document, row by row; puts into `files` which file of a row is kept where."""
    yield f'{{"noun": "{noun.file}", "rows": ['.encode()
    for number, row in enumerate(_rows(noun, table, of)):
        told = _told(row._mapping, table)  # noqa: SLF001 - SQLAlchemy's documented way to a row by names
        place = row._mapping.get(PLACE)  # noqa: SLF001 - see above
        if place:
            told["stored"] = _name(noun, told)
            files[told["stored"]] = place
        yield (b",\n" if number else b"\n") + json.dumps(told, ensure_ascii=False, default=_plain).encode()
    yield b"\n]}\n"


PLACE, BODY = "place of the file", "body"


def _rows(noun: Noun, table: Table, of: House) -> Iterator[Row[Any]]:
    """Rows with what they refer to named instead of numbered, oldest first."""
    told: list[ColumnElement[Any]] = []
    joined: FromClause = table
    for column in nouns.columns(noun, table):
        parent = _parent(column)
        if parent is None:
            told += [] if column in places(table) else [column]
        elif parent.name != Partner.__tablename__ and (name := _name_of(parent)):
            other = parent.alias()
            joined = joined.outerjoin(other, other.c.id == column)
            told.append(other.c[name].label(column.name.removesuffix("_id")))
    told += [table.c[KEPT[table.name]].label(PLACE)] if table.name in KEPT else []
    asked = select(*told).select_from(joined).where(belongs(table, of)).order_by(*table.primary_key)
    asked = asked if noun.only is None else asked.where(noun.only(table))
    return iter(db.session.execute(asked, execution_options={"yield_per": AT_ONCE}))


def _parent(column: Column[Any]) -> Table | None:
    """The table that a column refers to."""
    return next((key.column.table for key in column.foreign_keys), None)


def _name_of(parent: Table) -> str:
    """By what a row is named elsewhere: people by their names, everything else by its key, where it has one."""
    name = "name" if parent.name == User.__tablename__ else "key"
    return name if name in parent.c else ""


def _told(row: RowMapping, table: Table) -> dict[str, Any]:
    told = {str(name): value for name, value in row.items() if name != PLACE}
    if table.name == "delivery":
        raw = bodies.unpacked(told[BODY], told["size"]) if told[BODY] else b""
        told[BODY] = raw.decode("utf-8", "backslashreplace")
    return told


def _name(noun: Noun, told: Mapping[str, Any]) -> str:
    ending = str(told.get("original_name") or "").rpartition(".")[2]
    known = ending if ending.isascii() and ending.isalnum() and len(ending) <= 5 else ""
    pictures = "png" if noun.file in {"logos", "apps"} else "bin"
    return f"files/{noun.file}/{told['key']}.{pictures if pictures == 'png' else known or pictures}"


def _copy(made: Archive, noun: Noun, files: Mapping[str, str]) -> None:
    for path, place in files.items():
        try:
            pieces = storage.current().open(place)
        except FileNotFoundError:
            continue
        folder, _, name = path.rpartition("/")
        made.write(folder, name, pieces)


def _plain(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in an export")

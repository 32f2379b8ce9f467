"""Reads one version file into a Catalog."""

import re
from collections.abc import Mapping
from pathlib import Path

from portal.catalog.checking import check, in_dependency_order
from portal.catalog.loading_questions import named_guides, question
from portal.catalog.nouns import Catalog, Guide, Section
from portal.catalog.reading import Table, read

VERSION = re.compile(r"\d{4}-\d{2}")
FILE_KEYS = {"version", "published", "retired", "section"}
SECTION_KEYS = {"key", "title", "purpose", "shows", "guides", "question"}


def load(file: Path, guides: Mapping[str, Guide]) -> Catalog:
    """The catalog in this file; raises CatalogError for the first mistake in it."""
    table = read(file).only(FILE_KEYS)
    sections = tuple(_section(entry, number, guides) for number, entry in enumerate(table.tables("section"), 1))
    version, retired = _version(table, file), frozenset(table.texts("retired"))
    check(table.place, sections, retired)
    return Catalog.of(
        version,
        published=table.day("published"),
        sections=sections,
        retired=retired,
        by_dependency=in_dependency_order(table.place, sections),
    )


def _version(table: Table, file: Path) -> str:
    version = table.text("version")
    if version != file.stem or not VERSION.fullmatch(version):
        raise table.wrong(f"'version' is {version!r}; it should be year-month and the file's name")
    return version


def _section(table: Table, number: int, guides: Mapping[str, Guide]) -> Section:
    table.only(SECTION_KEYS)
    questions = tuple(question(entry, guides) for entry in table.tables("question"))
    if not questions:
        raise table.wrong("no question; a section needs at least one")
    return Section(
        key=table.code("key"),
        number=number,
        title=table.text("title"),
        purpose=table.text("purpose"),
        shows=table.text("shows"),
        guides=named_guides(table, guides),
        questions=questions,
    )

"""Reads one section and puts its page together: a fixed number of statements, whatever the data."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row

from portal.build import reading
from portal.build.draft import catalog_of
from portal.build.feed import section_feed
from portal.build.progress import may_edit_question
from portal.build.question_view import Facts
from portal.build.typed import TypedAnswer
from portal.build.view import SectionView
from portal.build.witness import witness
from portal.catalog import Catalog, CatalogChanges, Section, certification, compare
from portal.files import display
from portal.files import service as files
from portal.models.integration import Integration
from portal.models.people import User
from portal.models.review import waiting_rounds
from portal.status import SectionStatus

NOTHING: Mapping[str, TypedAnswer] = {}
NO_ERRORS: Mapping[str, str] = {}


def section_view(
    integration: Integration,
    section: Section,
    *,
    reader: User,
    errors: Mapping[str, str] = NO_ERRORS,
    typed: Mapping[str, TypedAnswer] = NOTHING,
) -> SectionView:
    """`errors` by field id; `typed` is what could not be stored and is shown again."""
    catalog = catalog_of(integration)
    rows = reading.section_rows(integration, section.key)
    place = next(n for n, row in enumerate(rows) if row.key == section.key)
    sent = rows[place].status is SectionStatus.UNDER_REVIEW
    return SectionView(
        section=section,
        facts=Facts(
            row=rows[place],
            answers=reading.section_answers(integration, catalog, section),
            files=_files(integration, section, rows[place]),
            said=reading.said(integration, section.key),
            typed=typed,
            changes=version_changes(integration, catalog),
        ),
        errors=errors,
        feed=section_feed(integration, section.key, reader=reader),
        rounds=tuple(waiting_rounds(integration.id)) if sent else (),
        previous=rows[place - 1].key if place else "",
        next=rows[place + 1].key if place + 1 < len(rows) else "",
        witness=witness(integration.partner_id, section.key),
    )


def _files(integration: Integration, section: Section, row: Row[Any]) -> dict[str | None, tuple[display.FileItem, ...]]:
    """By question, and under None those of the section."""
    found: dict[str | None, tuple[display.FileItem, ...]] = {}
    for file in files.listing(integration, section.key):
        removable = may_edit_question(row.status, row.open_questions, file.question_key)
        found[file.question_key] = (*found.get(file.question_key, ()), display.item(file, removable=removable))
    return found


_compared: dict[tuple[int, int], CatalogChanges] = {}


def version_changes(integration: Integration, catalog: Catalog) -> CatalogChanges | None:
    """What is new since the version that the answers were carried over from; compared once for the life of the process."""
    if integration.previous_version is None:
        return None
    before = certification(integration.previous_version)
    key = (id(before), id(catalog))
    if key not in _compared:
        _compared[key] = compare(before, catalog)
    return _compared[key]

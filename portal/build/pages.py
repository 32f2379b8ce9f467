"""Reads one section and puts its page together: a fixed number of statements, whatever the data."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from portal.build import reading
from portal.build.draft import catalog_of
from portal.build.feed import section_feed
from portal.build.progress import may_edit_question
from portal.build.typed import NOTE, Stored, TypedAnswer
from portal.build.view import Facts, SectionView
from portal.catalog import Catalog, CatalogChanges, Section, certification, compare
from portal.files import display
from portal.files import service as files
from portal.models.integration import Integration
from portal.models.people import User
from portal.models.review import waiting_rounds
from portal.status import SECTION, SectionStatus

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
    rows = reading.section_rows(integration)
    place = next(n for n, row in enumerate(rows) if row.key == section.key)
    row = rows[place]
    answers = reading.section_answers(integration, catalog, section)
    said = reading.said(integration, section.key)
    editable = may_edit_question(row.status, row.open_questions, None)
    items = _files(integration, section, row)
    facts = Facts(
        row=row,
        answers=answers,
        files=items,
        said=said,
        typed=typed,
        changes=version_changes(integration, catalog),
    )
    return SectionView(
        section=section,
        status=row.status,
        look=SECTION[row.status],
        marked=row.marked_at is not None,
        answered=row.answered,
        total=row.total or len(answers.asked & {question.key for question in section.questions}),
        facts=facts,
        errors=errors,
        note=typed.get(NOTE) or _note(row),
        note_error=errors.get(f"comment-{NOTE}", ""),
        editable=editable,
        guides=section.guides,
        files=items.get(None, ()),
        feed=section_feed(integration, section.key, reader=reader),
        rounds=tuple(waiting_rounds(integration.id)) if row.status is SectionStatus.UNDER_REVIEW else (),
        saved_at=_saved_at(answers.stored.values()),
        remarks=tuple(one for one in said if one.question_key is None),
        previous=rows[place - 1].key if place else "",
        next=rows[place + 1].key if place + 1 < len(rows) else "",
    )


def _files(integration: Integration, section: Section, row: Row[Any]) -> dict[str | None, tuple[display.FileItem, ...]]:
    """By question, and under None those of the section."""
    found: dict[str | None, tuple[display.FileItem, ...]] = {}
    for file in files.listing(integration, section.key):
        removable = may_edit_question(row.status, row.open_questions, file.question_key)
        found[file.question_key] = (*found.get(file.question_key, ()), display.item(file, removable=removable))
    return found


def _note(row: Row[Any]) -> TypedAnswer:
    stored = Stored(None, row.comment, row.comment_version)
    return TypedAnswer(None, stored.comment, stored.token)


def _saved_at(stored: Iterable[Stored]) -> datetime | None:
    return max((one.at for one in stored if one.at), default=None)


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

"""Lists of content for those who write it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Integer, Row, Select, column, func, literal_column, select, table
from sqlalchemy.orm import InstrumentedAttribute

from portal import clock, search
from portal.extensions import db
from portal.grow.finding import LATEST
from portal.models.content import ContentItem
from portal.status import ContentKind, ContentStatus

PAGE = 30
_FTS = table("content_desk", column("rowid", Integer))
_ROWS = select(
    ContentItem.id, ContentItem.key, ContentItem.title, ContentItem.kind, ContentItem.status, ContentItem.number,
    ContentItem.published_number, ContentItem.publish_at, ContentItem.review_on, ContentItem.updated_at, ContentItem.updated_by_name,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Desk:
    """What is looked for; empty fields do not filter."""

    status: ContentStatus | None = None
    kind: ContentKind | None = None
    due: bool = False
    """Only what is published and to be read through by now, the longest overdue on top."""
    text: str = ""
    before: int = LATEST


@dataclass(frozen=True, slots=True)
class Page:
    rows: Sequence[Row[Any]]
    older: int | None


def find(asked: Desk) -> Page:
    """Newest first. One statement."""
    if asked.due:
        return Page(db.session.execute(_due().limit(PAGE)).all(), None)
    statement = _ROWS.where(*_conditions(asked))
    narrowed = _by_words(statement, asked) if asked.text else _along(statement, ContentItem.id, asked)
    found = db.session.execute(narrowed.limit(PAGE + 1)).all()
    return Page(found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else None)


def _due() -> Select[Any]:
    over = (ContentItem.status == ContentStatus.PUBLISHED, ContentItem.review_on <= clock.now().date())
    return _ROWS.where(*over).order_by(ContentItem.review_on, ContentItem.id)


def due() -> int:
    """How many are to be read through by now, counted to a hundred."""
    some = _due().with_only_columns(ContentItem.id).order_by(None).limit(100).subquery()
    return db.session.scalar(select(func.count()).select_from(some)) or 0


def _conditions(asked: Desk) -> list[ColumnElement[bool]]:
    pairs = ((ContentItem.status, asked.status), (ContentItem.kind, asked.kind))
    return [field == value for field, value in pairs if value is not None]


def _along(statement: Select[Any], place: ColumnElement[int] | InstrumentedAttribute[int], asked: Desk) -> Select[Any]:
    return statement.where(place < asked.before).order_by(place.desc())


def _by_words(statement: Select[Any], asked: Desk) -> Select[Any]:
    """SQLite walks along its index of words, newest first; PostgreSQL chooses its way by how rare they are."""
    words = search.words(asked.text)
    if not words:
        return statement.where(ContentItem.id < 0)
    if db.session.get_bind().dialect.name != "sqlite":
        said = search.tsvector(words, ContentItem.title + literal_column("' '") + ContentItem.words)
        return _along(statement.where(said), ContentItem.id, asked)
    matching: ColumnElement[bool] = literal_column("content_desk").op("MATCH")(search.fts5(words))
    return _along(statement.join(_FTS, _FTS.c.rowid == ContentItem.id).where(matching), _FTS.c.rowid, asked)

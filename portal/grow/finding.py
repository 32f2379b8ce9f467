"""What a partner finds in Grow: lists of each audience that fits, walked newest first and put together; or a search by words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, Row, Select, and_, bindparam, column, exists, func, literal_column, select, table
from sqlalchemy import union_all as put_together

from portal import search
from portal.extensions import db, rows
from portal.grow.audience import Reader
from portal.grow.publishing import ALL, CODE, code_of
from portal.grow.values import FIRST
from portal.models.content import (
    ContentCount,
    ContentDone,
    ContentPlace,
    ContentRead,
    ContentShown,
    ContentText,
)
from portal.status import ContentKind

PAGE, COLUMN = 20, 8
"""Items of a list, and of each column of the roadmap."""
LATEST = 2**31 - 1
"""Above the id of every row."""
_FTS = table("content_search", column("rowid", Integer))
_COUNTS = (
    select(ContentCount.kind, ContentCount.tag, func.sum(ContentCount.number))
    .where(
        ContentCount.audience_id.in_(bindparam("audiences", expanding=True)),
        (ContentCount.kind == bindparam("kind")) | (ContentCount.tag == bindparam("tag")),
        ContentCount.number > 0,
    )
    .group_by(ContentCount.kind, ContentCount.tag)
)
_CARDS = (
    select(
        ContentShown.id, ContentShown.item_id, ContentShown.key, ContentShown.kind, ContentShown.horizon, ContentShown.action_by,
        ContentShown.link, ContentShown.tags, ContentShown.languages, ContentShown.published_at, ContentShown.changed_at,
        ContentText.language, ContentText.title, ContentText.summary, ContentRead.at.label("read_at"),
        ContentDone.at.label("done_at"), ContentDone.by_name.label("done_by"),
    )
    .join(ContentText, ContentText.shown_id == ContentShown.id)
    .outerjoin(ContentRead, and_(ContentRead.item_id == ContentShown.item_id, ContentRead.user_id == bindparam("user")))
    .outerjoin(ContentDone, and_(ContentDone.item_id == ContentShown.item_id, ContentDone.partner_id == bindparam("partner")))
    .where(ContentShown.id.in_(bindparam("ids", expanding=True)), ContentText.language.in_([bindparam("language"), FIRST]))
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for. All of it together must hold."""

    text: str = ""
    kind: str = ALL
    tag: str = ALL
    scheme: str = ""
    country: str = ""
    stage: str = ""
    language: str = FIRST
    before: int = LATEST
    undone: bool = False
    """Only what this partner has not marked as done."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who reads, and for which partner."""

    user_id: int
    reader: Reader


@dataclass(frozen=True, slots=True)
class Found:
    cards: Sequence[Row[Any]]
    older: int | None
    """Where the next page begins."""


def find(asked: Asked, person: Person, *, page: int = PAGE) -> Found:
    """Newest first. Two statements."""
    audiences = person.reader.narrowed(scheme=asked.scheme, country=asked.country, stage=asked.stage)
    ids = _ids(asked, audiences, person, page + 1) if audiences else []
    shown = ids[:page]
    return Found(cards(shown, person, language=asked.language), shown[-1] if len(ids) > page else None)


def _ids(asked: Asked, audiences: Sequence[int], person: Person, limit: int) -> list[int]:
    if asked.text:
        return _by_words(asked, audiences, limit)
    values: dict[str, object] = {f"a{number}": one for number, one in enumerate(audiences)}
    values |= {"kind": asked.kind, "tag": asked.tag, "before": asked.before, "partner": person.reader.partner_id, "most": limit}
    return list(rows(_walk(len(audiences), undone=asked.undone), values).scalars())


@lru_cache(maxsize=256)
def _walk(audiences: int, *, undone: bool) -> Select[Any]:
    """Along the list of each audience, and no further in any of them than one page."""
    arms = [select(_arm(f"a{number}", undone=undone).subquery().c.shown_id) for number in range(audiences)]
    together = put_together(*arms).subquery()
    return select(together.c.shown_id).order_by(together.c.shown_id.desc()).limit(bindparam("most"))


def _arm(name: str, *, undone: bool) -> Select[Any]:
    place = ContentPlace.__table__.alias()
    statement = select(place.c.shown_id).where(
        place.c.audience_id == bindparam(name),
        place.c.kind == bindparam("kind"),
        place.c.tag == bindparam("tag"),
        place.c.shown_id < bindparam("before"),
    )
    if undone:
        done = exists().where(
            ContentShown.id == place.c.shown_id,
            ContentDone.item_id == ContentShown.item_id,
            ContentDone.partner_id == bindparam("partner"),
        )
        statement = statement.where(~done)
    return statement.order_by(place.c.shown_id.desc()).limit(bindparam("most"))


def _by_words(asked: Asked, audiences: Sequence[int], limit: int) -> list[int]:
    """Audience, kind and tag are words of the index too, so that it alone says what fits."""
    words = search.words(asked.text)
    if not words or any(CODE.fullmatch(word) for word in words):
        return []
    fitting = [code_of("a", one) for one in audiences]
    also = [code_of(kind, value) for kind, value in (("k", asked.kind), ("t", asked.tag)) if value != ALL]
    statement = _on_sqlite(words, fitting, also) if _sqlite() else _on_postgresql(words, fitting, also)
    return list(rows(statement, {"before": asked.before, "most": limit}).scalars())


def _on_sqlite(words: Sequence[str], fitting: Sequence[str], also: Sequence[str]) -> Select[Any]:
    codes = " AND ".join([f"({' OR '.join(fitting)})", *also])
    query = f"{{title body}} : ({' AND '.join(search.fts5([word]) for word in words)}) AND codes : ({codes})"
    asked: ColumnElement[bool] = literal_column("content_search").op("MATCH")(query)
    statement = select(_FTS.c.rowid).where(asked, _FTS.c.rowid < bindparam("before"))
    return statement.order_by(_FTS.c.rowid.desc()).limit(bindparam("most"))


def _on_postgresql(words: Sequence[str], fitting: Sequence[str], also: Sequence[str]) -> Select[Any]:
    query = " & ".join([search.tsquery(words), f"({' | '.join(fitting)})", *also])
    english: ColumnElement[str] = literal_column("'english'")
    said = ContentShown.title + literal_column("' '") + ContentShown.body + literal_column("' '") + ContentShown.codes
    asked = func.to_tsvector(english, said).op("@@")(func.to_tsquery(english, query))
    meant = func.numnode(func.to_tsquery(english, search.tsquery(words))) > 0  # nothing is left of "and" and "the"
    statement = select(ContentShown.id).where(asked, meant, ContentShown.id < bindparam("before"))
    return statement.order_by(ContentShown.id.desc()).limit(bindparam("most"))


def _sqlite() -> bool:
    return db.session.get_bind().dialect.name == "sqlite"


def cards(ids: Sequence[int], person: Person, *, language: str) -> list[Row[Any]]:
    """What is drawn of these, in their order, each in this language or in the first. One statement."""
    if not ids:
        return []
    values = {"ids": list(ids), "user": person.user_id, "partner": person.reader.partner_id, "language": language}
    best: dict[int, Row[Any]] = {}
    for row in rows(_CARDS, values):
        if row.id not in best or row.language == language:
            best[row.id] = row
    return [best[one] for one in ids if one in best]


def counts(asked: Asked, reader: Reader) -> Mapping[tuple[str, str], int]:
    """How many there are by kind and tag: of each kind with the tag asked for, of each tag with the kind. One statement."""
    audiences = reader.narrowed(scheme=asked.scheme, country=asked.country, stage=asked.stage)
    values = {"audiences": audiences, "kind": asked.kind, "tag": asked.tag}
    return {(kind, tag): int(number) for kind, tag, number in rows(_COUNTS, values)} if audiences else {}


def article(key: str, reader: Reader) -> ContentShown | None:
    """Only what is for this partner."""
    fitting = {one.id for one in reader.audiences}
    found = db.session.scalars(select(ContentShown).where(ContentShown.key == key)).one_or_none()
    return found if found and found.audience_id in fitting else None


def roadmap(person: Person, horizons: Sequence[str], *, page: int = COLUMN) -> dict[str, list[Row[Any]]]:
    """The newest items of each. One statement each, and one for all that is drawn."""
    audiences = person.reader.narrowed()
    ids: dict[str, list[int]] = {}
    for horizon in horizons:
        asked = Asked(kind=ContentKind.ROADMAP, tag=f"~{horizon}")
        ids[horizon] = _ids(asked, audiences, person, page) if audiences else []
    drawn = {card.id: card for card in cards([one for some in ids.values() for one in some], person, language=FIRST)}
    return {horizon: [drawn[one] for one in some if one in drawn] for horizon, some in ids.items()}

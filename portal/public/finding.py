"""Finding partners in the directory: by facets, along the order of names; by words, among at most a hundred that match."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Row,
    Select,
    and_,
    bindparam,
    column,
    exists,
    func,
    literal_column,
    select,
    table,
    tuple_,
)
from sqlalchemy.sql.selectable import FromClause

from portal import clock, search
from portal.extensions import db, rows
from portal.launch.directory import ALL, FACETS, REVISION
from portal.models.directory import Count, Entry, Facet

PAGE, MOST = 24, 100
"""Cards on a page; how far is counted, and how many matches of a search are looked at."""
MOST_CODES, LONGEST_TEXT = 5, 200
Counts = Mapping[tuple[str, str], int]

_FTS = table("directory_search", column("rowid", Integer))
_CARD = (Entry.id, Entry.slug, Entry.name, Entry.sort_name, Entry.content)
_ENTRY = select(Entry).where(Entry.slug == bindparam("slug"), Entry.valid_until > bindparam("now"))
_REVISION = select(Count.number).where(Count.kind == REVISION[0], Count.code == REVISION[1])
_COUNTS = select(Count.kind, Count.code, Count.number).where(Count.number > 0)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for. All of it together must hold."""

    text: str = ""
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Codes by facet."""
    after: str = ""
    """The slug of the last card of the page before."""

    @property
    def pairs(self) -> list[tuple[str, str]]:
        return [(kind, code) for kind, codes in self.chosen.items() for code in codes]

    @property
    def everything(self) -> bool:
        return not self.text and not self.pairs


@dataclass(frozen=True, slots=True)
class Found:
    """One page. `total` is exact up to a hundred; `more` says that there are more than were counted."""

    rows: Sequence[Row[Any]]
    total: int
    more: bool
    next_slug: str


def asked(args: Mapping[str, Sequence[str]]) -> Asked:
    """From the query of an address: unknown facets are passed over, unknown codes find nothing."""
    chosen = {kind: _codes(args.get(kind, ())) for kind in FACETS}
    return Asked(
        text=_first(args, "q")[:LONGEST_TEXT].strip(),
        chosen={kind: codes for kind, codes in chosen.items() if codes},
        after=_first(args, "after")[:80],
    )


def _first(args: Mapping[str, Sequence[str]], name: str) -> str:
    return next(iter(args.get(name, ())), "").replace("\0", "")


def _codes(given: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted({code.replace("\0", "")[:40] for code in given if code}))[:MOST_CODES]


def revision() -> int:
    """Raised by everything that visitors could see. One cheap statement."""
    return rows(_REVISION, {}).scalar() or 0


def counts() -> Counts:
    """How many there are of each facet, and of all."""
    return {(kind, code): number for kind, code, number in rows(_COUNTS, {})}


def entry(slug: str) -> Entry | None:
    return db.session.scalars(_ENTRY, {"slug": slug, "now": clock.now()}).one_or_none()


def find(wanted: Asked, numbers: Counts) -> Found:
    """At most four statements, however many partners there are."""
    words = search.words(wanted.text)
    if words:
        return _by_words(wanted, words)
    if wanted.text:
        return Found([], 0, more=False, next_slug="")
    return _by_name(wanted, numbers)


def _by_name(wanted: Asked, numbers: Counts) -> Found:
    statement = _walk(wanted, numbers)
    now = clock.now()
    total = numbers.get(ALL, 0) if wanted.everything else _counted(statement, now)
    page = statement.where(_behind(wanted)) if wanted.after else statement
    cards = rows(page.limit(PAGE + 1), {"now": now}).all()
    last = cards[PAGE - 1].slug if len(cards) > PAGE else ""
    return Found(cards[:PAGE], min(total, MOST), more=total > MOST, next_slug=last)


def _counted(statement: Select[Any], now: datetime) -> int:
    first = statement.with_only_columns(Entry.id).order_by(None).limit(MOST + 1).subquery()
    return rows(select(func.count()).select_from(first), {"now": now}).scalar() or 0


def _walk(wanted: Asked, numbers: Counts) -> Select[Any]:
    """Along the names: of all entries, or of those with the rarest facet that is asked for, while the others are looked up."""
    statement = select(*_CARD).where(Entry.valid_until > bindparam("now"))
    pairs = sorted(wanted.pairs, key=lambda pair: (numbers.get(pair, 0), pair))
    if not pairs:
        return statement.order_by(Entry.sort_name, Entry.id)
    (kind, code), *others = pairs
    along = statement.join(Facet, Facet.entry_id == Entry.id).where(Facet.kind == kind, Facet.code == code)
    return along.where(*_also(others)).order_by(Facet.sort_name, Facet.entry_id)


def _also(pairs: Sequence[tuple[str, str]]) -> list[ColumnElement[bool]]:
    """Each looked up by its whole key, the name too: SQLite would read all of a kind and code otherwise."""
    other = Facet.__table__.alias("other")
    same = and_(other.c.sort_name == Entry.sort_name, other.c.entry_id == Entry.id)
    return [exists().where(other.c.kind == kind, other.c.code == code, same) for kind, code in pairs]


def _behind(wanted: Asked) -> ColumnElement[bool]:
    """After the place where the page before ended; at the beginning when that partner has left."""
    place = rows(
        select(Entry.sort_name, Entry.id).where(Entry.slug == bindparam("after")), {"after": wanted.after}
    ).one_or_none()
    if place is None:
        return Entry.id > 0
    row = tuple_(Facet.sort_name, Facet.entry_id) if wanted.pairs else tuple_(Entry.sort_name, Entry.id)
    return row > tuple_(place.sort_name, place.id)


def _by_words(wanted: Asked, words: list[str]) -> Found:
    """Names that begin so come first. Among more than a hundred, more words help and more pages would not."""
    named = _places(wanted, _begins(search.folded(wanted.text)))
    rest = _matching(wanted, words) if len(named) <= MOST else []
    known = {row.id for row in named}
    places = [*sorted(named, key=_order), *sorted((row for row in rest if row.id not in known), key=_order)]
    begin = next((number + 1 for number, row in enumerate(places) if row.slug == wanted.after), 0)
    shown = places[:MOST]
    last = shown[begin + PAGE - 1].slug if len(shown) > begin + PAGE else ""
    return Found(_cards(shown[begin : begin + PAGE]), min(len(places), MOST), more=len(places) > MOST, next_slug=last)


def _cards(places: Sequence[Row[Any]]) -> Sequence[Row[Any]]:
    """What is drawn of these, in their order."""
    ids = [place.id for place in places]
    found = {row.id: row for row in rows(select(*_CARD).where(Entry.id.in_(ids)), {})} if ids else {}
    return [found[one] for one in ids if one in found]


def _order(row: Row[Any]) -> tuple[str, int]:
    return row.sort_name, row.id


def _begins(text: str) -> ColumnElement[bool]:
    """Written so that each database walks along its index of names."""
    if _on_sqlite():
        return and_(Entry.sort_name >= text, Entry.sort_name < text + chr(0x10FFFF))
    return Entry.sort_name.startswith(text, autoescape=True)


def _matching(wanted: Asked, words: list[str]) -> Sequence[Row[Any]]:
    if not _on_sqlite():
        return _places(wanted, search.tsvector(words, Entry.sort_name + literal_column("' '") + Entry.body))
    asked: ColumnElement[bool] = literal_column("directory_search").op("MATCH")(search.fts5(words))
    return _places(wanted, asked, among=_FTS.join(Entry, Entry.id == _FTS.c.rowid))


def _places(wanted: Asked, which: ColumnElement[bool], *, among: FromClause | None = None) -> Sequence[Row[Any]]:
    """At most one more than are looked at."""
    statement = select(Entry.id, Entry.slug, Entry.sort_name)
    statement = statement if among is None else statement.select_from(among)
    holds = (which, Entry.valid_until > bindparam("now"), *_also(wanted.pairs))
    return rows(statement.where(*holds).limit(MOST + 1), {"now": clock.now()}).all()


def _on_sqlite() -> bool:
    return db.session.get_bind().dialect.name == "sqlite"

"""The words by which a happening is found in the audit log: stored with it, asked for one by one or together.

A search walks along the happenings of a word, newest first, and looks others up: as quick among a million as among a hundred.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from hashlib import blake2b
from typing import Any

from sqlalchemy import Insert
from sqlalchemy.dialects import postgresql, sqlite

from portal.extensions import db
from portal.models.event import Event, EventWord
from portal.search import LONGEST, WORD, folded

MOST = 200
"""Different words of one happening that are kept."""
BY_ITSELF = "\0portal"
"""Stands for what nobody did: no text holds it."""


def number(word: str) -> int:
    """64 bits that stand for this word; two words share one as often as lightning strikes twice."""
    return int.from_bytes(blake2b(word.encode(errors="replace"), digest_size=8).digest(), "big", signed=True)


def words_of(event: Event, happening: Any) -> list[str]:
    """Who, what was said about it, and every text and name in it; each once."""
    texts = (
        event.actor_name,
        happening.sentence(),
        *_texts(asdict(happening)),
        event.section_key or "",
        event.question_key or "",
    )
    found = dict.fromkeys(word[:LONGEST] for text in texts for word in WORD.findall(folded(text)))
    return [*([] if event.actor_id else [BY_ITSELF]), *list(found)[:MOST]]


def keep(event: Event, happening: Any) -> None:
    """Store the words of a happening that was just stored."""
    known = [{"word": number(word), "event_id": event.id} for word in words_of(event, happening)]
    if known:
        connection = db.session.connection()
        connection.execute(_INSERTS[connection.dialect.name], known)


_INSERTS: Mapping[str, Insert] = {
    "sqlite": sqlite.insert(EventWord.__table__).on_conflict_do_nothing(),  # type: ignore[arg-type]  # a table of its own
    "postgresql": postgresql.insert(EventWord.__table__).on_conflict_do_nothing(),  # type: ignore[arg-type]  # the same
}


def _texts(value: object) -> Iterator[str]:
    """Keys and values, however deep; keys such as `before` and `after` say nothing and cost little."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield str(key)
            yield from _texts(inner)
    elif isinstance(value, Iterable):
        for inner in value:
            yield from _texts(inner)

"""By which values a delivery will be found: what the log's filters ask for, and the words of its body."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from portal.webhooks.parsing import Understood
from portal.webhooks.values import MOST_WORDS, Kind, Mark, number, words

NAMED_FREELY = frozenset({"metadata", "resource_metadata"})
"""Objects whose keys are the partner's own words; other keys are in every webhook."""
NOT_WORDS = frozenset({"created_at"})


def numbers(partner_id: int, facts: Iterable[tuple[Kind, object]], understood: Understood, marks: Iterable[Mark]) -> list[int]:
    """Each once; `facts` is what the delivery itself says (verdict, answer, app)."""
    pairs = [*facts, *_of_events(understood), *((Kind.MARK, mark) for mark in marks)]
    pairs += ((Kind.WORD, word) for word in islice(_words(understood), MOST_WORDS))
    return [number(partner_id, kind, value) for kind, value in dict.fromkeys(pairs) if value not in ("", None)]


def _of_events(understood: Understood) -> Iterator[tuple[Kind, object]]:
    for event in understood.events:
        yield Kind.EVENT, event.name
        yield Kind.RESOURCE_TYPE, event.resource_type
        yield Kind.ORGANISATION, event.organisation_id
        yield Kind.RESOURCE, event.resource_id
        for link in event.links:
            yield Kind.RESOURCE, link


def _words(understood: Understood) -> Iterator[str]:
    """Each different word, in the order in which they come."""
    texts = _texts(understood.document) if understood.document is not None else [understood.text]
    return iter(dict.fromkeys(word for text in texts for word in words(text)))


def _texts(document: object) -> Iterator[str]:
    """Every piece of text in a document; not by recursion, because documents may be deep."""
    waiting: list[tuple[object, bool]] = [(document, False)]
    while waiting:
        value, named_freely = waiting.pop()
        if isinstance(value, Mapping):
            waiting += reversed(list(_inside(value, named_freely=named_freely)))
        elif isinstance(value, list):
            waiting += ((one, named_freely) for one in reversed(value))
        elif value is not None and not isinstance(value, bool):
            yield str(value)


def _inside(value: Mapping[str, Any], *, named_freely: bool) -> Iterator[tuple[object, bool]]:
    for key, inner in value.items():
        if named_freely:
            yield key, False
        if key not in NOT_WORDS:
            yield inner, named_freely or key in NAMED_FREELY

"""Two runs side by side: their steps aligned, and what differs between each pair. Pure."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from portal.models.run import RunStep
from portal.runs.masking import GAP

MASKED = re.compile(rf"[\w./+%-]{{0,4}}{GAP}[\w./+%-]{{0,4}}")
FORM = re.compile(r"[^\s=&]+=[^\s&]*(?:&[^\s=&]+=[^\s&]*)*")
ALWAYS = frozenset({"date", "x-request-id", "content-length", "ratelimit-remaining", "ratelimit-reset", "idempotency-key"})
"""Headers that differ between any two answers and say nothing."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One value by its place; None where a side has no such value."""

    place: str
    left: str | None
    right: str | None


@dataclass(frozen=True, slots=True)
class Pair:
    """The same step of both runs; None where one did not get there."""

    code: str
    left: RunStep | None
    right: RunStep | None
    differences: tuple[Difference, ...]


def pairs(left: Sequence[RunStep], right: Sequence[RunStep]) -> list[Pair]:
    """Steps by code and how many times it came before, in the order of the left run; what only the right has follows."""
    ours, theirs = _numbered(left), _numbered(right)
    places = [*ours, *(place for place in theirs if place not in ours)]
    return [
        Pair(place[0], ours.get(place), theirs.get(place), _differences(ours.get(place), theirs.get(place))) for place in places
    ]


def _numbered(steps: Sequence[RunStep]) -> dict[tuple[str, int], RunStep]:
    seen: Counter[str] = Counter()
    numbered = {}
    for step in steps:
        numbered[step.code, seen[step.code]] = step
        seen[step.code] += 1
    return numbered


def _differences(left: RunStep | None, right: RunStep | None) -> tuple[Difference, ...]:
    if left is None or right is None:
        return ()
    ours, theirs = dict(_flat(left)), dict(_flat(right))
    places = [*ours, *(place for place in theirs if place not in ours)]
    found = (Difference(place, ours.get(place), theirs.get(place)) for place in places)
    return tuple(one for one in found if _unmasked(one.left) != _unmasked(one.right))


def _unmasked(said: str | None) -> str | None:
    """Without what is left of secrets, which differ in any two runs."""
    return MASKED.sub(GAP, said) if said is not None else None


def _flat(step: RunStep) -> Iterator[tuple[str, str]]:
    """Every value of a step by its place; a body that is no document, or far too deep a one, is one text."""
    yield "state", step.status.value
    yield "verdict", step.verdict
    for name, part in (("request", step.request), ("response", step.response)):
        for key, value in (part or {}).items():
            if key == "headers":
                yield from ((f"{name} header {header}", said) for header, said in value.items() if header.lower() not in ALWAYS)
            elif key == "body":
                yield from ((f"{name} body{place}", said) for place, said in _body(value))
            elif key == "url":
                yield from ((f"{name} address{place}", said) for place, said in _address(str(value)))
            elif key != "curl":
                yield f"{name} {key}", str(value)


def _address(url: str) -> Iterator[tuple[str, str]]:
    plain, _, query = url.partition("?")
    yield "", plain
    yield from _form(query)


def _form(said: str) -> Iterator[tuple[str, str]]:
    return ((f".{field}", value) for field, value in parse_qsl(said, keep_blank_values=True))


def _body(body: str) -> list[tuple[str, str]]:
    try:
        return list(_values("", json.loads(body)))
    except (ValueError, RecursionError):
        return list(_form(body)) if FORM.fullmatch(body) else [("", body)]


def _values(place: str, document: Any) -> Iterator[tuple[str, str]]:
    if isinstance(document, Mapping):
        for name, value in document.items():
            yield from _values(f"{place}.{name}", value)
    elif isinstance(document, list):
        for number, value in enumerate(document):
            yield from _values(f"{place}[{number}]", value)
    else:
        yield place, document if isinstance(document, str) else json.dumps(document)

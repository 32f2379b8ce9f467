"""What is in a body: its events, or in words why they cannot be read. Pure, and never surprised: whatever came, it answers."""

import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from portal.webhooks.known import published

MOST = 250
"""Events that GoCardless sends at once."""
UNPACKED = 2_000_000
"""Bytes that a compressed body may have when it is unpacked."""
DIGITS = 18
"""Longer whole numbers are kept as the text that they are."""
GZIP = b"\x1f\x8b"
MARK = b"\xef\xbb\xbf"

NOT_UTF8 = "The body is not UTF-8 text."
GZIP_CUT = "The body is compressed and ends in the middle."
GZIP_LARGE = "The body is compressed and larger than 2 MB when it is unpacked."
EMPTY = "The body is empty."
NOT_JSON = "The body is not JSON."
ENDS_EARLY = "The body is JSON that ends in the middle."
TOO_DEEP = "The body is nested too deeply to be read."
NO_OBJECT = "The body is JSON, but not an object with events."
NO_EVENTS = "The body holds no list of events."
ODD_EVENTS = "Some of the events are not objects."
TOO_MANY = "The body holds more than 250 events; GoCardless never sends so many. The first 250 were read."
COMPRESSED = "The body is compressed; GoCardless never does that."
MARKED = "The body begins with a byte order mark, which JSON forbids."


@dataclass(frozen=True, slots=True)
class Found:
    """One event, in text that every database takes; empty where it says nothing."""

    position: int
    event_id: str | None
    created_at: str
    resource_type: str
    action: str
    resource_id: str
    organisation_id: str
    links: tuple[str, ...]
    """Every id that it links to."""
    cause: str

    @property
    def name(self) -> str:
        return f"{self.resource_type}.{self.action}"

    @property
    def known(self) -> bool:
        return published(self.resource_type, self.action)


@dataclass(frozen=True, slots=True)
class Understood:
    """What a body says: `total` counts also the events that are not in `events`."""

    events: tuple[Found, ...] = ()
    total: int = 0
    problem: str = ""
    webhook_id: str = ""
    document: Any = None
    """The JSON itself, None when there is none."""
    text: str = ""
    """What words are looked for in when there is no JSON."""


def understand(raw: bytes) -> Understood:
    """Reads the bytes of a body; whatever is wrong with them is in `problem`."""
    if not raw:
        return Understood(problem=EMPTY)
    unpacked, problem = _unpacked(raw)
    if unpacked is None:
        return Understood(problem=problem)
    if unpacked.startswith(MARK):
        unpacked, problem = unpacked.removeprefix(MARK), problem or MARKED
    try:
        text = unpacked.decode()
    except UnicodeDecodeError:
        return Understood(problem=NOT_UTF8, text=clean(unpacked.decode(errors="replace"), len(unpacked)))
    document, wrong = _document(text)
    if wrong:
        return Understood(problem=wrong, text=clean(text, len(text)))
    return _events(document, problem)


def _unpacked(raw: bytes) -> tuple[bytes | None, str]:
    """The bytes, unpacked when they are gzip, and what is to be said about it."""
    if not raw.startswith(GZIP):
        return raw, ""
    unpacker = zlib.decompressobj(wbits=31)
    try:
        unpacked = unpacker.decompress(raw, UNPACKED)
    except zlib.error:
        return None, GZIP_CUT
    if unpacker.unconsumed_tail:
        return None, GZIP_LARGE
    return (unpacked, COMPRESSED) if unpacker.eof else (None, GZIP_CUT)


def _document(text: str) -> tuple[Any, str]:
    """The JSON, or what is wrong with it. Numbers that no database holds become text."""
    try:
        return json.loads(text, parse_int=_number, parse_float=str, parse_constant=str), ""
    except json.JSONDecodeError as error:
        return None, ENDS_EARLY if error.pos >= len(text.rstrip()) or "Unterminated" in error.msg else NOT_JSON
    except RecursionError:
        return None, TOO_DEEP


def _number(digits: str) -> int | str:
    return int(digits) if len(digits) <= DIGITS else digits


def _events(document: Any, problem: str) -> Understood:
    if not isinstance(document, dict):
        return Understood(problem=NO_OBJECT, document=document)
    listed, meta = document.get("events"), document.get("meta")
    webhook_id = _text(meta.get("webhook_id"), 64) if isinstance(meta, dict) else ""
    if not isinstance(listed, list):
        return Understood(problem=NO_EVENTS, webhook_id=webhook_id, document=document)
    found = tuple(_found(place, event) for place, event in enumerate(listed[:MOST]) if isinstance(event, dict))
    if len(listed) > MOST:
        problem = TOO_MANY
    elif len(found) < len(listed):
        problem = ODD_EVENTS
    return Understood(found, len(listed), problem, webhook_id, document)


def _found(position: int, event: Mapping[str, Any]) -> Found:
    links = event.get("links")
    linked = dict(_links(links)) if isinstance(links, dict) else {}
    details = event.get("details")
    kind, event_id = _text(event.get("resource_type"), 60), event.get("id")
    return Found(
        position=position,
        event_id=None if event_id is None else _text(event_id, 64),
        created_at=_text(event.get("created_at"), 40),
        resource_type=kind,
        action=_text(event.get("action"), 60),
        resource_id=linked.get(kind.removesuffix("s"), ""),
        organisation_id=linked.get("organisation", ""),
        links=tuple(dict.fromkeys(to for name, to in linked.items() if name != "organisation")),
        cause=_text(details.get("cause"), 60) if isinstance(details, dict) else "",
    )


def _links(links: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in list(links.items())[:20]:
        if text := _text(value, 64):
            yield clean(name, 60), text


def _text(value: object, most: int) -> str:
    """A value as text: what is no text is shown as JSON has it, what is nothing is empty."""
    if value is None:
        return ""
    return clean(value if isinstance(value, str) else _json(value), most)


def _json(value: object) -> str:
    try:
        return json.dumps(value)
    except RecursionError:
        return "…"


def clean(text: str, most: int) -> str:
    """Text without what a database refuses (NUL, halves of characters), cut to a length."""
    return text[:most].encode("utf-8", "replace").decode().replace("\0", "\ufffd")

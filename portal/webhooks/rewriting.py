"""The bodies that may have been signed instead of the one that came: what programs on the way make of a body."""

import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from portal.webhooks import parsing
from portal.webhooks.reasons import Reason

DEEPEST = 20
LONGEST_REWRITTEN = 300_000
"""Bytes; larger bodies are not written in thirty other ways."""


@dataclass(frozen=True, slots=True)
class Body:
    """Bytes that may have been signed."""

    raw: bytes
    mistakes: tuple[Reason, ...] = ()


def bodies(raw: bytes) -> Iterator[Body]:
    """What may have been signed instead of these bytes; they themselves come first."""
    yield Body(raw)
    yield Body(b"", (Reason.EMPTY_BODY,))
    yield from _differing(raw, Reason.TRAILING_NEWLINE, (raw + b"\n", raw + b"\r\n", raw.rstrip(), raw.strip()))
    lf = raw.replace(b"\r\n", b"\n")
    yield from _differing(raw, Reason.LINE_ENDINGS, (lf, lf.replace(b"\n", b"\r\n")))
    yield from _differing(raw, Reason.BYTE_ORDER_MARK, (parsing.MARK + raw, raw.removeprefix(parsing.MARK)))
    yield from _unzipped(raw)
    yield from _reencoded(raw)
    yield from _rewritten(raw)
    yield from _beginnings(raw)


def _differing(raw: bytes, reason: Reason, others: Sequence[bytes]) -> Iterator[Body]:
    return (Body(other, (reason,)) for other in dict.fromkeys(others) if other != raw)


def _unzipped(raw: bytes) -> Iterator[Body]:
    if raw.startswith(parsing.GZIP):
        try:
            yield Body(zlib.decompressobj(wbits=31).decompress(raw, parsing.UNPACKED), (Reason.BEFORE_GZIP,))
        except zlib.error:
            return


def _reencoded(raw: bytes) -> Iterator[Body]:
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        yield Body(raw.decode("latin-1").encode(), (Reason.REENCODED,))
        return
    others = [text.encode(name, "replace") for name in ("latin-1", "utf-16", "utf-16-le", "utf-16-be")]
    yield from _differing(raw, Reason.REENCODED, [*others, raw.decode("latin-1").encode()])


def _rewritten(raw: bytes) -> Iterator[Body]:
    """The same JSON as other programs write it, and parts of it."""
    if len(raw) > LONGEST_REWRITTEN:
        return
    try:
        document = json.loads(raw.removeprefix(parsing.MARK))
        if _deep(document):
            return
        written = {raw: None} | {bytes_: reason for reason, part in _parts(document) for bytes_ in _ways_to_write(part)}
    except (ValueError, RecursionError):
        return
    yield from (Body(other, (reason,)) for other, reason in written.items() if reason)


def _deep(document: object) -> bool:
    """Whether it is nested as no webhook is: indented, such a thing grows beyond all measure."""
    level = [document]
    for _ in range(DEEPEST):
        level = [inner for value in level for inner in _inside(value)]
        if not level:
            return False
    return True


def _inside(value: object) -> Iterable[object]:
    return value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()


def _parts(document: object) -> Iterator[tuple[Reason, object]]:
    if isinstance(document, dict):
        events = document.get("events")
        yield Reason.PART_OF_BODY, events
        if isinstance(events, list) and events:
            yield Reason.PART_OF_BODY, events[0]
        yield Reason.PART_OF_BODY, {"events": events}
    yield Reason.RESERIALISED, document


def _ways_to_write(document: object) -> Iterator[bytes]:
    """Compact or with spaces, sorted or not, escaped or not, indented; as PHP escapes slashes and Go what HTML minds."""
    for in_order, escaped in product((False, True), repeat=2):
        for layout in ({"separators": (",", ":")}, {}, {"indent": 2}, {"indent": 4}):
            yield json.dumps(document, sort_keys=in_order, ensure_ascii=escaped, **layout).encode("utf-8", "replace")
        compact = json.dumps(document, sort_keys=in_order, ensure_ascii=escaped, separators=(",", ":"))
        yield compact.replace("/", "\\/").encode("utf-8", "replace")
        yield compact.translate(_AS_GO_DOES).encode("utf-8", "replace")
        yield f"{compact}\n".encode("utf-8", "replace")


_AS_GO_DOES = str.maketrans({sign: f"\\u{ord(sign):04x}" for sign in "<>&"})


def _beginnings(raw: bytes) -> Iterator[Body]:
    """Cut at the size of a buffer, at a length counted in characters, or a few bytes short."""
    lengths = [2**power for power in range(6, 20)] + [len(raw.decode(errors="replace"))] + [len(raw) - n for n in range(1, 9)]
    yield from (Body(raw[:length], (Reason.CUT_WHEN_SIGNED,)) for length in dict.fromkeys(lengths) if 0 < length < len(raw))

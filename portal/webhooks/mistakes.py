"""The mistakes that are tried: other secrets, other bodies, other ways to write a signature down."""

import base64
import binascii
import json
import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from sqlalchemy import Row

from portal.webhooks import parsing
from portal.webhooks.reasons import Reason

DEEPEST = 20
LONGEST_REWRITTEN = 300_000
"""Bytes; larger bodies are not written in thirty other ways."""
_HEX = re.compile(r"[0-9a-fA-F]{32,128}")
_IN_FRONT = re.compile(r"(?:^|[,;\s])(?:[a-z]{1,10}-?\d{0,3}|hmac-sha256)\s*[=:\s]\s*(?=\S)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Key:
    """A secret that may have been used; `mistakes` is empty for the right one."""

    secret: bytes
    mistakes: tuple[Reason, ...] = ()
    app: str = ""
    """The name of the other app whose it is."""


@dataclass(frozen=True, slots=True)
class Body:
    """Bytes that may have been signed."""

    raw: bytes
    mistakes: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """Hexadecimal digits that a header may stand for, in lower case."""

    digits: str
    mistakes: tuple[Reason, ...] = ()


def keys(apps: Sequence[Row[Any]], app_id: int) -> list[Key]:
    """Every secret of a partner, those of this app first. `apps` are rows of its apps, all environments."""
    own = [app for app in apps if app.id == app_id]
    found = [key for app in own for key in _own(app)]
    for app in apps:
        if app.id != app_id:
            elsewhere = bool(own) and app.environment != own[0].environment
            reason = Reason.OTHER_ENVIRONMENT if elsewhere else Reason.OTHER_APP
            texts = (app.webhook_secret, app.previous_webhook_secret, app.client_secret)
            found += [Key(text.encode(), (reason,), app.name) for text in texts if text]
    return found


def _own(app: Row[Any]) -> Iterator[Key]:
    for text, mistakes in (
        (app.webhook_secret, ()),
        (app.previous_webhook_secret, (Reason.PREVIOUS_SECRET,)),
        (app.client_secret, (Reason.CLIENT_SECRET,)),
        (app.previous_client_secret, (Reason.CLIENT_SECRET,)),
    ):
        if text:
            yield Key(text.encode(), mistakes)
    if app.webhook_secret:
        yield from _edges(app.webhook_secret)
        yield from _decoded(app.webhook_secret)


def _edges(text: str) -> Iterator[Key]:
    for other in (
        f"{text}\n",
        f"{text}\r\n",
        f"{text} ",
        f" {text}",
        f'"{text}"',
        f"'{text}'",
        text.strip(),
        text.strip("\"'"),
    ):
        if other != text:
            yield Key(other.encode(), (Reason.SECRET_EDGES,))


def _decoded(text: str) -> Iterator[Key]:
    for decode in (bytes.fromhex, _unbase64):
        try:
            yield Key(decode(text), (Reason.SECRET_DECODED,))
        except (ValueError, binascii.Error):
            continue


def _unbase64(text: str) -> bytes:
    """Either alphabet, with or without padding. Raises ValueError for anything else."""
    usual = text.replace("-", "+").replace("_", "/").rstrip("=")
    return base64.b64decode(usual + "=" * (-len(usual) % 4), validate=True)


def forms(header: str) -> Iterator[Form]:
    """What the header may mean; nothing when it is no signature at all."""
    plain = "".join(sign for sign in header if sign.isascii() and sign.isprintable()).strip()
    odd = () if plain == header.strip(" \t") else (Reason.NON_ASCII_HEADER,)
    yield from _written(plain, odd)
    unquoted = plain.strip("\"'")
    if unquoted != plain:
        yield from _written(unquoted, (*odd, Reason.QUOTED))
    several = [part.strip() for part in plain.split(",")]
    if len(several) > 1:
        for part in dict.fromkeys(several):
            yield from _written(part, (*odd, Reason.DUPLICATED_HEADER))
    for match in _IN_FRONT.finditer(unquoted):
        rest = re.split(r"[,;\s]", unquoted[match.end() :], maxsplit=1)[0]
        yield from _written(rest, (*odd, Reason.PREFIX))


def _written(text: str, mistakes: tuple[Reason, ...]) -> Iterator[Form]:
    if _HEX.fullmatch(text):
        yield Form(text.lower(), mistakes if text == text.lower() else (*mistakes, Reason.UPPER_CASE))
        return
    try:
        decoded = _unbase64(text)
    except (ValueError, binascii.Error):
        return
    digits = decoded.decode("ascii", "replace")
    if _HEX.fullmatch(digits):
        yield Form(digits.lower(), (*mistakes, Reason.BASE64))
    elif len(decoded) in (16, 20, 32, 48, 64):
        yield Form(decoded.hex(), (*mistakes, Reason.BASE64))


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

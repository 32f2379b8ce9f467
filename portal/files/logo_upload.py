"""Takes a logo in: what it is, its content decides; what is kept are PNGs that we drew ourselves. No database is touched."""

import hashlib
from dataclasses import dataclass

import structlog

from portal import storage
from portal.files import antivirus, child
from portal.files.antivirus import Infected, ScannerUnavailable
from portal.files.child import LogoRefused
from portal.files.intake import Upload
from portal.files.kinds import Kind
from portal.files.names import displayed
from portal.files.reasons import NO_STORAGE, NONE_CHOSEN, WORDS, Unusable, Why
from portal.files.sniff import identify
from portal.refusals import NotNow

MOST_BYTES = 5 * 1024 * 1024
SHORTEST_LONG_SIDE = 1000
WIDEST = 10
SVG = "image/svg+xml"
TAKEN = (Kind.PNG, Kind.JPEG, Kind.WEBP)
SIZES = ("large", "small", "social")

TOO_BIG = "This file is larger than 5 MB. Send a smaller one."
UNKNOWN = "This is not a PNG, JPEG, WebP or SVG file. Save your logo as one of these and send it again."
TOO_SMALL = "This logo is {width} × {height} pixels. The long side needs at least 1,000; send a larger one, or an SVG."
TOO_LONG = "This logo is more than ten times as long as it is high, or the other way round. Send one that fits into a card."

log = structlog.get_logger("portal.files")


@dataclass(frozen=True, slots=True)
class Received:
    """A logo in storage that no row refers to yet."""

    name: str
    kind: str
    width: int
    height: int
    sha256: str
    keys: dict[str, str]
    """Of the stored pictures, by size."""


def take(upload: Upload | None) -> Received:
    """What came in the file field of a form. Slow: call it outside any transaction.

    Raises LogoRefused with words for the field, NotNow when nothing can be stored or scanned.
    """
    if upload is None:
        raise LogoRefused(NONE_CHOSEN)
    try:
        return receive(upload)
    except Unusable as unusable:
        raise LogoRefused(unusable.words) from unusable
    except Infected as infected:
        raise LogoRefused(WORDS[Why.INFECTED]) from infected
    except (ScannerUnavailable, storage.StorageUnavailable) as away:
        log.exception("logo not taken")
        raise NotNow(NO_STORAGE) from away


def receive(upload: Upload) -> Received:
    """Slow: call it outside any transaction.

    Raises Unusable or LogoRefused with words, Infected, ScannerUnavailable or StorageUnavailable.
    """
    data = upload.stream.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise LogoRefused(TOO_BIG)
    kind = SVG if is_svg(data) else _picture(data)
    antivirus.scan_if_configured(data)
    drawn = child.draw_logo(data, kind)
    return Received(
        name=displayed(upload.name),
        kind=kind,
        width=drawn.width,
        height=drawn.height,
        sha256=hashlib.sha256(data).hexdigest(),
        keys={size: storage.current().put(getattr(drawn, size)) for size in SIZES},
    )


def discard(received: Received) -> None:
    """Take a logo out of storage again that nothing came to refer to."""
    for key in received.keys.values():
        storage.current().delete(key)


def is_svg(data: bytes) -> bool:
    """Whether this is XML: an SVG is looked at as such, whatever it is called. No picture and no program begins so."""
    head = data[:1024]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.decode("utf-16", "ignore").encode()
    return head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<")


def _picture(data: bytes) -> Kind:
    try:
        found = identify(data)
    except Unusable as unusable:
        if unusable.why is Why.UNKNOWN:
            raise LogoRefused(UNKNOWN) from unusable
        raise
    if found.kind not in TAKEN or not found.width or not found.height:
        raise LogoRefused(UNKNOWN)
    if max(found.width, found.height) < SHORTEST_LONG_SIDE:
        raise LogoRefused(TOO_SMALL.format(width=found.width, height=found.height))
    if max(found.width, found.height) > WIDEST * min(found.width, found.height):
        raise LogoRefused(TOO_LONG)
    return found.kind

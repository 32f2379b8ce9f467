"""Says what a file is by its content alone, and refuses what is cut off, oversized or two things at once."""

from collections.abc import Callable

from portal.files import headers
from portal.files.kinds import MAX_PIXELS, MAX_SIDE, MAX_WEBP_PIXELS, Found, Kind
from portal.files.reasons import Unusable, Why

PDF_VERSIONS = (b"%PDF-1.", b"%PDF-2.")
MARKUP = (b"<html", b"<script", b"<!doctype", b"<?php", b"<svg", b"<iframe")
PROGRAMS = (b"MZ", b"\x7fELF", b"Rar!", b"7z\xbc\xaf", b"#!", b"PK\x03\x04")
HEAD = 1024
"""Browsers and PDF readers look for another format's mark in about this many bytes."""

SIZE: dict[Kind, Callable[[bytes], headers.Size]] = {
    Kind.PNG: headers.png,
    Kind.JPEG: headers.jpeg,
    Kind.WEBP: headers.webp,
    Kind.GIF: headers.gif,
}


def identify(data: bytes) -> Found:
    """The kind and the size in pixels of a file, from its bytes. Raises Unusable with the reason; decodes nothing."""
    if not data:
        raise Unusable(Why.EMPTY)
    kind = kind_of(data)
    if kind is None:
        raise Unusable(Why.UNKNOWN)
    _refuse_second_identity(data, kind)
    if kind is Kind.PDF:
        _check_pdf_end(data)
        return Found(kind)
    width, height = SIZE[kind](data)
    _check_size(kind, width, height)
    return Found(kind, width, height)


def kind_of(data: bytes) -> Kind | None:
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return Kind.PNG
    if data.startswith(b"\xff\xd8\xff"):
        return Kind.JPEG
    if data.startswith((b"GIF87a", b"GIF89a")):
        return Kind.GIF
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return Kind.WEBP
    return Kind.PDF if data.startswith(PDF_VERSIONS) else None


def _check_size(kind: Kind, width: int, height: int) -> None:
    if not width or not height:
        raise Unusable(Why.DAMAGED)
    if width * height > (MAX_WEBP_PIXELS if kind is Kind.WEBP else MAX_PIXELS):
        raise Unusable(Why.TOO_MANY_PIXELS)
    if max(width, height) > MAX_SIDE:
        raise Unusable(Why.TOO_LONG)


def _check_pdf_end(data: bytes) -> None:
    if b"%%EOF" not in data[-HEAD:]:
        raise Unusable(Why.TRUNCATED)


def _refuse_second_identity(data: bytes, kind: Kind) -> None:
    head = data[:HEAD].lower()
    if any(mark in head for mark in MARKUP) or (kind is not Kind.PDF and b"%pdf-" in head):
        raise Unusable(Why.EXTRA)
    if holds_zip(data, at_end=kind is Kind.PDF) or (kind is Kind.JPEG and _jpeg_hides_something(data)):
        raise Unusable(Why.EXTRA)


def holds_zip(data: bytes, *, at_end: bool = False) -> bool:
    """Whether a zip reader would find its closing record, which it looks for from the end, whatever comes before.

    With `at_end` only a record that reaches exactly to the end counts: a PDF may carry attachments.
    """
    tail = data[-(22 + 0xFFFF) :]
    at = tail.rfind(b"PK\x05\x06")
    while at >= 0:
        comment, listing = headers.little(tail, at + 20, 2), at - headers.little(tail, at + 12, 4)
        if at + 22 + comment == len(tail) or (not at_end and tail[max(listing, 0) :].startswith(b"PK\x01\x02")):
            return True
        at = tail.rfind(b"PK\x05\x06", 0, at)
    return False


def _jpeg_hides_something(data: bytes) -> bool:
    """Telephones append more pictures and films to a JPEG, which saving it anew drops; programs and documents are refused."""
    trailer = data[data.rfind(b"\xff\xd9") + 2 :]
    return trailer.startswith(PROGRAMS) or b"%PDF-" in trailer or any(mark in trailer.lower() for mark in MARKUP)

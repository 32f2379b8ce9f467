"""Reads the size of a picture from its header, and checks that the file ends where its format says, without decoding."""

import zlib
from collections.abc import Iterator

from portal.files.reasons import Unusable, Why

MAX_CHUNKS = 20_000
"""Walking is Python: a file of millions of empty chunks is refused instead of read."""

PNG_CRITICAL = (b"IHDR", b"PLTE", b"IDAT")
JPEG_BARE = frozenset({0x01, 0xD8, *range(0xD0, 0xD8)})
JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}

Size = tuple[int, int]


def png(data: bytes) -> Size:
    """Width and height. Raises Unusable when a chunk is cut off or altered, or something follows the last one."""
    if data[8:16] != b"\0\0\0\rIHDR" or len(data) < 33:
        raise Unusable(Why.TRUNCATED if len(data) < 33 else Why.DAMAGED)
    end = _png_end(data)
    if end < len(data):
        raise Unusable(Why.EXTRA)
    return big(data, 16, 4), big(data, 20, 4)


def _png_end(data: bytes) -> int:
    at = 8
    for _ in range(MAX_CHUNKS):
        kind, start, at = data[at + 4 : at + 8], at + 4, at + 12 + big(data, at, 4)
        if at > len(data) or len(kind) < 4:
            raise Unusable(Why.TRUNCATED)
        if kind in PNG_CRITICAL and zlib.crc32(memoryview(data)[start : at - 4]) != big(data, at - 4, 4):
            raise Unusable(Why.DAMAGED)  # Pillow does not look, and would show a garbled picture
        if kind == b"IEND":
            return at
    raise Unusable(Why.TOO_HEAVY)


def gif(data: bytes) -> Size:
    if len(data) < 14 or not data.rstrip(b"\0").endswith(b";"):
        raise Unusable(Why.TRUNCATED)
    return little(data, 6, 2), little(data, 8, 2)


def webp(data: bytes) -> Size:
    """RIFF states its own length, so both a missing and a surplus end show."""
    stated = 8 + little(data, 4, 4)
    if stated > len(data) or len(data) < 30:
        raise Unusable(Why.TRUNCATED)
    if len(data) > stated + stated % 2:
        raise Unusable(Why.EXTRA)
    return _webp_size(data)


def _webp_size(data: bytes) -> Size:
    match data[12:16]:
        case b"VP8X":
            return 1 + little(data, 24, 3), 1 + little(data, 27, 3)
        case b"VP8L" if data[20] == 0x2F:
            bits = little(data, 21, 4)
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"VP8 " if data[23:26] == b"\x9d\x01\x2a":
            return little(data, 26, 2) & 0x3FFF, little(data, 28, 2) & 0x3FFF
    raise Unusable(Why.DAMAGED)


def jpeg(data: bytes) -> Size:
    if data.rfind(b"\xff\xd9") < 0:
        raise Unusable(Why.TRUNCATED)
    for marker, at in _jpeg_segments(data):
        if marker in JPEG_FRAMES and at + 9 <= len(data):
            return big(data, at + 7, 2), big(data, at + 5, 2)
        if marker == 0xDA:  # the picture's data begins and nothing said how large it is
            break
    raise Unusable(Why.DAMAGED)


def _jpeg_segments(data: bytes) -> Iterator[tuple[int, int]]:
    """Each marker with its place in the file; stops at the first thing that is no marker."""
    at = 2
    for _ in range(MAX_CHUNKS):
        if at + 4 > len(data) or data[at] != 0xFF:
            return
        marker = data[at + 1]
        if marker == 0xFF:  # a fill byte
            at += 1
            continue
        yield marker, at
        at += 2 if marker in JPEG_BARE else 2 + big(data, at + 2, 2)
    raise Unusable(Why.TOO_HEAVY)


def big(data: bytes, at: int, length: int) -> int:
    return int.from_bytes(data[at : at + length], "big")


def little(data: bytes, at: int, length: int) -> int:
    return int.from_bytes(data[at : at + length], "little")

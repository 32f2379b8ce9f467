"""Reads an answer's body, unpacked when it came packed, and never more of it than the caller takes."""

import zlib
from http.client import HTTPResponse

from portal.outgoing.refused import Garbled, TooLarge

PIECE = 64 * 1024
PACKED = {"gzip": 16 + zlib.MAX_WBITS, "x-gzip": 16 + zlib.MAX_WBITS, "deflate": zlib.MAX_WBITS}
"""What is unpacked, with zlib's number for it. Anything else stays as it came, with its header."""


def read_body(response: HTTPResponse, *, most: int, cut: bool) -> bytes:
    """At most `most` bytes, before and after unpacking. Longer ones raise TooLarge, or with `cut` only lose their end."""
    unpack = _Unpacking(response.getheader("Content-Encoding", ""))
    taken, body = 0, bytearray()
    while len(body) <= most and (piece := response.read1(PIECE)):
        taken += len(piece)
        body += unpack.next(piece, room=most + 1 - len(body))
        if taken > most:
            break
    if max(taken, len(body)) > most:
        if not cut:
            raise TooLarge(f"The answer is longer than {most} bytes.")
    elif response.length or (taken and unpack.unfinished):
        raise Garbled("The answer broke off before its end.")
    return bytes(body[:most])


class _Unpacking:
    """Gives piece after piece of what was packed, and never more than there is room for."""

    def __init__(self, encoding: str) -> None:
        bits = PACKED.get(encoding.strip().lower())
        self._from = zlib.decompressobj(bits) if bits else None

    def next(self, piece: bytes, *, room: int) -> bytes:
        if self._from is None:
            return piece
        try:
            return self._from.decompress(piece, room)
        except zlib.error as error:
            raise Garbled("The answer says that it is compressed, but cannot be unpacked.") from error

    @property
    def unfinished(self) -> bool:
        return self._from is not None and not self._from.eof

"""How bodies and headers of webhooks are kept: every byte of the body, and of the headers what helps to understand it."""

import zlib
from collections.abc import Iterable

from portal.models.delivery import Delivery

LARGEST = 1_000_000
"""Bytes of a body; 250 events take about a tenth of it."""
WORTH_IT = 2_000
"""Smaller bodies are kept as they are."""
MOST_HEADERS, LONGEST_HEADER = 64, 1_000
NOT_KEPT = frozenset(
    {"connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade", "forwarded", "via", "x-real-ip"}
)
"""Of a connection, not of the webhook; and where it came from, which nobody needs. X-Forwarded-… too."""
MASKED = frozenset({"authorization", "proxy-authorization", "cookie"})
MASK = "•••"


def packed(raw: bytes) -> bytes:
    """Deflated when that makes it shorter."""
    if len(raw) < WORTH_IT:
        return raw
    deflated = zlib.compress(raw, 1)
    return deflated if len(deflated) < len(raw) else raw


def unpacked(kept: bytes, size: int) -> bytes:
    """The body as it came, by how long it was: what is shorter was deflated."""
    return kept if len(kept) == size else zlib.decompress(kept)


def raw(delivery: Delivery) -> bytes:
    """The bytes that were sent; none of a body that was too large."""
    return unpacked(delivery.body, delivery.size) if delivery.body else b""


def kept_headers(headers: Iterable[tuple[str, str]]) -> list[list[str]]:
    """Pairs in the order they came, long values cut, credentials masked.

    A header that was sent twice is one pair here, its values joined by commas: that is how the web server hands it over.
    """
    kept = [[name, _value(name, value)] for name, value in headers if not _passing(name.lower())]
    return kept[:MOST_HEADERS]


def _passing(name: str) -> bool:
    return name in NOT_KEPT or name.startswith("x-forwarded-")


def _value(name: str, value: str) -> str:
    return MASK if name.lower() in MASKED else value[:LONGEST_HEADER]

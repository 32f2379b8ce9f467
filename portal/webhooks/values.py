"""What a delivery is found by: every filter of the log and every word of the body is one number in an ordered table.

One table for all of them, on every database, instead of a full-text index: it gives a page of any value, or of several,
newest first and by key, and it costs the same for a word that is in every webhook and for one that is in none.
"""

import re
import struct
from collections.abc import Iterable, Iterator
from enum import StrEnum
from hashlib import blake2b

MOST_WORDS = 4_000
"""Different words of a body that are kept; of a webhook of 250 events about 1,500 are."""
LONGEST = 64
_WORD = re.compile(r"[^\W_]+")


class Kind(StrEnum):
    """Of what a value is."""

    VERDICT = "verdict"
    REASON = "reason"
    ANSWER = "answer"
    APP = "app"
    EVENT = "event"
    """payments.failed"""
    RESOURCE_TYPE = "type"
    RESOURCE = "id"
    """The id of what an event is about, or of anything that it links to."""
    ORGANISATION = "organisation"
    MARK = "mark"
    """repeated, late, unknown, problem: see Mark."""
    WORD = "word"


class Mark(StrEnum):
    """What is remarkable about a delivery."""

    REPEATED = "repeated"
    """Holds an event that came before."""
    LATE = "late"
    """Holds an event that came after a later one of the same resource."""
    UNKNOWN = "unknown"
    """Holds an event of a type that GoCardless has not published."""
    PROBLEM = "problem"
    """Its body could not be understood, or not whole."""


def number(partner_id: int, kind: Kind, value: object) -> int:
    """64 bits that stand for this value of this partner; two values share one as often as lightning strikes twice."""
    text = f"{partner_id}\0{kind.value}\0{value}".encode(errors="replace")
    return int.from_bytes(blake2b(text, digest_size=8).digest(), "big", signed=True)


def words(text: str) -> Iterator[str]:
    """The words of a text as they are kept and looked for: letters and digits in lower case, whatever stands between them."""
    return (found[:LONGEST] for found in _WORD.findall(text.lower()))


def packed(numbers: Iterable[int]) -> bytes:
    """Numbers as they are kept with the delivery itself."""
    listed = list(numbers)
    return struct.pack(f">{len(listed)}q", *listed)


def unpacked(kept: bytes) -> tuple[int, ...]:
    return struct.unpack(f">{len(kept) // 8}q", kept)

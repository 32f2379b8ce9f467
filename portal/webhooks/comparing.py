"""Two bodies side by side: which lines of one are not in the other."""

from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

from portal.webhooks.looking import hexadecimal, pretty

MOST = 2_000
"""Lines that are compared; 250 events have about twice as many, and the first differences are what one looks for."""
AROUND = 3
"""Lines before and after a difference."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One line of each side with its number; None where the other has more. `same` when they are equal."""

    left: tuple[int, str] | None
    right: tuple[int, str] | None
    same: bool


@dataclass(frozen=True, slots=True)
class Compared:
    """`parts` are the differences with the lines around them; none when the bodies are the same byte for byte."""

    identical: bool
    same_json: bool
    parts: list[list[Pair]]
    cut: bool


def compare(before: bytes, now: bytes) -> Compared:
    left, right = _lines(before), _lines(now)
    matcher = SequenceMatcher(None, left[:MOST], right[:MOST]) if left != right else None
    groups = matcher.get_grouped_opcodes(AROUND) if matcher else ()
    parts = [[pair for code in group for pair in _pairs(code, left, right)] for group in groups]
    return Compared(before == now, left == right, parts, max(len(left), len(right)) > MOST)


def _lines(body: bytes) -> list[str]:
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return hexadecimal(body).splitlines()
    return (pretty(text) or text).splitlines()


def _pairs(code: tuple[str, int, int, int, int], left: list[str], right: list[str]) -> list[Pair]:
    kind, a, b, c, d = code
    numbered = zip_longest([(n + 1, left[n]) for n in range(a, b)], [(n + 1, right[n]) for n in range(c, d)])
    return [Pair(one, other, kind == "equal") for one, other in numbered]

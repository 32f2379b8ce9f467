"""Whether ten values could have been guessed: how much of them changes from one to the next, and whether they only count on."""

import math
import string
from collections.abc import Sequence
from itertools import pairwise

ALPHABETS = tuple(
    map(
        frozenset,
        (
            string.digits,
            string.digits + "abcdef-",
            string.digits + "ABCDEF-",
            string.digits + string.ascii_lowercase,
            string.digits + string.ascii_uppercase,
            string.ascii_letters + string.digits + "-_.+/=~",
        ),
    )
)
LARGEST = 95
"""Printable characters of ASCII."""
FREE = 4
"""Different characters at one place of ten values, from which on the place counts as free."""
STEP = 10**6


def bits(values: Sequence[str]) -> float:
    """An upper bound of what a guesser does not know, in bits: only places that change count, each with its alphabet."""
    length = min(map(len, values))
    places = ["".join(value[n] for value in values) for n in range(length)]
    free = [place for place in places if len(set(place)) >= FREE]
    few = sum(1 for place in places if 1 < len(set(place)) < FREE)
    return len(free) * math.log2(_alphabet("".join(free))) + few


def counts_on(values: Sequence[str]) -> bool:
    """Whether the values are numbers that only grow by little, or only fall, decimal or hexadecimal."""
    numbers = _numbers(_changing(values))
    steps = [after - before for before, after in pairwise(numbers)]
    return bool(steps) and (all(0 < step <= STEP for step in steps) or all(-STEP <= step < 0 for step in steps))


def _alphabet(text: str) -> int:
    used = set(text)
    return next((len(known) for known in ALPHABETS if used <= known), LARGEST)


def _numbers(texts: Sequence[str]) -> list[int]:
    """Nothing when one of them is no number."""
    try:
        return [int(text, 10 if all(map(str.isdecimal, texts)) else 16) for text in texts]
    except ValueError:
        return []


def _changing(values: Sequence[str]) -> list[str]:
    """What is left without the beginning and the end that all share; digits before what changes belong to the number."""
    start = len(_common(values).rstrip(string.hexdigits))
    left = [value[start:] for value in values]
    end = len(_common([value[::-1] for value in left]))
    return [value[: len(value) - end] if end and not value.isdecimal() else value for value in left]


def _common(values: Sequence[str]) -> str:
    """The beginning that all share."""
    first, last = min(values), max(values)
    return first[: next((n for n, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), len(first))]

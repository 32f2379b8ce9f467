"""Random states are taken for random, whatever makes them; others are not, however they are dressed up."""

import random
import secrets
import string
import uuid

import pytest

from portal.exam.links.judging import ENOUGH, LITTLE
from portal.exam.links.randomness import bits, counts_on

SEED = 20261121


def random_text(source, alphabet, length):
    return "".join(source.choice(alphabet) for _ in range(length))


@pytest.mark.parametrize(
    ("alphabet", "length"),
    [(string.hexdigits[:16], 32), (string.ascii_letters + string.digits, 22), (string.digits, 40), (string.ascii_letters + string.digits + "-_", 43),
     (string.ascii_lowercase + string.digits, 26)],
)  # fmt: skip
def test_what_is_random_enough_always_passes(alphabet, length):
    source = random.Random(SEED)
    for _ in range(300):
        sample = [random_text(source, alphabet, length) for _ in range(10)]
        assert bits(sample) >= ENOUGH
        assert not counts_on(sample)


@pytest.mark.parametrize(
    ("alphabet", "length"), [(string.hexdigits[:16], 12), (string.digits, 16), (string.ascii_letters, 8), ("01", 60)]
)
def test_what_is_too_short_never_passes(alphabet, length):
    source = random.Random(SEED)
    for _ in range(300):
        assert bits([random_text(source, alphabet, length) for _ in range(10)]) < LITTLE


def test_what_is_the_same_everywhere_does_not_count():
    dressed = [
        f"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.connection.{n:04d}.of-partner"
        for n in (3001, 3002, 3003, 3004, 3005, 3006, 3007, 3008, 3009, 3010)
    ]
    assert bits(dressed) < LITTLE
    assert counts_on(dressed)


@pytest.mark.parametrize(
    "values", [[str(n) for n in range(9995, 10005)], [f"{n:x}" for n in range(250, 260)], [f"a{9 - n}z" for n in range(10)]]
)
def test_counting_is_noticed_upwards_downwards_and_in_hexadecimal(values):
    assert counts_on(values)


def test_random_numbers_do_not_count_on():
    assert not counts_on([str(secrets.randbits(128)) for _ in range(10)])
    assert not counts_on([str(uuid.uuid4()) for _ in range(10)])


def test_values_that_are_not_ascii_are_only_strange():
    assert bits(["é", "漢字", "a", "", "b", "c", "d", "e", "f", "g"]) == 0
    assert not counts_on(["é", "漢字", "", "a", "b", "c", "d", "e", "f", "g"])

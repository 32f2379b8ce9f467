"""What became of a check from one exam to the next."""

from dataclasses import dataclass

import pytest

from portal.exam.comparing import Change, lines, tally
from portal.status import CheckVerdict


@dataclass
class Result:
    check_id: str
    verdict: CheckVerdict
    words: str = ""


def result(letter, name="links.x"):
    verdicts = {"p": CheckVerdict.PASSED, "f": CheckVerdict.FAILED, "w": CheckVerdict.WARNING, "s": CheckVerdict.SKIPPED}
    return [Result(name, verdicts[letter])] if letter != "-" else []


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        ("f", "p", "fixed"), ("f", "w", "fixed"), ("f", "f", "still_failing"), ("p", "f", "worse"), ("w", "f", "worse"),
        ("p", "w", "worse"), ("w", "p", "fixed"), ("p", "p", "same"), ("w", "w", "same"), ("-", "p", "new"), ("-", "f", "new"),
        ("s", "f", "new"), ("p", "-", "gone"), ("f", "s", "gone"), ("s", "s", "same"),
    ],
)  # fmt: skip
def test_each_change_has_its_word(before, after, change):
    (line,) = lines(result(before), result(after), ["links.x"])
    assert line.change is Change(change)


def test_what_needs_attention_comes_first_then_the_order_of_the_checks():
    before = [*result("p", "a"), *result("p", "b"), *result("f", "c"), *result("p", "gone")]
    after = [*result("p", "a"), *result("f", "b"), *result("p", "c"), *result("p", "gone")]
    found = lines(before, after, ["a", "b", "c"])
    assert [line.check_id for line in found] == ["b", "c", "a", "gone"]
    assert tally(found) == [(Change.WORSE, 1), (Change.FIXED, 1), (Change.SAME, 2)]

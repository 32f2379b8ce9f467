"""Two exams side by side: what became of each check. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from portal.status import CheckVerdict, Look

WELL = (CheckVerdict.PASSED, CheckVerdict.WARNING)
SAYS_NOTHING = (CheckVerdict.SKIPPED, CheckVerdict.WAITING)


class Change(StrEnum):
    """What became of a check from the earlier exam to the later one."""

    WORSE = "worse"
    STILL_FAILING = "still_failing"
    FIXED = "fixed"
    NEW = "new"
    GONE = "gone"
    SAME = "same"


CHANGES: Mapping[Change, Look] = {
    Change.WORSE: Look("Worse", "danger", "x-circle-fill"),
    Change.STILL_FAILING: Look("Still failing", "danger", "exclamation-triangle-fill"),
    Change.FIXED: Look("Fixed", "success", "check-circle-fill"),
    Change.NEW: Look("New", "info", "info-circle-fill"),
    Change.GONE: Look("Not made this time", "neutral", "circle"),
    Change.SAME: Look("The same", "neutral", "check-lg"),
}
"""In the order in which they are shown."""


class Result(Protocol):
    """What is needed of a result."""

    check_id: str
    verdict: CheckVerdict
    words: str


@dataclass(frozen=True, slots=True)
class Line:
    """One check in both exams; None where it was not made."""

    check_id: str
    before: Result | None
    after: Result | None
    change: Change


def lines(before: Iterable[Result], after: Iterable[Result], order: Sequence[str]) -> list[Line]:
    """Every check that either has: what needs attention first, then in the order given."""
    earlier, later = ({one.check_id: one for one in side} for side in (before, after))
    named = [*(name for name in order if name in earlier or name in later)]
    named += sorted(({*earlier, *later}) - {*named})
    found = [Line(name, earlier.get(name), later.get(name), change(earlier.get(name), later.get(name))) for name in named]
    rank = {one: place for place, one in enumerate(CHANGES)}
    return sorted(found, key=lambda line: rank[line.change])


def change(before: Result | None, after: Result | None) -> Change:
    """A check that was skipped says nothing: it is as if it had not been made."""
    was, now = _said(before), _said(after)
    if was is None:
        return Change.SAME if now is None else Change.NEW
    if now is None:
        return Change.GONE
    if now is CheckVerdict.FAILED:
        return Change.STILL_FAILING if was is CheckVerdict.FAILED else Change.WORSE
    if was is CheckVerdict.FAILED:
        return Change.FIXED
    return Change.WORSE if WELL.index(now) > WELL.index(was) else Change.FIXED if now is not was else Change.SAME


def _said(result: Result | None) -> CheckVerdict | None:
    return None if result is None or result.verdict in SAYS_NOTHING else result.verdict


def tally(found: Iterable[Line]) -> list[tuple[Change, int]]:
    """How many changed how, without those that did not."""
    counts = Counter(line.change for line in found)
    return [(one, counts[one]) for one in CHANGES if counts[one]]

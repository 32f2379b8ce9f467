"""The nouns of integration checks: an experiment makes traffic once, a check judges what was seen of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from portal.status import CheckVerdict as Verdict
from portal.status import Environment

if TYPE_CHECKING:
    from portal.exam.rig import Rig

__all__ = [
    "Check",
    "Environment",
    "Experiment",
    "Family",
    "Judgement",
    "Observation",
    "Skip",
    "Verdict",
    "Wait",
    "failed",
    "passed",
    "skipped",
    "warned",
]
Observation = Mapping[str, Any]
"""What an experiment saw: values that JSON can carry, without secrets."""
EVERYWHERE = frozenset(Environment)
WITH_LEVERS = frozenset({Environment.EMBEDDED})
"""Where the sandbox next door can be told what to do, and asked what it saw."""


class Family(StrEnum):
    """The four sides of an integration, in the order in which they are looked at."""

    LINKS = "links"
    CALLBACKS = "callbacks"
    ENDPOINT = "endpoint"
    USAGE = "usage"


FAMILIES: Mapping[Family, str] = {
    Family.LINKS: "Links",
    Family.CALLBACKS: "Callbacks",
    Family.ENDPOINT: "Webhook endpoint",
    Family.USAGE: "API usage",
}


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a check says. `words` is a sentence about what was seen; `seen` the fact itself where there is more; never a secret."""

    verdict: Verdict
    words: str
    seen: str = ""


def passed(words: str, seen: str = "") -> Judgement:
    return Judgement(Verdict.PASSED, words, seen)


def failed(words: str, seen: str = "") -> Judgement:
    return Judgement(Verdict.FAILED, words, seen)


def warned(words: str, seen: str = "") -> Judgement:
    return Judgement(Verdict.WARNING, words, seen)


def skipped(words: str, seen: str = "") -> Judgement:
    return Judgement(Verdict.SKIPPED, words, seen)


class Wait(Exception):
    """An experiment cannot go on before somebody has done something; it is tried again until it sees that.

    `who` is somebody in words ("You", "A user of yours"), `what` what they must do, as an order.
    """

    def __init__(self, who: str, what: str) -> None:
        super().__init__(f"{who}: {what}")
        self.who, self.what = who, what


class Skip(Exception):
    """An experiment cannot be made, for a reason that says nothing about its checks; `words` name it."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


@dataclass(frozen=True, slots=True)
class Experiment:
    """Traffic made once. `run` may raise Wait or Skip; whatever else it raises is no fault of theirs (portal.exam.running).

    `settings` are names of portal.exam.rig.TestSettings (and `webhook_url`) without which it cannot be made, `waits` says in words
    whom it may wait for, `environments` where it works.
    """

    name: str
    family: Family
    run: Callable[[Rig], Observation]
    settings: tuple[str, ...] = ()
    waits: str = ""
    environments: frozenset[Environment] = WITH_LEVERS


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that is judged. `judge` is pure; `needs` are ids of checks that must have passed (or only warned) before.

    `guide` is a key of portal.catalog's guides; `negative` where something must be refused or survived. `settings` and `environments`
    count beside those of its experiment.
    """

    id: str
    family: Family
    title: str
    expected: str
    why: str
    guide: str
    negative: bool = False
    experiment: str
    judge: Callable[[Observation], Judgement]
    needs: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    environments: frozenset[Environment] = EVERYWHERE

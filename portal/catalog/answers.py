"""Answers: from what was typed to a value, and whether the value passes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from portal.catalog.conditions import AccountFacts, Value, applies
from portal.catalog.nouns import Catalog, Question, QuestionType, Rule, Screenshot
from portal.catalog.typed import text, url


@dataclass(frozen=True, slots=True)
class Parsed:
    """A value, or the problems in words; both empty when nothing was answered."""

    value: Value | None = None
    problems: tuple[str, ...] = ()


class Need(StrEnum):
    """What an answer has to be shown with before it counts as complete."""

    FILE = "file"
    COMMENT = "comment"
    NOTHING = "nothing"


_HOLDS: dict[Rule, Callable[[frozenset[str], frozenset[str]], bool]] = {
    Rule.EQUALS: lambda given, named: given == named,
    Rule.ANY_OF: lambda given, named: given <= named,
    Rule.ALL_OF: lambda given, named: named <= given,
    Rule.AT_LEAST_ONE: lambda given, named: not named.isdisjoint(given),
    Rule.NOT: lambda given, named: named.isdisjoint(given),
    Rule.HTTPS: lambda given, _: all(line.startswith("https://") for text in given for line in text.split()),
    Rule.ANY: lambda _given, _named: True,
}


def applicable(catalog: Catalog, answers: Mapping[str, Value], account: AccountFacts) -> frozenset[str]:
    """The keys of the questions that are asked; the answer of a hidden question counts as absent."""
    asked: set[str] = set()
    visible: dict[str, Value] = {}
    for question in catalog.by_dependency:
        if question.condition is None or applies(question.condition, visible, account):
            asked.add(question.key)
            if question.key in answers:
                visible[question.key] = answers[question.key]
    return frozenset(asked)


def parse(question: Question, raw: Sequence[str]) -> Parsed:
    """What was posted for a question, as a value; the sequence holds every field posted under its name."""
    given = [entry for entry in raw if entry.strip()]
    if not given:
        return Parsed()
    if question.type is QuestionType.MULTI_CHOICE:
        return _choices(question, given)
    if len(given) > 1:
        return Parsed(problems=("Give one answer only.",))
    return _single(question, given[0])


def passes(question: Question, value: Value | None) -> bool:
    """Whether the answer meets the requirement, as far as the answer alone can tell."""
    if not value:
        return False
    given = frozenset({value} if isinstance(value, str) else value)
    return _HOLDS[question.passing.rule](given, frozenset(question.passing.options))


def need(question: Question, value: Value | None) -> Need:
    """A passing answer needs the screenshot, any other a comment that explains it; "no" has nothing to show."""
    if question.screenshot is not Screenshot.REQUIRED or not value:
        return Need.NOTHING
    return Need.FILE if value != "no" and passes(question, value) else Need.COMMENT


def _single(question: Question, given: str) -> Parsed:
    if question.type is QuestionType.TEXT:
        return Parsed(*text(given, question.limits))
    if question.type is QuestionType.URL:
        return Parsed(*url(given, question.limits))
    if given not in question.codes:
        return Parsed(problems=("Choose one of the answers offered.",))
    return Parsed(given)


def _choices(question: Question, given: list[str]) -> Parsed:
    if not set(given) <= set(question.codes):
        return Parsed(problems=("Choose only answers that are offered.",))
    alone = [option for option in question.options if option.exclusive and option.code in given]
    if alone and len(set(given)) > 1:
        return Parsed(problems=(f"“{alone[0].words}” cannot be ticked with another answer.",))
    return Parsed(tuple(sorted(set(given))))

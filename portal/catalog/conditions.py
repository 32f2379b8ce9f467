"""When a question is asked: conditions on other answers and on My Account."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from portal.catalog.schemes import schemes

Value = str | tuple[str, ...]  # "yes"/"no", an option's code, text or an address; codes of a multiple choice, sorted


class Operator(StrEnum):
    EQUALS = "equals"
    IN = "in"
    INCLUDES = "includes"
    MORE_THAN = "more_than"
    ALL = "all"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Condition:
    """One test of an answer or of an account field, or several combined by ALL or ANY."""

    test: Operator
    question: str = ""
    account: str = ""
    values: tuple[str, ...] = ()
    count: int = 0
    parts: tuple["Condition", ...] = ()

    def subjects(self) -> Iterator[str]:
        """The keys of the questions that this condition asks about."""
        if self.question:
            yield self.question
        for part in self.parts:
            yield from part.subjects()


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """What conditions may ask of My Account: sets of codes."""

    schemes: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    use_cases: frozenset[str] = frozenset()
    user_types: frozenset[str] = frozenset()
    user_countries: frozenset[str] = frozenset()

    @property
    def currencies(self) -> frozenset[str]:
        return frozenset(scheme.currency for scheme in schemes() if scheme.id in self.schemes)


def applies(condition: Condition | None, answers: Mapping[str, Value], account: AccountFacts) -> bool:
    """Whether the condition holds. The answers are those of questions that are asked; no condition always holds."""
    if condition is None:
        return True
    if condition.test is Operator.ALL:
        return all(applies(part, answers, account) for part in condition.parts)
    if condition.test is Operator.ANY:
        return any(applies(part, answers, account) for part in condition.parts)
    if condition.account:
        return _holds_in_account(condition, getattr(account, condition.account))
    return _holds(condition, answers.get(condition.question))


def _holds(condition: Condition, value: Value | None) -> bool:
    if condition.test is Operator.INCLUDES:
        return not isinstance(value, str) and condition.values[0] in (value or ())
    return value in condition.values


def _holds_in_account(condition: Condition, codes: frozenset[str]) -> bool:
    if condition.test is Operator.MORE_THAN:
        return len(codes) > condition.count
    return condition.values[0] in codes

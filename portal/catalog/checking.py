"""What must hold between the parts of one version: unique keys, conditions that can come true, no circles."""

from collections.abc import Iterator, Mapping
from itertools import chain

from portal.catalog.account import account_choices
from portal.catalog.checking_proofs import check_proof
from portal.catalog.conditions import Condition, Operator
from portal.catalog.nouns import Option, Question, QuestionType, Section
from portal.catalog.reading import CatalogError, no_repeats
from portal.catalog.schemes import schemes

SECTIONS = 10
_FITTING = {
    QuestionType.YES_NO: {Operator.EQUALS},
    QuestionType.SINGLE_CHOICE: {Operator.EQUALS, Operator.IN},
    QuestionType.MULTI_CHOICE: {Operator.INCLUDES},
}


def check(place: str, sections: tuple[Section, ...], retired: frozenset[str]) -> None:
    """Raises CatalogError for the first thing that does not fit together."""
    if len(sections) != SECTIONS:
        raise CatalogError(place, f"{len(sections)} sections; a version has {SECTIONS}")
    no_repeats(place, "section", [section.key for section in sections])
    no_repeats(place, "question", [question.key for question in _all(sections)])
    by_key = {question.key: question for question in _all(sections)}
    for section in sections:
        for question in section.questions:
            _check_question(_place(place, section, question), question, by_key, retired)


def in_dependency_order(place: str, sections: tuple[Section, ...]) -> tuple[Question, ...]:
    """All questions, each after those that its condition asks about; raises CatalogError for a circle."""
    by_key = {question.key: question for question in _all(sections)}
    done: dict[str, Question] = {}

    def visit(question: Question, path: tuple[str, ...]) -> None:
        if question.key in path:
            circle = " -> ".join([*path[path.index(question.key) :], question.key])
            raise CatalogError(place, f"conditions go round in a circle: {circle}")
        if question.key not in done:
            for key in question.condition.subjects() if question.condition else ():
                visit(by_key[key], (*path, question.key))
            done[question.key] = question

    for question in by_key.values():
        visit(question, ())
    return tuple(done.values())


def _check_question(
    place: str,
    question: Question,
    by_key: Mapping[str, Question],
    retired: frozenset[str],
) -> None:
    if question.key in retired:
        raise CatalogError(place, "this key is retired; a retired key is never used again")
    if question.mandatory and not question.answer_required:
        raise CatalogError(place, "a mandatory question needs answer_required = true")
    check_proof(place, question)
    no_repeats(place, "option", question.codes)
    for part in _single_tests(question.condition):
        _check_account(place, part) if part.account else _check_subject(place, part, by_key)


def _check_subject(place: str, part: Condition, by_key: Mapping[str, Question]) -> None:
    subject = by_key.get(part.question)
    if subject is None:
        raise CatalogError(place, f"condition on {part.question!r}, which is no question")
    if part.test not in _FITTING.get(subject.type, set()):
        raise CatalogError(
            place,
            f"condition {part.test} on {subject.key!r} does not fit its type {subject.type}",
        )
    for code in part.values:
        if code not in subject.codes:
            raise CatalogError(place, f"condition on {code!r}, which is no option of {subject.key!r}")


def _check_account(place: str, part: Condition) -> None:
    known = _account_codes()
    if part.account not in known:
        raise CatalogError(
            place,
            f"condition on account {part.account!r}; allowed are {', '.join(known)}",
        )
    for code in part.values:
        if code not in known[part.account]:
            raise CatalogError(place, f"condition on {code!r}, which is no code of {part.account}")


def _account_codes() -> dict[str, set[str]]:
    choices = account_choices()
    return {
        "schemes": {scheme.id for scheme in schemes()},
        "currencies": {scheme.currency for scheme in schemes()},
        "categories": _codes(choices.categories),
        "use_cases": _codes(choices.use_cases),
        "user_types": _codes(choices.user_types),
        "user_countries": _codes(choices.countries),
    }


def _codes(options: tuple[Option, ...]) -> set[str]:
    return {option.code for option in options}


def _single_tests(condition: Condition | None) -> Iterator[Condition]:
    if condition is None:
        return
    if condition.parts:
        yield from chain.from_iterable(_single_tests(part) for part in condition.parts)
    else:
        yield condition


def _all(sections: tuple[Section, ...]) -> Iterator[Question]:
    return chain.from_iterable(section.questions for section in sections)


def _place(place: str, section: Section, question: Question) -> str:
    return f"{place}, section {section.key}, question {question.key}"

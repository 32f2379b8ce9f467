"""What the certification catalog is made of: sections, questions and what they refer to."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Self

from portal.catalog.conditions import Condition


class QuestionType(StrEnum):
    YES_NO = "yes_no"
    SINGLE_CHOICE = "single_choice"
    MULTI_CHOICE = "multi_choice"
    TEXT = "text"
    URL = "url"


class Level(StrEnum):
    """What certification asks: whether the requirement must be met, not whether it must be answered."""

    MANDATORY = "mandatory"
    RECOMMENDED = "recommended"


class Screenshot(StrEnum):
    REQUIRED = "required"
    OPTIONAL = "optional"
    NONE = "none"


class Rule(StrEnum):
    """How a passing answer is recognised; the options are those named by the Passing."""

    EQUALS = "equals"  # exactly this option
    ANY_OF = "any_of"  # one of these options
    ALL_OF = "all_of"  # at least all these options
    AT_LEAST_ONE = "at_least_one"  # one or more of these options
    NOT = "not"  # answered, and none of these options
    HTTPS = "https"  # every address begins with https
    ANY = "any"  # answered


@dataclass(frozen=True, slots=True)
class Guide:
    key: str
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Option:
    code: str
    words: str
    exclusive: bool = False  # cannot be ticked together with another one


@dataclass(frozen=True, slots=True)
class Passing:
    rule: Rule
    options: tuple[str, ...]
    words: str  # for the reviewer


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of a typed answer. Lengths count characters; lines count the lines with something on them."""

    min_length: int = 1
    max_length: int = 2000
    min_lines: int = 0
    max_lines: int = 0  # 0: free text
    https_only: bool = False  # the address, or every line, is an https address


@dataclass(frozen=True, slots=True)
class Question:
    key: str
    text: str
    help: str
    type: QuestionType
    options: tuple[Option, ...]
    level: Level
    inferred: bool  # graded by us from the wording, not by a published label
    answer_required: bool
    passing: Passing
    screenshot: Screenshot
    screenshot_of: str
    why_asked: str
    condition: Condition | None
    limits: Limits
    guides: tuple[Guide, ...]
    checks: tuple[str, ...]  # ids of the machine checks that together prove a passing answer (portal.exam)
    proof_replaces_screenshot: bool
    unproven: str  # mandatory: a machine could judge it; why no check does yet
    unjudged: str  # mandatory: why no machine can judge it

    @property
    def mandatory(self) -> bool:
        return self.level is Level.MANDATORY

    @property
    def judgeable(self) -> bool:
        """Whether its passing answer can be seen in traffic, settings or a page that a check can open."""
        return not self.unjudged

    @property
    def grade(self) -> str:
        """M, M*, R or R*; the star marks an inferred level."""
        return ("M" if self.mandatory else "R") + ("*" if self.inferred else "")

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(option.code for option in self.options)

    def words_of(self, code: str) -> str:
        """The words of an option; an unknown code comes back as it is."""
        return next((option.words for option in self.options if option.code == code), code)


@dataclass(frozen=True, slots=True)
class Section:
    key: str
    number: int
    title: str
    purpose: str
    shows: str
    guides: tuple[Guide, ...]
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Catalog:
    """One version of the certification: iterate over its sections, in order."""

    version: str
    published: date
    sections: tuple[Section, ...]
    retired: frozenset[str]
    questions: tuple[Question, ...]  # all of them, in order
    by_dependency: tuple[Question, ...]  # the same; whatever a condition asks about comes first
    _sections: Mapping[str, Section]
    _questions: Mapping[str, Question]
    _section_of: Mapping[str, Section]
    _proven_by: Mapping[str, tuple[Question, ...]]

    @classmethod
    def of(
        cls,
        version: str,
        *,
        published: date,
        sections: tuple[Section, ...],
        retired: frozenset[str],
        by_dependency: tuple[Question, ...],
    ) -> Self:
        questions = tuple(question for section in sections for question in section.questions)
        home = {question.key: section for section in sections for question in section.questions}
        return cls(
            version=version,
            published=published,
            sections=sections,
            retired=retired,
            questions=questions,
            by_dependency=by_dependency,
            _sections=MappingProxyType({section.key: section for section in sections}),
            _questions=MappingProxyType({question.key: question for question in questions}),
            _section_of=MappingProxyType(home),
            _proven_by=MappingProxyType(_by_check(questions)),
        )

    def __iter__(self) -> Iterator[Section]:
        return iter(self.sections)

    def __contains__(self, key: str) -> bool:
        return key in self._questions

    def question(self, key: str) -> Question:
        """Raises KeyError for a key that this version does not have; so do the other two."""
        return self._questions[key]

    def section(self, key: str) -> Section:
        return self._sections[key]

    def section_of(self, question_key: str) -> Section:
        return self._section_of[question_key]

    def proven_by(self, check: str) -> tuple[Question, ...]:
        """The questions that a check helps to prove, in order; none for a check that this version does not name."""
        return self._proven_by.get(check, ())


def _by_check(questions: tuple[Question, ...]) -> dict[str, tuple[Question, ...]]:
    checks = {check: None for question in questions for check in question.checks}
    return {check: tuple(question for question in questions if check in question.checks) for check in checks}

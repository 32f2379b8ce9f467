"""Which questions of the certification the checks prove, which they do not, and why. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from portal.catalog import Catalog, Question, Section
from portal.exam.nouns import Check
from portal.exam.table import BY_ID


class Standing(StrEnum):
    """What a machine has to say of a question."""

    PROVEN = "proven"
    UNPROVEN = "unproven"
    """A machine could judge it, and no check does yet."""
    UNJUDGED = "unjudged"
    OPTIONAL = "optional"
    """Recommended only, and no check proves it."""


@dataclass(frozen=True, slots=True)
class Line:
    """One question; `why` says why nothing proves it."""

    number: int
    question: Question
    checks: tuple[Check, ...]
    standing: Standing

    @property
    def why(self) -> str:
        return self.question.unproven or self.question.unjudged


@dataclass(frozen=True, slots=True)
class Part:
    section: Section
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """All sections, and the count of the mandatory questions: those of which all checks exist are proven."""

    parts: tuple[Part, ...]
    mandatory: int
    judgeable: int
    proven: int
    recommended: int
    """Recommended questions that checks prove as well."""

    @property
    def percent(self) -> int:
        """Of the mandatory questions that a machine can judge, rounded down."""
        return 100 * self.proven // self.judgeable if self.judgeable else 100


def coverage(catalog: Catalog) -> Coverage:
    parts = tuple(Part(section, tuple(_lines(section))) for section in catalog)
    must = [question for question in catalog.questions if question.mandatory]
    return Coverage(
        parts=parts,
        mandatory=len(must),
        judgeable=sum(question.judgeable for question in must),
        proven=sum(bool(question.checks) for question in must),
        recommended=sum(bool(question.checks) for question in catalog.questions if not question.mandatory),
    )


def unknown(catalog: Catalog) -> list[tuple[str, str]]:
    """Questions with ids that are no check's; a test wants none."""
    return [(question.key, check) for question in catalog.questions for check in question.checks if check not in BY_ID]


def _lines(section: Section) -> Iterable[Line]:
    for number, question in enumerate(section.questions, 1):
        checks = tuple(BY_ID[check] for check in question.checks if check in BY_ID)
        yield Line(number, question, checks, _standing(question))


def _standing(question: Question) -> Standing:
    if question.checks:
        return Standing.PROVEN
    if not question.mandatory:
        return Standing.OPTIONAL
    return Standing.UNPROVEN if question.judgeable else Standing.UNJUDGED

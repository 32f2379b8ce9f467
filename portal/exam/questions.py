"""Which questions of the certification a check proves, as the catalog says it, and the guide that asks for it."""

from collections.abc import Mapping
from dataclasses import dataclass

from portal import catalog
from portal.catalog.guides import guides
from portal.catalog.nouns import Guide
from portal.exam.nouns import Check


@dataclass(frozen=True, slots=True)
class Proven:
    """One question: where it stands and what it asks."""

    key: str
    section_key: str
    section: str
    text: str
    mandatory: bool


def of(check_id: str) -> tuple[Proven, ...]:
    """In the order of the catalog."""
    return _by_check().get(check_id, ())


def numbers() -> Mapping[str, int]:
    """How many questions each check proves."""
    return {check_id: len(found) for check_id, found in _by_check().items()}


def guide(check: Check) -> Guide:
    return guides()[check.guide]


def _by_check() -> Mapping[str, tuple[Proven, ...]]:
    found: dict[str, tuple[Proven, ...]] = {}
    for section in catalog.certification():
        for question in section.questions:
            proven = Proven(question.key, section.key, section.title, question.text, question.mandatory)
            for check_id in question.checks:
                found[check_id] = (*found.get(check_id, ()), proven)
    return found

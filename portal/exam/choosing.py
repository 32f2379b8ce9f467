"""Which checks an exam is made of: all, a family's, one, or those that failed; and what these need before them. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from portal.exam import running, table
from portal.exam.nouns import FAMILIES, Check, Family

ALL = "All checks"
FAILED = "The failed ones"
SEVERAL = "Chosen checks"


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was asked for, in words, and the checks that it takes, in their order."""

    words: str
    checks: tuple[Check, ...]

    @property
    def ids(self) -> list[str]:
        return [check.id for check in self.checks]


def everything() -> Chosen:
    return Chosen(ALL, tuple(table.CHECKS))


def families(chosen: Sequence[Family]) -> Chosen:
    """The checks of these families, and what they need of others."""
    words = ", ".join(FAMILIES[one] for one in Family if one in chosen)
    return Chosen(words, tuple(running.with_needs(check for check in table.CHECKS if check.family in chosen)))


def one(check_id: str) -> Chosen:
    """Raises KeyError for a check that there is none of."""
    check = table.BY_ID[check_id]
    return Chosen(check.title, tuple(running.with_needs([check])))


def some(check_ids: Iterable[str], words: str = SEVERAL) -> Chosen:
    """Those of these that there still are; an exam of long ago may name others."""
    return Chosen(words, tuple(running.with_needs(known(check_ids))))


def known(check_ids: Iterable[str]) -> tuple[Check, ...]:
    return tuple(table.BY_ID[name] for name in check_ids if name in table.BY_ID)

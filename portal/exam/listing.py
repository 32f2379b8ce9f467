"""The library of checks as programs read it: JSON, described in docs/checks.md. Needs no database."""

from typing import Any

from portal.exam import questions, table
from portal.exam.nouns import FAMILIES, Check


def check(of: Check) -> dict[str, Any]:
    return {
        "id": of.id,
        "family": of.family.value,
        "title": of.title,
        "expected": of.expected,
        "why": of.why,
        "guide": questions.guide(of).url,
        "negative": of.negative,
        "questions": [proven.key for proven in questions.of(of.id)],
        "environments": sorted(one.value for one in of.environments),
    }


def checks() -> dict[str, Any]:
    """The whole library."""
    families = [{"id": family.value, "name": name} for family, name in FAMILIES.items()]
    return {"suite": table.SUITE_VERSION, "families": families, "checks": [check(one) for one in table.CHECKS]}

"""What must hold between a question and the machine checks that prove it."""

import re

from portal.catalog.nouns import Question, Screenshot
from portal.catalog.reading import CatalogError

CHECK = re.compile(r"[a-z]+\.[a-z][a-z0-9_]*")
ONE = "a mandatory question has one of 'checks', 'unproven' and 'unjudged'"


def check_proof(place: str, question: Question) -> None:
    """Raises CatalogError for a check with no proper id, a reason that is missing or one too many, a proof that cannot be."""
    for check in question.checks:
        if not CHECK.fullmatch(check):
            raise CatalogError(place, f"{check!r} is no id of a check; it should be family.name")
    given = [name for name in ("checks", "unproven", "unjudged") if getattr(question, name)]
    if question.mandatory and len(given) != 1:
        raise CatalogError(place, f"{ONE}; it has {' and '.join(given) or 'none'}")
    if not question.mandatory and given not in ([], ["checks"]):
        raise CatalogError(place, f"{given[-1]!r} is for mandatory questions only")
    if question.proof_replaces_screenshot and not (question.checks and question.screenshot is Screenshot.REQUIRED):
        raise CatalogError(place, "'proof_replaces_screenshot' needs checks and a screenshot that is required")

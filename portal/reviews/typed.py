"""What reviewers type: cleaned, measured, never empty."""

from portal.catalog.nouns import Limits
from portal.catalog.typed import text
from portal.refusals import Invalid


def clean(given: str, *, field: str, most: int) -> str:
    """The text without stray control characters. Raises Invalid, naming the field, when it is empty or too long."""
    if not given.strip():
        raise Invalid({field: "Write something first."})
    value, problems = text(given, Limits(max_length=most))
    if value is None:
        raise Invalid({field: problems[0]})
    return value

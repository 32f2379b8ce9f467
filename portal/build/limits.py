"""How long a typed text may be, and what cannot be stored at all."""

import unicodedata

COMMENT_LIMIT = 5000
NOTE_LIMIT = 10_000
MESSAGE_LIMIT = 5000
ADDRESS_LIMIT = 2000
"""Characters."""


def too_long(name: str, text: str, limit: int) -> dict[str, str]:
    """What keeps a text from being stored, by the field's id; empty when nothing does."""
    if len(text) > limit:
        return {name: f"Use at most {limit:,} characters; this has {len(text):,}."}
    if any(unicodedata.category(char) in ("Cc", "Cs") and char not in "\n\t" for char in text):
        return {name: "Remove the invisible control characters."}
    return {}

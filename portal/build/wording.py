"""Answers in words."""

from portal.catalog import Question, Value


def in_words(question: Question, value: Value | None) -> str:
    """An answer for a reader: the words of what was chosen, or the text; empty when nothing was answered."""
    if not value:
        return ""
    if not question.options:
        return str(value)
    return ", ".join(question.words_of(code) for code in ([value] if isinstance(value, str) else value))

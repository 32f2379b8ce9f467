"""All answers on one page, as plain values."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from portal.build.progress import Draft
from portal.catalog import Catalog, Question, Value
from portal.catalog import Section as CatalogSection
from portal.status import SECTION, Look


@dataclass(frozen=True, slots=True)
class Line:
    number: int
    question: Question
    words: str
    comment: str
    files: int


@dataclass(frozen=True, slots=True)
class Part:
    section: CatalogSection
    look: Look
    lines: tuple[Line, ...]
    comment: str


def summary_of(catalog: Catalog, rows: Sequence[Row[Any]], draft: Draft, asked: frozenset[str]) -> list[Part]:
    """The sections in order, each with the questions that are asked."""
    return [
        Part(
            section=(section := catalog.section(row.key)),
            look=SECTION[row.status],
            lines=tuple(
                _line(number, question, draft) for number, question in enumerate(section.questions, 1) if question.key in asked
            ),
            comment=row.comment,
        )
        for row in rows
    ]


def _line(number: int, question: Question, draft: Draft) -> Line:
    return Line(
        number=number,
        question=question,
        words=in_words(question, draft.answers.get(question.key)),
        comment=draft.comments.get(question.key, ""),
        files=draft.evidence.get(question.key, 0) + draft.checking.get(question.key, 0),
    )


def in_words(question: Question, value: Value | None) -> str:
    """An answer for a reader: the words of what was chosen, or the text; empty when nothing was answered."""
    if not value:
        return ""
    if not question.options:
        return str(value)
    return ", ".join(question.words_of(code) for code in ([value] if isinstance(value, str) else value))

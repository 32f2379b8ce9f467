"""All answers on one page, as plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from portal.build.contradictions import Contradiction
from portal.build.progress import Draft, may_edit_question
from portal.build.proving import Proof
from portal.build.wording import in_words
from portal.catalog import Catalog, Question
from portal.catalog import Section as CatalogSection
from portal.status import SECTION, Look


@dataclass(frozen=True, slots=True)
class Line:
    number: int
    question: Question
    words: str
    comment: str
    files: int
    proof: Proof | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """A contradiction with its place, and whether it can be explained or mended now."""

    against: Contradiction
    section: CatalogSection
    number: int
    editable: bool


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
        proof=draft.proofs.get(question.key),
    )


def placed(found: Sequence[Contradiction], catalog: Catalog, rows: Sequence[Row[Any]]) -> list[Placed]:
    """Contradictions with the places where they are mended."""
    by_key = {row.key: row for row in rows}
    return [_placed(one, catalog.section_of(one.question.key), by_key) for one in found]


def _placed(one: Contradiction, section: CatalogSection, rows: Mapping[str, Row[Any]]) -> Placed:
    row = rows[section.key]
    editable = may_edit_question(row.status, row.open_questions, one.question.key)
    return Placed(one, section, section.questions.index(one.question) + 1, editable)

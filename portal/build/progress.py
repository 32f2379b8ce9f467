"""How far a section is: pure functions of its questions, the answers as they were typed, and the evidence."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from portal.build.proving import Proof, replaces_screenshot
from portal.catalog import AccountFacts, Catalog, Need, Parsed, Question, Section, Value, applicable, need, parse
from portal.refusals import Missing
from portal.status import SectionStatus

PAGE = "build.section"
DRAFTING = frozenset({SectionStatus.NOT_STARTED, SectionStatus.IN_PROGRESS, SectionStatus.COMPLETE})
"""Before the first submission: everything may be edited."""


@dataclass(frozen=True, slots=True)
class Draft:
    """Everything that decides how far an integration is."""

    answers: Mapping[str, Value]
    """By question, as typed: valid or not, asked or hidden."""
    comments: Mapping[str, str]
    evidence: Mapping[str, int]
    """Ready files by question."""
    account: AccountFacts
    checking: Mapping[str, int] = field(default_factory=dict)
    """Files that are still being checked, by question."""
    proofs: Mapping[str, Proof] = field(default_factory=dict)
    """What the integration checks say, by question."""
    explanations: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """What the partner said about checks that contradict an answer, by question."""


@dataclass(frozen=True, slots=True)
class SectionProgress:
    answered: int
    total: int
    missing: tuple[Missing, ...]
    """What keeps the section from being complete, in the order of the page."""
    touched: bool
    """Something was typed or attached, even where it is hidden now."""


def asked_in(catalog: Catalog, draft: Draft) -> frozenset[str]:
    """The keys of all questions that are asked now."""
    return applicable(catalog, draft.answers, draft.account)


def parsed(question: Question, value: Value | None) -> Parsed:
    """What was typed as a value, or what is wrong with it."""
    return parse(question, [value] if isinstance(value, str) else value or ())


def section_progress(catalog: Catalog, section: Section, draft: Draft, asked: frozenset[str] | None = None) -> SectionProgress:
    """Counts only what is asked; `asked` spares working it out once more for each of ten sections."""
    asked = asked_in(catalog, draft) if asked is None else asked
    shown = [(number, question) for number, question in enumerate(section.questions, 1) if question.key in asked]
    values = [parsed(question, draft.answers.get(question.key)) for _, question in shown]
    missing = [
        lack
        for (number, question), found in zip(shown, values, strict=True)
        for lack in question_missing(section, number, question, found, draft)
    ]
    return SectionProgress(
        answered=sum(found.value is not None for found in values),
        total=len(shown),
        missing=tuple(missing),
        touched=any(_touched(question.key, draft) for question in section.questions),
    )


def question_missing(section: Section, number: int, question: Question, found: Parsed, draft: Draft) -> Iterable[Missing]:
    """The reasons why one question is not done; each leads to the field that mends it."""
    for place, words in _lacks(question, found, draft):
        yield Missing(f"Question {number}: {words}", PAGE, f"{place}-{question.key}", section.key)


def _lacks(question: Question, found: Parsed, draft: Draft) -> list[tuple[str, str]]:
    if found.problems:
        return [("answer", words) for words in found.problems]
    if found.value is None:
        return [("answer", f"Answer “{question.text}”")] if question.answer_required else []
    wanted = need(question, found.value)
    if wanted is Need.FILE and not draft.evidence.get(question.key) and not replaces_screenshot(question, draft.proofs):
        return [("files", _file_words(question, draft))]
    if wanted is Need.COMMENT and not draft.comments.get(question.key, "").strip():
        return [("comment", "Explain this answer in the comment, in place of a screenshot.")]
    return []


def _file_words(question: Question, draft: Draft) -> str:
    if draft.checking.get(question.key):
        return "The file is still being checked. Try again in a moment."
    wanted = f"Attach a screenshot: {question.screenshot_of}" if question.screenshot_of else "Attach a screenshot."
    return f"{wanted} Or run the checks that prove it." if question.proof_replaces_screenshot else wanted


def _touched(key: str, draft: Draft) -> bool:
    return bool(draft.answers.get(key) or draft.comments.get(key) or draft.evidence.get(key) or draft.checking.get(key))


def status_of(progress: SectionProgress, *, marked: bool, stored: SectionStatus, noted: bool = False) -> SectionStatus:
    """What a section is. A sent section is what the review made of it; before that, complete is marked and still valid.

    `noted`: it has additional comments.
    """
    if stored not in DRAFTING:
        return stored
    if marked and not progress.missing:
        return SectionStatus.COMPLETE
    return SectionStatus.IN_PROGRESS if progress.touched or noted else SectionStatus.NOT_STARTED


def may_edit_question(status: SectionStatus, open_questions: Iterable[str], question_key: str | None) -> bool:
    """Whether a place can be changed now; no question means the section's own comments and files."""
    if status is SectionStatus.ATTENTION_NEEDED:
        return question_key is None or question_key in open_questions
    return status in DRAFTING

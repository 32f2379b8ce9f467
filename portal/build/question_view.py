"""Questions as the page of a section shows them: frozen values, worked out from rows and the catalog without a query."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from portal.build import proof_view
from portal.build.contradictions import Contradiction
from portal.build.progress import may_edit_question, parsed
from portal.build.proof_view import Seen, Shown
from portal.build.reading import Answers
from portal.build.typed import TypedAnswer
from portal.build.wording import in_words
from portal.catalog import (
    CatalogChanges,
    Condition,
    Operator,
    Option,
    Question,
    QuestionType,
    Screenshot,
    Section,
    Value,
)
from portal.files.display import FileItem
from portal.status import SectionStatus

MESSAGE = "message"
UNANSWERED = Option("", "Leave unanswered")


@dataclass(frozen=True, slots=True)
class QuestionView:
    """One card. `errors` are by field id; `when` is (field, values) of the answer that makes it appear."""

    question: Question
    number: int
    value: Value | None
    comment: str
    token: str
    editable: bool
    hidden: bool
    when: tuple[str, tuple[str, ...]] | None
    flagged: bool
    tags: tuple[tuple[str, str, str], ...]
    changes: tuple[str, ...]
    options: tuple[Option, ...]
    files: tuple[FileItem, ...]
    wanted: str
    remarks: tuple[Row[Any], ...]
    earlier: tuple[Row[Any], ...]
    thread: tuple[Row[Any], ...]
    errors: Mapping[str, str]
    proof: Shown | None = None

    @property
    def ticked(self) -> tuple[str, ...]:
        return self.value if isinstance(self.value, tuple) else (self.value,) if self.value else ()

    @property
    def words(self) -> str:
        """The answer for somebody who cannot change it."""
        return in_words(self.question, self.value)

    @property
    def plain(self) -> bool:
        """Open, and nothing but what was typed tells it from the same question elsewhere."""
        special = self.tags or self.changes or self.remarks or self.earlier or self.thread or self.flagged or self.proof
        return self.editable and not special and not self.wrong

    @property
    def has_slot(self) -> bool:
        return bool(self.wanted or self.files)

    @property
    def wrong(self) -> bool:
        return bool(self.errors) and any(self.error(place) for place in ("answer", "comment", "files"))

    @property
    def against(self) -> Contradiction | None:
        return self.proof.against if self.proof else None

    @property
    def explains(self) -> bool:
        """Whether something here waits for an explanation."""
        return self.editable and self.against is not None and self.against.open

    def error(self, place: str) -> str:
        return self.errors.get(f"{place}-{self.question.key}", "")


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that was read for a section's page."""

    row: Row[Any]
    answers: Answers
    files: Mapping[str | None, tuple[FileItem, ...]]
    said: Sequence[Row[Any]]
    """Remarks and messages."""
    typed: Mapping[str, TypedAnswer]
    """What could not be stored, to be shown again with the version that its form had."""
    changes: CatalogChanges | None = None

    @property
    def fingerprint(self) -> tuple[object, ...] | None:
        """Differs whenever the questions look different; None for what is shown once, after a refused post."""
        if self.typed:
            return None
        stored = tuple((key, one.version, one.value, one.comment) for key, one in self.answers.stored.items())
        row, said = self.row, tuple(tuple(one) for one in self.said)
        kept = (row.status, tuple(row.open_questions), row.comment, row.comment_version)
        return (
            *kept,
            *proof_view.fingerprint(row),
            stored,
            self.answers.asked,
            tuple(self.files.values()),
            said,
            id(self.changes),
        )

    def question(self, number: int, question: Question, errors: Mapping[str, str], mine: set[str], seen: Seen) -> QuestionView:
        """`mine` are the questions of the page whose answers may reveal others while they change; `seen` is what checks say."""
        stored = self.answers.of(question.key)
        shown = self.typed.get(question.key) or TypedAnswer(stored.value, stored.comment, stored.token)
        said = [one for one in self.said if one.question_key == question.key]
        remarks = [one for one in said if one.kind != MESSAGE]
        open_ = tuple(one for one in remarks if one.resolved_at is None)
        editable = may_edit_question(self.row.status, self.row.open_questions, question.key)
        proof = seen.of(question, stored.value)
        return QuestionView(
            question=question,
            number=number,
            value=shown.value,
            comment=shown.comment,
            token=shown.base,
            editable=editable,
            hidden=question.key not in self.answers.asked,
            when=appears_when(question, mine) if editable and question.condition else None,
            flagged=bool(open_) or (self.row.status is SectionStatus.ATTENTION_NEEDED and editable),
            tags=tuple(self._tags(question, editable=editable, remarked=bool(open_))),
            changes=self._changes(question.key),
            options=_options(question, stored.value),
            files=self.files.get(question.key, ()),
            wanted=_wanted(question, proof),
            remarks=open_,
            earlier=tuple(one for one in remarks if one.resolved_at is not None),
            thread=tuple(one for one in said if one.kind == MESSAGE),
            errors=errors or _problem(question, stored.value),
            proof=proof,
        )

    def _tags(self, question: Question, *, editable: bool, remarked: bool) -> Iterable[tuple[str, str, str]]:
        if self.row.status is SectionStatus.ATTENTION_NEEDED:
            if not editable:
                yield "Sealed", "neutral", "lock-fill"
            elif not remarked:
                yield "Newly asked", "warning", "plus-lg"
        if self.changes and question.key in self.changes.added:
            yield "New in this version", "info", "star"
        elif self._changes(question.key):
            yield "Changed in this version", "info", "pencil"

    def _changes(self, key: str) -> tuple[str, ...]:
        changed = self.changes.changed if self.changes else ()
        return next((change.what for change in changed if change.key == key), ())


def question_views(section: Section, facts: Facts, errors: Mapping[str, str]) -> tuple[QuestionView, ...]:
    """What is asked, and what a script may reveal while answers on the same page change."""
    mine = {question.key for question in section.questions if question.condition is None}
    seen = proof_view.seen(facts.row)
    views = (facts.question(number, question, errors, mine, seen) for number, question in enumerate(section.questions, 1))
    return tuple(view for view in views if not view.hidden or view.when)


def appears_when(question: Question, mine: set[str]) -> tuple[str, tuple[str, ...]] | None:
    """The one field of the same page and its values that decide, or None where more than that decides."""
    parts = _alternatives(question.condition) if question.condition else []
    subjects = {part.question for part in parts}
    if len(subjects) != 1 or not subjects <= mine:
        return None
    return f"answer-{subjects.pop()}", tuple(value for part in parts for value in part.values)


def _alternatives(condition: Condition) -> list[Condition]:
    if condition.test is Operator.ANY:
        return [found for part in condition.parts for found in _alternatives(part)]
    return [condition]


def _options(question: Question, value: Value | None) -> tuple[Option, ...]:
    """A choice that need not be made can be taken back."""
    takes_back = value and not question.answer_required and question.type is not QuestionType.MULTI_CHOICE
    return (*question.options, UNANSWERED) if question.options and takes_back else question.options


def _wanted(question: Question, proof: Shown | None) -> str:
    if question.screenshot is Screenshot.NONE:
        return ""
    if proof and proof.replaces:
        return "Not needed: a run has shown it. A screenshot is welcome all the same."
    return (
        f"{question.screenshot_of} Or run the checks that prove it."
        if question.proof_replaces_screenshot
        else question.screenshot_of
    )


def _problem(question: Question, value: Value | None) -> dict[str, str]:
    """A draft may hold what is not valid; the page says so beside it."""
    certain = question.type in (QuestionType.YES_NO, QuestionType.SINGLE_CHOICE)
    problems = parsed(question, value).problems if value and not certain else ()
    return {f"answer-{question.key}": " ".join(problems)} if problems else {}

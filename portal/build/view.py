"""A section as its page shows it: what was read, and what follows from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from portal.build.feed import Feed
from portal.build.progress import DRAFTING, may_edit_question
from portal.build.question_view import Facts, QuestionView, question_views
from portal.build.typed import NOTE, Stored, TypedAnswer
from portal.build.witness import Witness
from portal.catalog import Section
from portal.files.display import FileItem
from portal.models.review import Round
from portal.status import SECTION, Look, SectionStatus


@dataclass(frozen=True, slots=True)
class SectionView:
    """The whole page of one section; `errors` are by field id, `previous` and `next` are keys or empty."""

    section: Section
    facts: Facts
    errors: Mapping[str, str]
    feed: Feed
    rounds: tuple[Round, ...]
    previous: str
    next: str
    witness: Witness | None = None

    @property
    def status(self) -> SectionStatus:
        status: SectionStatus = self.facts.row.status
        return status

    @property
    def look(self) -> Look:
        return SECTION[self.status]

    @property
    def drafting(self) -> bool:
        return self.status in DRAFTING

    @property
    def attention(self) -> bool:
        return self.status is SectionStatus.ATTENTION_NEEDED

    @property
    def editable(self) -> bool:
        """Whether anything at all can be changed here."""
        return may_edit_question(self.status, self.facts.row.open_questions, None)

    @property
    def answered(self) -> int:
        answered: int = self.facts.row.answered
        return answered

    @property
    def total(self) -> int:
        return self.facts.row.total or len(self.facts.answers.asked & {question.key for question in self.section.questions})

    @property
    def questions(self) -> tuple[QuestionView, ...]:
        return question_views(self.section, self.facts, self.errors)

    @property
    def note(self) -> TypedAnswer:
        """The additional comments."""
        stored = Stored(None, self.facts.row.comment, self.facts.row.comment_version)
        return self.facts.typed.get(NOTE) or TypedAnswer(None, stored.comment, stored.token)

    @property
    def note_error(self) -> str:
        return self.errors.get(f"comment-{NOTE}", "")

    @property
    def files(self) -> tuple[FileItem, ...]:
        """Those that belong to no question."""
        return self.facts.files.get(None, ())

    @property
    def remarks(self) -> tuple[Row[Any], ...]:
        """What reviewers said of the section as a whole."""
        return tuple(one for one in self.facts.said if one.question_key is None)

    @property
    def saved_at(self) -> datetime | None:
        return max((one.at for one in self.facts.answers.stored.values() if one.at), default=None)

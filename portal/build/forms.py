"""Turns a posted section form into plain values, and says what of it can never be stored."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from werkzeug.datastructures import MultiDict

from portal.build.limits import ADDRESS_LIMIT, COMMENT_LIMIT, NOTE_LIMIT, too_long
from portal.build.typed import NOTE, Stored, TypedAnswer
from portal.catalog import Question, QuestionType, Section, Value

CHOICES = frozenset({QuestionType.YES_NO, QuestionType.SINGLE_CHOICE, QuestionType.MULTI_CHOICE})
PARTS = ("answer", "comment", "version", "choose")
Posted = MultiDict[str, str]


@dataclass(frozen=True, slots=True)
class Form:
    """A posted section: what can be saved, and by field id what cannot and why."""

    typed: dict[str, TypedAnswer] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    refused: dict[str, TypedAnswer] = field(default_factory=dict)
    """What was typed where there are problems, to be shown again."""


def read(section: Section, posted: Posted, shown: Mapping[str, Stored]) -> Form:
    """`shown` is what the database has: a part that the form did not carry stays as it is there.

    A question counts as posted when its version or any of its fields is there.
    """
    form = Form()
    for question in section.questions:
        if any(f"{part}-{question.key}" in posted for part in PARTS) and posted.get(f"choose-{question.key}") != "theirs":
            _sort(form, question.key, _answer(question, posted, shown), _problems(question, posted))
    if f"comment-{NOTE}" in posted and posted.get(f"choose-{NOTE}") != "theirs":
        note = TypedAnswer(None, text_of(posted, f"comment-{NOTE}"), posted.get(f"version-{NOTE}", ""))
        _sort(form, NOTE, note, too_long(f"comment-{NOTE}", note.comment, NOTE_LIMIT))
    form.problems.update(_unknown(section, posted))
    return form


def _sort(form: Form, key: str, typed: TypedAnswer, problems: dict[str, str]) -> None:
    form.problems.update(problems)
    (form.refused if problems else form.typed)[key] = typed


def _answer(question: Question, posted: Posted, shown: Mapping[str, Stored]) -> TypedAnswer:
    before = shown.get(question.key, Stored())
    comment = f"comment-{question.key}"
    return TypedAnswer(
        value=_value(question, posted, before),
        comment=text_of(posted, comment) if comment in posted else before.comment,
        base=posted.get(f"version-{question.key}", ""),
    )


def _value(question: Question, posted: Posted, before: Stored) -> Value | None:
    """Nothing ticked means an empty choice where the form carried the question; a missing text field means nothing."""
    name = f"answer-{question.key}"
    if question.type is QuestionType.MULTI_CHOICE and f"version-{question.key}" in posted:
        return tuple(sorted({code for code in posted.getlist(name) if code})) or None
    if name not in posted:
        return before.value
    if question.type is QuestionType.MULTI_CHOICE:
        return tuple(sorted({code for code in posted.getlist(name) if code})) or None
    return (posted[name] if question.type in CHOICES else text_of(posted, name)) or None


def _problems(question: Question, posted: Posted) -> dict[str, str]:
    name = f"answer-{question.key}"
    given = [code for code in posted.getlist(name) if code]
    if question.type in CHOICES:
        found = {} if set(given) <= set(question.codes) else {name: "Choose only answers that are offered."}
    else:
        limit = ADDRESS_LIMIT if question.type is QuestionType.URL else question.limits.max_length
        found = too_long(name, text_of(posted, name), limit)
    comment = f"comment-{question.key}"
    return found | too_long(comment, text_of(posted, comment), COMMENT_LIMIT)


def text_of(posted: Posted, name: str) -> str:
    """Browsers send line breaks as two characters, which would count twice."""
    return posted.get(name, "").replace("\r\n", "\n").replace("\r", "\n")


def _unknown(section: Section, posted: Posted) -> dict[str, str]:
    """Fields of questions that this section does not have (a changed page, or one from an older certification)."""
    known = {question.key for question in section.questions} | {NOTE}
    named = {name.partition("-")[2] for name in posted if name.partition("-")[0] in PARTS and "-" in name}
    return (
        {"": "This page asked a question that is not part of the section any more. Its answer was not stored."}
        if named - known
        else {}
    )

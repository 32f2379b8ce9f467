"""A section's questions as reviewers see them, old beside new; worked out from snapshots and the catalog without a query."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from portal.build.proving import Proof
from portal.catalog import Question, Section, Value, passes
from portal.reviews.reading import Said
from portal.status import RemarkKind


@dataclass(frozen=True, slots=True)
class Evidence:
    """A file as it was frozen."""

    key: str
    name: str
    media_type: str
    size: int
    new: bool
    """It was not there in the round before."""

    @property
    def is_image(self) -> bool:
        return self.media_type.startswith("image/")


@dataclass(frozen=True, slots=True)
class Against:
    """A check contradicted the answer when it was sent; `explanation` is what the partner said about it: words, by, at."""

    said: str
    saw: str
    explanation: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Frozen:
    """One question's answer as it was sent, and what the integration checks said of it then."""

    words: str
    comment: str
    files: tuple[Evidence, ...]
    proof: Proof | None = None
    against: Against | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """One question on the review page; `before` is there only when something moved since the last round."""

    number: int
    question: Question
    asked: bool
    now: Frozen
    before: Frozen | None
    newly_asked: bool
    removed: tuple[Evidence, ...]
    passes: bool
    said: tuple[Said, ...]
    earlier: tuple[Said, ...]
    thread: tuple[Row[Any], ...]

    @property
    def moved(self) -> bool:
        return self.before is not None or self.newly_asked

    @property
    def tags(self) -> list[tuple[str, str, str]]:
        """Whether the answer alone passes, and whether it moved; a hint, the reviewer decides."""
        tags = []
        if self.moved:
            tags.append(("Newly asked" if self.newly_asked else "Moved", "accent", "arrow-counterclockwise"))
        if self.asked:
            tags.append(
                ("Answer passes", "success", "check-lg")
                if self.passes
                else ("Answer does not pass", "warning", "exclamation-circle-fill")
            )
        return tags

    @property
    def blocked(self) -> bool:
        return any(remark.kind is RemarkKind.BLOCKING and not remark.resolved_at for remark in self.said)


def cards(
    section: Section,
    now: Mapping[str, Any],
    before: Mapping[str, Any] | None,
    *,
    said: Sequence[Said],
    threads: Mapping[str, Sequence[Row[Any]]],
    round_id: int,
) -> list[Card]:
    """Every question that was asked now or before, in the order of the catalog."""
    found = (
        _card(number, question, now, before, said=said, thread=threads.get(question.key, ()), round_id=round_id)
        for number, question in enumerate(section.questions, 1)
    )
    return [card for card in found if card.asked or card.before]


def _card(
    number: int,
    question: Question,
    now: Mapping[str, Any],
    before: Mapping[str, Any] | None,
    *,
    said: Sequence[Said],
    thread: Sequence[Row[Any]],
    round_id: int,
) -> Card:
    answer, was = now["answers"].get(question.key), (before or {"answers": {}})["answers"].get(question.key)
    here = [remark for remark in said if remark.question_key == question.key]
    old = _frozen(question, was, was) if was else None
    new = _frozen(question, answer, was)
    kept = {file["sha256"] for file in (answer or {"files": []})["files"]}
    return Card(
        number=number,
        question=question,
        asked=answer is not None,
        now=new,
        before=old if old and _differs(answer, was) else None,
        newly_asked=before is not None and answer is not None and was is None,
        removed=tuple(
            _evidence(file, {file["sha256"]}) for file in (was or {"files": []})["files"] if file["sha256"] not in kept
        ),
        passes=passes(question, _value(answer)),
        said=tuple(remark for remark in here if remark.round_id == round_id),
        earlier=tuple(remark for remark in here if remark.round_id != round_id),
        thread=tuple(thread),
    )


def _differs(answer: Mapping[str, Any] | None, was: Mapping[str, Any]) -> bool:
    return _essence(answer) != _essence(was)


def _essence(answer: Mapping[str, Any] | None) -> object:
    """What a reviewer judges: the same file sent again under another name has not moved, nor has a proof that grew older."""
    if answer is None:
        return None
    return answer["value"], answer["comment"], {file["sha256"] for file in answer["files"]}, answer.get("contradiction")


def _frozen(question: Question, answer: Mapping[str, Any] | None, was: Mapping[str, Any] | None) -> Frozen:
    """Files that `was` does not have are new; without it none is."""
    if answer is None:
        return Frozen("", "", ())
    known = {file["sha256"] for file in (was or answer)["files"]}
    proof, against = answer.get("proof"), answer.get("contradiction")
    return Frozen(
        words=words(question, answer["value"]),
        comment=answer["comment"],
        files=evidence(answer["files"], known),
        proof=Proof.read(proof) if proof else None,
        against=_against(against) if against else None,
    )


def _against(kept: Mapping[str, Any]) -> Against:
    saw = "\n".join(f"“{one['title']}” failed: {one['words']}" for one in kept["failed"])
    return Against(kept["said"], saw, kept["explanation"])


def evidence(files: Iterable[Mapping[str, Any]], known: set[str]) -> tuple[Evidence, ...]:
    return tuple(_evidence(file, known) for file in files)


def _evidence(file: Mapping[str, Any], known: set[str]) -> Evidence:
    return Evidence(file["key"], file["name"], file["media_type"], file["size"], file["sha256"] not in known)


def _value(answer: Mapping[str, Any] | None) -> Value | None:
    value = answer["value"] if answer else None
    return tuple(value) if isinstance(value, list) else value


def words(question: Question, value: Any) -> str:
    """An answer as a person reads it."""
    if not value:
        return ""
    given = value if isinstance(value, list) else [value]
    return ", ".join(question.words_of(one) for one in given) if question.options else "\n".join(given)

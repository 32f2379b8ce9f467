"""Where an answer and a run disagree: found for people to look at, never a reason to change an answer by itself."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from portal.build.proving import Checked, Proof
from portal.build.wording import in_words
from portal.catalog import Question, Section, Value, passes
from portal.status import ProofState


@dataclass(frozen=True, slots=True)
class Contradiction:
    """The answer passes, and the newest verdict of a check that proves it is that it failed."""

    question: Question
    said: str
    """The answer, in words."""
    failed: tuple[Checked, ...]
    explanation: Mapping[str, Any] | None = None
    """words, by, at; None while nobody has looked at it. The words may be empty: then it was only taken note of."""

    @property
    def open(self) -> bool:
        return self.explanation is None

    @property
    def pairs(self) -> set[tuple[str, str]]:
        """What is new about another one: keys of questions with ids of checks."""
        return {(self.question.key, one.check) for one in self.failed}

    @property
    def saw(self) -> str:
        """What the checks saw, in words."""
        return "\n".join(f"“{one.title}” failed: {one.words}" for one in self.failed)

    def plain(self) -> dict[str, Any]:
        explained = {name: self.explanation[name] for name in ("words", "by", "at")} if self.explanation else None
        results = [{"check": one.check, "title": one.title, "words": one.words, "result": one.result} for one in self.failed]
        return {"said": self.said, "failed": results, "explanation": explained}


def contradiction(
    question: Question, value: Value | None, proof: Proof | None, explained: Mapping[str, Any] | None = None
) -> Contradiction | None:
    """`explained` is what the section keeps for the question, if anything; it counts for the same answer and these checks only."""
    if proof is None or proof.state is not ProofState.FAILED or not passes(question, value):
        return None
    covers = explained and explained["answer"] == mark(value) and {one.check for one in proof.failed} <= {*explained["checks"]}
    return Contradiction(question, in_words(question, value), proof.failed, explained if covers else None)


def doubt(question: Question, value: Value | None, proof: Proof | None) -> bool:
    """The other way round: the answer does not pass although all its checks did. Worth a second look, no more."""
    return bool(value) and proof is not None and proof.state is ProofState.PROVEN and not passes(question, value)


def contradictions(
    sections: Iterable[Section],
    *,
    answers: Mapping[str, Value],
    asked: frozenset[str],
    proofs: Mapping[str, Proof],
    explanations: Mapping[str, Mapping[str, Any]],
) -> list[Contradiction]:
    """All of them, in the order of the catalog; explained ones too."""
    questions = (question for section in sections for question in section.questions if question.key in asked)
    found = (contradiction(one, answers.get(one.key), proofs.get(one.key), explanations.get(one.key)) for one in questions)
    return [one for one in found if one is not None]


def mark(value: Value | None) -> str:
    """Another one for another answer."""
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()[:20]

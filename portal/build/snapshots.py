"""Sections as they were sent: frozen on submission, read again to see what moved."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import bindparam, select

from portal.build.contradictions import contradiction
from portal.build.progress import Draft
from portal.catalog import AccountFacts, Question, Section
from portal.extensions import db
from portal.models.evidence import File
from portal.models.integration import Integration
from portal.models.review import Round, RoundSection
from portal.status import SectionStatus

_LATEST = (
    select(RoundSection)
    .join(Round, Round.id == RoundSection.round_id)
    .where(Round.integration_id == bindparam("integration"))
    .order_by(Round.number, RoundSection.id)
)


@dataclass(frozen=True, slots=True)
class Sent:
    """A section as it was sent last."""

    row: RoundSection
    asked: frozenset[str]
    account: AccountFacts
    version: str


def snapshot(
    section: Section, draft: Draft, files: Iterable[File], *, asked: frozenset[str], comment: str, version: str
) -> dict[str, Any]:
    """A section as plain JSON:

    catalog: version of the certification
    account: what conditions may ask of My Account, lists by name
    asked: keys of the questions that were asked, in order
    answers: by key of each asked question {"value": None, text or list of codes (as typed), "comment", "files": [file],
        "proof": None or what its checks said then (proving.Proof.plain), "contradiction": None or how a check contradicts
        it and what was said about that (contradictions.Contradiction.plain)}; the last two are missing in older ones
    comment: the additional comments
    files: [file] that belong to no question
    A file is {"key", "name", "media_type", "size", "sha256", "question"}.
    """
    frozen = [_file(file) for file in files]
    keys = [question.key for question in section.questions if question.key in asked]
    return {
        "catalog": version,
        "account": {name: sorted(codes) for name, codes in asdict(draft.account).items()},
        "asked": keys,
        "answers": {question.key: _answer(question, draft, frozen) for question in section.questions if question.key in asked},
        "comment": comment,
        "files": [file for file in frozen if file["question"] is None],
    }


def _answer(question: Question, draft: Draft, files: list[dict[str, Any]]) -> dict[str, Any]:
    key, value = question.key, draft.answers.get(question.key)
    proof = draft.proofs.get(key)
    against = contradiction(question, value, proof, draft.explanations.get(key))
    return {
        "value": list(value) if isinstance(value, tuple) else value,
        "comment": draft.comments.get(key, ""),
        "files": [file for file in files if file["question"] == key],
        "proof": proof.plain() if proof else None,
        "contradiction": against.plain() if against else None,
    }


def _file(file: File) -> dict[str, Any]:
    return {
        "key": file.key,
        "name": file.original_name,
        "media_type": file.media_type,
        "size": file.size,
        "sha256": file.sha256,
        "question": file.question_key,
    }


def latest(integration: Integration) -> dict[str, Sent]:
    """By section key, as it was sent in the last round that it was part of."""
    found = db.session.scalars(_LATEST, {"integration": integration.id})
    return {row.section_key: _sent(row) for row in found}


def _sent(row: RoundSection) -> Sent:
    account = {name: frozenset(codes) for name, codes in row.snapshot["account"].items()}
    return Sent(row, frozenset(row.snapshot["asked"]), AccountFacts(**account), row.snapshot["catalog"])


def came_back(sent: Sent) -> None:
    """The section left the reviewers' hands because more is asked: what was under review there needs attention now."""
    if sent.row.status is SectionStatus.UNDER_REVIEW:
        sent.row.status = SectionStatus.ATTENTION_NEEDED


def went_back(sent: Sent) -> SectionStatus:
    """Nothing more is asked after all: the section is what the review had made of it."""
    if sent.row.status is SectionStatus.ATTENTION_NEEDED:
        sent.row.status = SectionStatus.UNDER_REVIEW
    return sent.row.status

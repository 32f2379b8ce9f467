"""A submission as plain values: what answers.json, feed.json, the PDF and the archive are made of."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import aliased

from portal import clock, timeline
from portal.build.wording import in_words
from portal.catalog import Catalog, Question, certification
from portal.exam import proof
from portal.extensions import db
from portal.models.event import Audience, Event
from portal.models.evidence import File
from portal.models.exam import CheckResult
from portal.models.integration import Integration
from portal.models.partner import Partner
from portal.models.people import User
from portal.models.review import Remark, Round, RoundSection, Verdict
from portal.status import RemarkKind

FORMAT, VERSION = "partner-portal/submission", 1
_SENT = (
    select(RoundSection, Round.number)
    .join(Round, Round.id == RoundSection.round_id)
    .where(Round.integration_id == bindparam("integration"), Round.number <= bindparam("number"))
    .order_by(Round.number, RoundSection.id)
)
_AUTHOR, _WITHDRAWN = aliased(User), Remark.withdrawn_at.is_(None)
_REMARKS = (
    select(Remark, Round.number, _AUTHOR.name)
    .join(Round, Round.id == Remark.round_id)
    .join(_AUTHOR, _AUTHOR.id == Remark.author_id)
    .where(Remark.integration_id == bindparam("integration"), Round.number <= bindparam("number"))
    .where(Remark.kind != RemarkKind.INTERNAL, Remark.sent_at.is_not(None), _WITHDRAWN)
    .order_by(Remark.sent_at, Remark.id)
)
_VERDICTS = (
    select(Verdict, Round.number, _AUTHOR.name)
    .join(Round, Round.id == Verdict.round_id)
    .join(_AUTHOR, _AUTHOR.id == Verdict.by_id)
    .where(Round.integration_id == bindparam("integration"), Round.number <= bindparam("number"), Verdict.sent_at.is_not(None))
    .order_by(Verdict.at, Verdict.id)
)
_FILES = select(File.key, File.storage_key, File.thumbnail_key, File.width, File.height).where(
    File.integration_id == bindparam("integration")
)
_KINDS = timeline.feed_kinds(Audience.PARTNER)
_FEED = (
    select(Event.at, Event.kind, Event.actor_name, Event.section_key, Event.question_key, Event.payload)
    .where(Event.integration_id == bindparam("integration"), Event.audience == Audience.PARTNER, Event.section_key.is_not(None))
    .order_by(Event.id)
)


@dataclass(frozen=True, slots=True)
class Stored:
    """Where a file of the evidence is kept."""

    storage_key: str
    thumbnail_key: str | None
    width: int | None
    height: int | None


@dataclass(frozen=True, slots=True)
class Submission:
    """Everything that was sent up to a round. `answers` and `feed` are JSON, `files` says where evidence is kept, by its key."""

    answers: dict[str, Any]
    feed: list[dict[str, Any]]
    files: Mapping[str, Stored]
    proofs: Mapping[str, bytes] = field(default_factory=dict)
    """Signed documents of checks that passed, by the key of the result."""


@dataclass(frozen=True, slots=True)
class _Said:
    """Remarks and verdicts in the words that the partner read, oldest first."""

    remarks: Sequence[tuple[Remark, int, str]]
    verdicts: Sequence[tuple[Verdict, int, str]]


def submission(review: Round) -> Submission:
    """As it stood in this round: each section as it was sent last, with what reviewers said of it since. Six statements."""
    integration = review.integration
    values = {"integration": integration.id, "number": review.number}
    sent = {row.section_key: (row, number) for row, number in db.session.execute(_SENT, values).tuples()}
    said = _Said(db.session.execute(_REMARKS, values).tuples().all(), db.session.execute(_VERDICTS, values).tuples().all())
    files = {row.key: Stored(*row[1:]) for row in db.session.execute(_FILES, values)}
    answers = _about(review, integration, integration.partner)
    answers["sections"] = [_section(row, number, said) for row, number in _in_order(sent.values())]
    feed = list(_feed(db.session.execute(_FEED, values)))
    return Submission(answers, feed, files, _proofs(answers, integration.partner_id))


def proved(answers: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Question key and each check that said something about it, as it was sent."""
    for section in answers["sections"]:
        for question in section["questions"]:
            for check in (question["proof"] or {}).get("checks", []):
                yield question["key"], check


def _proofs(answers: Mapping[str, Any], partner_id: int) -> dict[str, bytes]:
    keys = {check["result"] for _, check in proved(answers)}
    found = select(CheckResult).where(CheckResult.partner_id == partner_id, CheckResult.key.in_(keys))
    return {result.key: proof.written(result) for result in db.session.scalars(found) if result.proof}


def _about(review: Round, integration: Integration, partner: Partner) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "version": VERSION,
        "exported_at": _at(clock.now()),
        "partner": {"key": partner.key, "name": partner.name},
        "integration": {
            "key": integration.key,
            "status": integration.status.value,
            "certified_at": _at(integration.certified_at),
        },
        "round": {
            "key": review.key,
            "number": review.number,
            "status": review.status.value,
            "catalog": review.catalog_version,
            "submitted_at": _at(review.submitted_at),
            "due_at": _at(review.due_at),
        },
    }


def _in_order(sent: Iterable[tuple[RoundSection, int]]) -> list[tuple[RoundSection, int]]:
    return sorted(sent, key=lambda one: _catalog(one[0]).section(one[0].section_key).number)


def _catalog(row: RoundSection) -> Catalog:
    return certification(row.snapshot["catalog"])


def _section(row: RoundSection, number: int, said: _Said) -> dict[str, Any]:
    section, frozen = _catalog(row).section(row.section_key), row.snapshot
    remarks = [one for one in said.remarks if one[0].section_key == row.section_key]
    numbers = {question.key: place for place, question in enumerate(section.questions, 1)}
    return {
        "key": section.key,
        "number": section.number,
        "title": section.title,
        "status": row.status.value,
        "round": number,
        "catalog": frozen["catalog"],
        "questions": [
            _question(numbers[key], _catalog(row).question(key), frozen["answers"][key], _remarks(remarks, key))
            for key in frozen["asked"]
        ],
        "comment": frozen["comment"],
        "files": [_file(file) for file in frozen["files"]],
        "remarks": _remarks(remarks, None),
        "verdicts": [
            {"status": verdict.status.value, "at": _at(verdict.at), "by": by, "round": of, "undone_at": _at(verdict.undone_at)}
            for verdict, of, by in said.verdicts
            if verdict.section_key == row.section_key
        ],
    }


def _question(number: int, question: Question, frozen: Mapping[str, Any], remarks: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "key": question.key,
        "number": number,
        "text": question.text,
        "level": question.level.value,
        "type": question.type.value,
        "value": frozen["value"],
        "words": in_words(question, frozen["value"]),
        "comment": frozen["comment"],
        "files": [_file(file) for file in frozen["files"]],
        "proof": frozen.get("proof"),
        "contradiction": frozen.get("contradiction"),
        "remarks": remarks,
    }


def _file(frozen: Mapping[str, Any]) -> dict[str, Any]:
    return {name: frozen[name] for name in ("key", "name", "media_type", "size", "sha256")}


def _remarks(remarks: Iterable[tuple[Remark, int, str]], question_key: str | None) -> list[dict[str, Any]]:
    return [
        {
            "kind": remark.kind.value,
            "text": remark.text,
            "by": by,
            "round": number,
            "sent_at": _at(remark.sent_at),
            "resolved_at": _at(remark.resolved_at),
        }
        for remark, number, by in remarks
        if remark.question_key == question_key
    ]


def _feed(rows: Iterable[Row[Any]]) -> Iterator[dict[str, Any]]:
    """What was said and done in the sections' feeds, oldest first; never what only staff may read."""
    for row in rows:
        if row.kind in _KINDS:
            yield {
                "at": _at(row.at),
                "by": row.actor_name,
                "section": row.section_key,
                "question": row.question_key,
                "kind": row.kind,
                "sentence": timeline.read(row.kind, row.payload).sentence(),
                "text": str(row.payload.get("text", "")),
            }


def _at(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def evidence(answers: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Section key, question key (or nothing) and each file that is named, in order."""
    for section in answers["sections"]:
        for question in section["questions"]:
            for file in question["files"]:
                yield section["key"], question["key"], file
        for file in section["files"]:
            yield section["key"], "", file

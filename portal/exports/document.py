"""A submission as one PDF that everybody can read: tagged (PDF/UA-1), with headings, captions and texts instead of pictures."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog
from babel.dates import format_datetime
from babel.numbers import format_decimal

from portal import storage
from portal.catalog import Level
from portal.exports.gathering import Stored, Submission, evidence
from portal.exports.glyphs import drawable
from portal.status import CHECK, REMARK, SECTION, CheckVerdict, RemarkKind, SectionStatus

TEMPLATE = Path(__file__).with_name("submission.typ")
SECONDS = 90.0
"""By the clock on the wall; a full submission takes about two."""
LEVELS = {Level.MANDATORY.value: "Mandatory", Level.RECOMMENDED.value: "Recommended"}
NOTHING = ["Not answered."]
LACKING = "Signs that this document's fonts do not have are written in square brackets. The archive of the submission has them as typed."
log = structlog.get_logger("portal.exports")


class NotDrawn(Exception):
    """The document could not be made; the words are for staff."""


def draw(submission: Submission, folder: Path) -> bytes:
    """The PDF. `folder` is empty and ours; pictures and data are left in it. Raises NotDrawn."""
    pictures = _pictures(submission, folder)
    answers = submission.answers
    (folder / "data.json").write_text(json.dumps(told(answers, pictures), ensure_ascii=False))
    (folder / TEMPLATE.name).write_bytes(TEMPLATE.read_bytes())
    return _compiled(folder, datetime.fromisoformat(answers["exported_at"]))


def _compiled(folder: Path, at: datetime) -> bytes:
    command = [sys.executable, "-P", "-W", "ignore", "-m", "portal.exports.compiling", str(folder), str(int(at.timestamp()))]
    surroundings = {"PYTHONPATH": str(Path(__file__).parents[2]), "PATH": os.defpath, "RAYON_NUM_THREADS": "2"}
    try:
        done = subprocess.run(command, capture_output=True, timeout=SECONDS, env=surroundings, check=False)  # noqa: S603 - our own program
    except subprocess.TimeoutExpired as slow:
        raise NotDrawn("Drawing the document took too long.") from slow
    if done.returncode != 0:
        log.error("no document", code=done.returncode, said=done.stderr[-2000:].decode(errors="replace"))
        raise NotDrawn("The document could not be drawn.")
    if done.stderr:
        log.warning("document", said=done.stderr[-2000:].decode(errors="replace"))
    return done.stdout


def _pictures(submission: Submission, folder: Path) -> dict[str, str]:
    """By a file's key, the name that its picture will have in the folder; files without one, or whose picture is gone, are only named."""
    drawn: dict[str, str] = {}
    for _, _, file in evidence(submission.answers):
        kept = submission.files.get(file["key"])
        if kept and kept.thumbnail_key and file["key"] not in drawn:
            name = f"picture-{len(drawn)}"
            if _fetched(kept, folder / f"{name}.webp"):
                drawn[file["key"]] = f"{name}.jpg"
    return drawn


def _fetched(kept: Stored, to: Path) -> bool:
    try:
        to.write_bytes(storage.current().read(kept.thumbnail_key or ""))
    except FileNotFoundError:
        return False
    return True


def told(answers: Mapping[str, Any], pictures: Mapping[str, str]) -> dict[str, Any]:
    """What the template prints: every text made drawable, every time and status in words."""
    partner, number = answers["partner"]["name"], answers["round"]["number"]
    texts = _Telling(pictures)
    made = {
        "title": drawable(f"{partner}: technical certification, round {number}"),
        "author": "Partner Portal",
        "description": "Answers, evidence and the reviewers' remarks of one submission.",
        "running": drawable(f"{partner}, round {number}"),
        "lead": f"What was sent for technical certification up to round {number}, and what the reviewers said of it.",
        "facts": [[label, drawable(value)] for label, value in _facts(answers)],
        "sections": [texts.section(section) for section in answers["sections"]],
    }
    return made | {"note": LACKING if "[U+" in json.dumps(made) else ""}


def _facts(answers: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    of = answers["round"]
    yield "Partner", answers["partner"]["name"]
    yield "Sent", _when(of["submitted_at"])
    yield "Certification", f"version {of['catalog']}"
    if answers["integration"]["certified_at"]:
        yield "Certified", _when(answers["integration"]["certified_at"])
    yield "Exported", _when(answers["exported_at"])


@dataclass(frozen=True, slots=True)
class _Telling:
    """Sections as the template prints them; knows which files have a picture."""

    pictures: Mapping[str, str]

    def section(self, section: Mapping[str, Any]) -> dict[str, Any]:
        status = SECTION[SectionStatus(section["status"])]
        return {
            "heading": drawable(f"{section['number']}. {section['title']}"),
            "lead": f"{status.words}. Sent in round {section['round']}, certification version {section['catalog']}.",
            "verdicts": [_verdict(verdict) for verdict in section["verdicts"]],
            "remarks": [_remark(remark) for remark in section["remarks"]],
            "questions": [self._question(section["number"], question) for question in section["questions"]],
            "comment": _lines(section["comment"]),
            "files": [self._file(file) for file in section["files"]],
        }

    def _question(self, section: int, question: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "heading": drawable(f"{section}.{question['number']} {question['text']}"),
            "level": LEVELS[question["level"]],
            "answer": _lines(question["words"]) or NOTHING,
            "comment": _lines(question["comment"]),
            "files": [self._file(file) for file in question["files"]],
            "proofs": [_check(check) for check in (question["proof"] or {}).get("checks", [])]
            + _contradiction(question["contradiction"]),
            "remarks": [_remark(remark) for remark in question["remarks"]],
        }

    def _file(self, file: Mapping[str, Any]) -> dict[str, Any]:
        name = drawable(file["name"])
        size = f"{format_decimal(max(1, round(file['size'] / 1000)), locale='en_GB')} KB"
        return {
            "path": self.pictures.get(file["key"]),
            "caption": f"{name} ({size})",
            "alt": f"Evidence that the partner attached: {name}",
        }


def _verdict(verdict: Mapping[str, Any]) -> dict[str, Any]:
    look = SECTION[SectionStatus(verdict["status"])]
    taken_back = f"; taken back {_when(verdict['undone_at'])}" if verdict["undone_at"] else ""
    note = f"in round {verdict['round']}, {verdict['by']}, {_when(verdict['at'])}{taken_back}"
    return {"tone": look.tone, "label": look.words, "note": drawable(note), "lines": []}


def _remark(remark: Mapping[str, Any]) -> dict[str, Any]:
    look = REMARK[RemarkKind(remark["kind"])]
    settled = f"; settled {_when(remark['resolved_at'])}" if remark["resolved_at"] else ""
    note = f"in round {remark['round']}, {remark['by']}, {_when(remark['sent_at'])}{settled}"
    return {"tone": look.tone, "label": look.words, "note": drawable(note), "lines": _lines(remark["text"])}


def _check(check: Mapping[str, Any]) -> dict[str, Any]:
    """What an integration check said when the section was sent."""
    look = CHECK[CheckVerdict(check["verdict"])]
    note = f"{look.words}, integration check, {_when(check['at'])}"
    return {"tone": look.tone, "label": drawable(check["title"]), "note": note, "lines": _lines(check["words"])}


def _contradiction(found: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """That a check saw something else than the answer says, and what the partner said about it."""
    if not found:
        return []
    seen = [f"{one['title']}: {one['words']}" for one in found["failed"]]
    said = found["explanation"]
    explained = [f"{said['by']}, {_when(said['at'])}: {said['words'] or 'noted.'}"] if said else []
    return [
        {
            "tone": "warning",
            "label": "A check contradicts this answer",
            "note": "",
            "lines": _lines("\n".join(seen + explained)),
        }
    ]


def _lines(text: str | None) -> list[str]:
    return drawable(text.strip()).replace("\t", "    ").split("\n") if text and text.strip() else []


def _when(at: str) -> str:
    """In UTC and saying so: a document is read anywhere."""
    return format_datetime(datetime.fromisoformat(at), "d MMM y, HH:mm 'UTC'", locale="en_GB")

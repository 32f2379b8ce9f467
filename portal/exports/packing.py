"""A submission as an archive: what answers.json says, with every file, the feed, the proofs and the PDF."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from portal import storage
from portal.exports import document
from portal.exports.archive import Archive, archive
from portal.exports.gathering import Submission, evidence, proved

ABOUT = """A submission for technical certification, as it stood in its round.

answers.json      every section as it was sent last: questions, answers, comments, remarks, verdicts, files, proofs
feed.json         what was said and done in the feeds of the sections, oldest first
submission.pdf    the same to read
evidence/         the files, by section and question; answers.json names the path of each
proofs/           signed proofs of integration checks, where there are any

Times are ISO 8601 in UTC. Internal notes of the reviewers are not in it.
"""


def pack(submission: Submission, folder: Path) -> Path:
    """The archive as a file in this folder."""
    path, pictures = folder / "export.zip", folder / "pdf"
    pictures.mkdir()
    drawn = document.draw(submission, pictures)
    with archive(path) as made:
        made.write("", "README.txt", [ABOUT.encode()])
        _evidence(made, submission)
        _proofs(made, submission)
        made.write_json("answers.json", submission.answers)
        made.write_json("feed.json", submission.feed)
        made.write("", "submission.pdf", [drawn])
    return path


def _evidence(made: Archive, submission: Submission) -> None:
    """Each file once; its place in the archive is said in the answers: None when the file is gone."""
    paths: dict[str, str | None] = {}
    for section, question, file in evidence(submission.answers):
        if file["key"] not in paths:
            folder = "/".join(part for part in ("evidence", section, question) if part)
            paths[file["key"]] = _one(made, submission, file, folder)
        file["path"] = paths[file["key"]]


def _one(made: Archive, submission: Submission, file: Mapping[str, Any], folder: str) -> str | None:
    kept = submission.files.get(file["key"])
    if kept is None:
        return None
    try:
        pieces = storage.current().open(kept.storage_key)
    except FileNotFoundError:
        return None
    return made.write(folder, file["name"], pieces)


def _proofs(made: Archive, submission: Submission) -> None:
    """Each signed document once, under the first question that it proves."""
    left = dict(submission.proofs)
    for question, check in proved(submission.answers):
        if written := left.pop(check["result"], None):
            check["path"] = made.write("proofs", f"{question}-{check['check']}.json", [written])

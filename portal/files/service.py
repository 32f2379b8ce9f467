"""Evidence attached to questions and sections: attach, remove, list, and the worker's part of the checks."""

from collections.abc import Sequence

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import joinedload

from portal import clock, outbox, timeline
from portal.build import rows
from portal.build import service as build
from portal.extensions import db
from portal.files import checking, seal
from portal.files.intake import Accepted, RefusedFile
from portal.files.kinds import Limits
from portal.files.reasons import Why
from portal.models.evidence import File
from portal.models.integration import Integration
from portal.models.outbox import Task
from portal.models.people import User
from portal.refusals import Gone
from portal.status import FileState
from portal.timeline.build import FileAttached, FileRemoved

_PRESENT = (
    select(File)
    .where(File.integration_id == bindparam("integration"), File.section_key == bindparam("section"), File.removed_at.is_(None))
    .order_by(File.uploaded_at, File.id)
)
_OF_FILE = (
    select(Integration)
    .join(File, File.integration_id == Integration.id)
    .where(File.id == bindparam("file"))
    .order_by(Integration.id)
)
_LISTING = _PRESENT.options(joinedload(File.uploaded_by))


def attach(
    integration: Integration, section_key: str, question_key: str | None, accepted: Sequence[Accepted], *, by: User
) -> tuple[list[File], list[RefusedFile]]:
    """Attach stored files to a question, or to the section when `question_key` is None.

    A file whose bytes are there already is not attached again. What would be the twenty-first is refused.
    Raises Sealed. The caller takes out of storage what no returned file refers to.
    """
    rows.take(integration)
    seal.check(integration, section_key, question_key)
    there = [file for file in _present(integration, section_key) if file.question_key == question_key]
    known = {file.sha256: file for file in there}
    files: list[File] = []
    refused: list[RefusedFile] = []
    for one in accepted:
        if one.sha256 not in known and len(known) >= Limits().files:
            refused.append(RefusedFile(one.name, Why.TOO_MANY))
            continue
        if one.sha256 not in known:
            known[one.sha256] = _added(integration, section_key, question_key, one, by)
        files.append(known[one.sha256])
    if files:
        build.reconcile(integration, by=by)
    return files, refused


def _added(integration: Integration, section_key: str, question_key: str | None, one: Accepted, by: User) -> File:
    file = File(
        partner_id=integration.partner_id,
        integration_id=integration.id,
        section_key=section_key,
        question_key=question_key,
        original_name=one.name,
        media_type=one.media_type,
        size=one.size,
        sha256=one.sha256,
        storage_key=one.storage_key,
        width=one.width,
        height=one.height,
        uploaded_by_id=by.id,
    )
    db.session.add(file)
    db.session.flush()
    happened = FileAttached(name=file.original_name, file_key=file.key)
    event = timeline.record(happened, by=by, integration=integration, section_key=section_key, question_key=question_key)
    outbox.enqueue(Task.FILE, {"file_id": file.id}, title=f"Check the file {file.key}", event=event)
    return file


def remove(file: File, *, by: User) -> None:
    """Hide a file. It stays in storage: a round in which it was sent still shows it. Raises Sealed or Gone."""
    integration = db.session.get_one(Integration, file.integration_id)
    rows.take(integration)
    seal.check(integration, file.section_key, file.question_key)
    if file.removed_at is not None:
        raise Gone("This file was removed already.")
    file.removed_at, file.removed_by_id = clock.now(), by.id
    happened = FileRemoved(name=file.original_name, file_key=file.key)
    timeline.record(happened, by=by, integration=integration, section_key=file.section_key, question_key=file.question_key)
    build.reconcile(integration, by=by)


def listing(integration: Integration, section_key: str) -> Sequence[File]:
    """The files of a section and its questions that are not removed, oldest first, with who sent them. One statement."""
    return _rows(_LISTING, integration, section_key)


def _present(integration: Integration, section_key: str) -> Sequence[File]:
    return _rows(_PRESENT, integration, section_key)


def _rows(statement: Select[tuple[File]], integration: Integration, section_key: str) -> Sequence[File]:
    return db.session.scalars(statement, {"integration": integration.id, "section": section_key}).all()


def process(file_id: int) -> None:
    """The worker's part: virus scan, preview, thumbnail; then the file is ready or refused. Doing it again changes nothing.

    Reads, ends that transaction, does the slow work, and leaves the result for the caller to commit.
    Raises ScannerUnavailable or StorageUnavailable: the file stays "being checked", try again later.
    """
    file = db.session.get(File, file_id)
    if file is None or file.state is not FileState.CHECKING:
        return
    job = checking.Job(file.storage_key, file.media_type, file.width, file.height)
    db.session.rollback()
    verdict = checking.examine(job)
    if not _settle(file_id, verdict):
        checking.discard(verdict)


def _settle(file_id: int, verdict: checking.Verdict) -> bool:
    """Store the verdict and what it means for the section. False when another worker was faster."""
    integration = db.session.scalars(_OF_FILE, {"file": file_id}).one()
    rows.take(integration)
    file = db.session.get_one(File, file_id, populate_existing=True)
    if file.state is not FileState.CHECKING:
        return False
    file.preview_key, file.thumbnail_key = verdict.preview_key, verdict.thumbnail_key
    file.refusal = verdict.refusal
    file.state = FileState.REFUSED if verdict.refusal else FileState.READY
    if file.uploaded_by:
        build.reconcile(integration, by=file.uploaded_by)
    return True

"""The worker's part: makes what was asked for, stores it and tells whoever asked. No transaction is open while it draws and packs."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import structlog
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal import clock, mail, storage, timeline, transaction
from portal.config import Settings
from portal.exports import asking, document, everything, gathering, packing
from portal.exports.gathering import Submission
from portal.extensions import db
from portal.models.export import Export
from portal.models.integration import Integration
from portal.models.review import Round
from portal.outbox import Job
from portal.status import ExportKind, ExportState
from portal.storage import StorageUnavailable
from portal.timeline.exports import ExportReady, StaffExportReady

TRIES = 3
"""Of what fails for reasons that we do not know."""
log = structlog.get_logger("portal.exports")
_HOUSE = joinedload(Export.round).joinedload(Round.integration).joinedload(Integration.partner)
_ONE = select(Export).options(joinedload(Export.asked_by), joinedload(Export.partner), _HOUSE)


def make(job: Job, settings: Settings) -> None:
    """Make one export. Raises when another try may do."""
    export_id = int(job.payload["export_id"])
    with TemporaryDirectory(prefix="portal-export-") as folder:
        try:
            made = _made(export_id, Path(folder))
        except StorageUnavailable:
            raise
        except Exception:
            if job.attempt < TRIES:
                raise
            log.exception("export failed", export=export_id)
            _failed(export_id)
            return
        if made:
            _store(export_id, made, settings)


def _made(export_id: int, folder: Path) -> Path | None:
    """The file; None for what is there already, or is not wanted any more."""
    with transaction.reading():
        export = db.session.scalars(_ONE.where(Export.id == export_id)).one_or_none()
        if export is None or export.state is not ExportState.WAITING:
            return None
        kind, review = export.kind, export.round
        if review is None:
            return everything.pack(export.partner, folder)
        gathered = gathering.submission(review)
    return MAKERS[kind](gathered, folder)


def _document(gathered: Submission, folder: Path) -> Path:
    path = folder / "export.pdf"
    path.write_bytes(document.draw(gathered, folder))
    return path


MAKERS: Mapping[ExportKind, Callable[[Submission, Path], Path]] = {
    ExportKind.DOCUMENT: _document,
    ExportKind.ARCHIVE: packing.pack,
}


def _store(export_id: int, made: Path, settings: Settings) -> None:
    """Once: a worker that was slower than its lease throws away what it made."""
    key = storage.current().put_file(made)
    export = db.session.scalars(_ONE.where(Export.id == export_id).with_for_update(of=Export)).one_or_none()
    if export is None or export.state is not ExportState.WAITING:
        storage.current().delete(key)
        return
    now = clock.now()
    export.state, export.waiting_for, export.ready_at = ExportState.READY, None, now
    export.storage_key, export.size = key, made.stat().st_size
    export.expires_at = now + timedelta(days=settings.export_days)
    _tell(export)


def _failed(export_id: int) -> None:
    export = db.session.get(Export, export_id)
    if export and export.state is ExportState.WAITING:
        asking.give_up(export, "It could not be made. We have been told; ask for it again later.")


def _tell(export: Export) -> None:
    """The team by its bell, or nobody for what staff asked for; and whoever asked by mail."""
    event = timeline.record(_happening(export), by=None, partner=export.partner)
    if export.asked_by and export.asked_by.active:
        mail.send(
            "export_ready", to=[mail.person(export.asked_by)], subject=f"Ready: {export.name}", event=event,
            name=export.name, size=export.size, until=export.expires_at, url=mail.link("exports.show", export_key=export.key),
        )  # fmt: skip


def _happening(export: Export) -> timeline.Happening:
    what, number = export.kind.value, export.round.number if export.round else 0
    if export.by_staff:
        return StaffExportReady(what, number)
    return ExportReady(what, number, export.asked_by.name if export.asked_by else "")

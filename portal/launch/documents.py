"""Support documentation: links and files that explain how the integration works, with language and date."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from sqlalchemy import bindparam, select

from portal import clock, outbox, storage, timeline
from portal.account.fields import Field, Kind, problem
from portal.catalog.nouns import Limits
from portal.extensions import db
from portal.files import antivirus, child
from portal.files.intake import Upload
from portal.files.kinds import Found
from portal.files.kinds import Kind as FileKind
from portal.files.names import displayed
from portal.files.reasons import WORDS, Unusable, Why
from portal.files.sniff import identify
from portal.launch import docx
from portal.launch.forms import TypedDocument
from portal.models.listing import SupportDocument
from portal.models.outbox import Task
from portal.models.partner import Partner
from portal.models.people import User
from portal.refusals import Gone, Invalid
from portal.status import DocumentKind, FileState
from portal.timeline.launch import DocumentAdded, DocumentRemoved

MOST_BYTES = 20 * 1024 * 1024
MOST = 20
OLDEST = timedelta(days=3650)
TOO_BIG = "This file is larger than 20 MB. Send a smaller one, or a link."
_PRESENT = (
    select(SupportDocument)
    .where(SupportDocument.partner_id == bindparam("partner"), SupportDocument.removed_at.is_(None))
    .order_by(SupportDocument.id)
)


@dataclass(frozen=True, slots=True)
class Received:
    """A file in storage that no row refers to yet."""

    name: str
    media_type: str
    size: int
    sha256: str
    storage_key: str


def present(partner_id: int) -> Sequence[SupportDocument]:
    """Those that are not removed, oldest first. One statement."""
    return db.session.scalars(_PRESENT, {"partner": partner_id}).all()


def problems(typed: TypedDocument) -> dict[str, str]:
    """What is wrong with what was typed, by field."""
    found = {"title": problem(Field("title", "Title", Kind.LINE, "", limits=Limits(max_length=120)), typed.title)}
    if typed.url and typed.with_file:
        found["url"] = "Give either an address or a file, not both."
    elif not typed.with_file:
        address = Field("url", "Address", Kind.URL, "", limits=Limits(https_only=True))
        found["url"] = problem(address, typed.url) if typed.url else "Enter an address, or choose a file."
    if not typed.languages:
        found["languages"] = "Choose at least one language."
    found["reviewed_on"] = _date_problem(typed)
    return {name: words for name, words in found.items() if words}


def _date_problem(typed: TypedDocument) -> str:
    day, today = typed.reviewed_on, clock.now().date()
    if day is None:
        return "Enter the day on which somebody last read it through."
    return "" if today - OLDEST <= day <= today + timedelta(days=1) else "Enter a day that is not in the future."


def receive(upload: Upload) -> Received:
    """Look at a file and store it. Raises NoDocument or Unusable with words. Slow: call it outside any transaction."""
    data = upload.stream.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise docx.NoDocument(TOO_BIG)
    media_type = _media_type(data)
    key = storage.current().put(data)
    return Received(_named(upload.name, media_type), media_type, len(data), hashlib.sha256(data).hexdigest(), key)


def _named(raw: str, media_type: str) -> str:
    """The name as it is shown, ending as the content is."""
    name, ending = displayed(raw), ".docx" if media_type == docx.MEDIA_TYPE else ".pdf"
    return name if name.lower().endswith(ending) else f"{name}{ending}"


def _media_type(data: bytes) -> str:
    if data.startswith(b"PK"):
        docx.check(data)
        return docx.MEDIA_TYPE
    try:
        found = identify(data)
    except Unusable as unusable:
        if unusable.why is Why.UNKNOWN:
            raise docx.NoDocument(docx.NOT_WORD) from unusable
        raise
    if found.kind is not FileKind.PDF:
        raise docx.NoDocument(docx.NOT_WORD)
    return found.kind.value


def add(partner: Partner, typed: TypedDocument, *, by: User, file: Received | None = None) -> SupportDocument:
    """Raises Invalid for what was typed, or when there are too many."""
    if found := problems(typed):
        raise Invalid(found)
    if len(present(partner.id)) >= MOST:
        raise Invalid({"title": f"There are already {MOST} documents. Remove one first."})
    document = SupportDocument(
        partner_id=partner.id,
        kind=DocumentKind.FILE if file else DocumentKind.LINK,
        title=typed.title,
        url=typed.url if not file else "",
        languages=typed.languages,
        reviewed_on=typed.reviewed_on,
        added_by_id=by.id,
    )
    if file:
        _carry(document, file)
    db.session.add(document)
    db.session.flush()
    event = timeline.record(DocumentAdded(title=document.title), by=by, partner=partner)
    if file:
        outbox.enqueue(
            Task.DOCUMENT, {"document_id": document.id}, title=f"Check the support document {document.key}", event=event
        )
    return document


def _carry(document: SupportDocument, file: Received) -> None:
    document.original_name, document.media_type, document.size = file.name, file.media_type, file.size
    document.sha256, document.storage_key, document.state = file.sha256, file.storage_key, FileState.CHECKING


def remove(document: SupportDocument, partner: Partner, *, by: User) -> None:
    """Hide it; a published listing shows it until the next publication. Raises Gone."""
    if document.removed_at is not None:
        raise Gone("This was removed already.")
    document.removed_at = clock.now()
    timeline.record(DocumentRemoved(title=document.title), by=by, partner=partner)


def process(document_id: int) -> None:
    """The worker's part: virus scan, and whether a PDF can be opened. Doing it again changes nothing.

    Raises ScannerUnavailable or StorageUnavailable: it stays "being checked", try again later.
    """
    document = db.session.get(SupportDocument, document_id)
    if document is None or document.state is not FileState.CHECKING or document.storage_key is None:
        return
    key, media_type = document.storage_key, document.media_type
    db.session.rollback()
    refusal = examine(key, media_type)
    document = db.session.get_one(SupportDocument, document_id, with_for_update=True)
    if document.state is FileState.CHECKING:
        document.refusal, document.state = refusal, FileState.REFUSED if refusal else FileState.READY


def found_clean(document: SupportDocument) -> None:
    """What was looked at elsewhere needs no worker."""
    document.state = FileState.READY


def examine(key: str, media_type: str) -> str:
    """Why it is refused, in words; empty when it is not."""
    try:
        data = storage.current().read(key)
        antivirus.scan_if_configured(data)
        if media_type == FileKind.PDF:
            child.thumbnail(data, Found(FileKind.PDF))
    except FileNotFoundError:
        return WORDS[Why.LOST]
    except antivirus.Infected:
        storage.current().delete(key)
        return WORDS[Why.INFECTED]
    except Unusable as unusable:
        return unusable.words
    return ""


def host(url: str) -> str:
    """Where a link leads, for its label."""
    return urlsplit(url).hostname or url

"""Files of content: taken in as evidence and documents are, scanned by the worker, named by the versions that show them."""

import hashlib

from portal import outbox, storage
from portal.extensions import db
from portal.files import intake
from portal.files.intake import Accepted, Upload
from portal.files.kinds import Limits
from portal.files.names import displayed
from portal.grow import drafts
from portal.launch import docx
from portal.launch.documents import MOST_BYTES, TOO_BIG, examine
from portal.models.content import ContentFile, ContentItem
from portal.models.outbox import Task
from portal.models.people import User
from portal.refusals import Invalid
from portal.status import FileState

MOST = 20
"""Files of one item."""


def receive(upload: Upload) -> Accepted:
    """Look at a file and store it: a picture, a PDF or a Word document. Raises Invalid with words. Slow: outside any transaction."""
    beginning = upload.stream.read(4)
    upload.stream.seek(0)
    if beginning == b"PK\x03\x04":
        return _document(upload)
    accepted, refused = intake.receive([upload], limits=Limits())
    if refused:
        raise Invalid({"file": refused[0].words})
    return accepted[0]


def _document(upload: Upload) -> Accepted:
    data = upload.stream.read(MOST_BYTES + 1)
    try:
        if len(data) > MOST_BYTES:
            raise docx.NoDocument(TOO_BIG)
        docx.check(data)
    except docx.NoDocument as refused:
        raise Invalid({"file": refused.words}) from refused
    name = displayed(upload.name)
    name = name if name.lower().endswith(".docx") else f"{name}.docx"
    return Accepted(name, docx.MEDIA_TYPE, len(data), hashlib.sha256(data).hexdigest(), storage.current().put(data))


def attach(item: ContentItem, one: Accepted, *, by: User) -> ContentFile:
    """Add it to the draft, in the place of one with the same name. Raises Invalid at too many, Sealed."""
    there = [file for file in drafts.files(item) if file.original_name != one.name]
    if len(there) >= MOST:
        raise Invalid({"file": f"There are already {MOST} files. Remove one first."})
    file = ContentFile(
        item_id=item.id, original_name=one.name, media_type=one.media_type, size=one.size, sha256=one.sha256,
        storage_key=one.storage_key, width=one.width, height=one.height, uploaded_by_id=by.id,
    )  # fmt: skip
    db.session.add(file)
    db.session.flush()
    _name(item, [*(kept.key for kept in there), file.key], by=by)
    outbox.enqueue(Task.CONTENT_FILE, {"file_id": file.id}, title=f"Check the file {file.key}")
    return file


def remove(item: ContentItem, file: ContentFile, *, by: User) -> None:
    """From the draft; what is published shows it until it is published again. Raises Sealed."""
    _name(item, [key for key in item.draft["files"] if key != file.key], by=by)


def _name(item: ContentItem, keys: list[str], *, by: User) -> None:
    drafts.save(item, {**item.draft, "files": keys}, number=item.number, by=by)


def process(file_id: int) -> None:
    """The worker's part: virus scan, and whether a PDF can be opened. Doing it again changes nothing.

    Raises ScannerUnavailable or StorageUnavailable: it stays "being checked", try again later.
    """
    file = db.session.get(ContentFile, file_id)
    if file is None or file.state is not FileState.CHECKING:
        return
    key, media_type = file.storage_key, file.media_type
    db.session.rollback()
    refusal = examine(key, media_type)
    file = db.session.get_one(ContentFile, file_id, with_for_update=True)
    if file.state is FileState.CHECKING:
        file.refusal, file.state = refusal, FileState.REFUSED if refusal else FileState.READY

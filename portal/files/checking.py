"""What a worker does with a stored file before it counts as evidence: scan it, draw its preview and thumbnail. No database."""

from dataclasses import dataclass

from portal import storage
from portal.files import antivirus, child
from portal.files.kinds import Found, Kind
from portal.files.reasons import WORDS, Unusable, Why


@dataclass(frozen=True, slots=True)
class Job:
    storage_key: str
    media_type: str
    width: int | None
    height: int | None

    @property
    def found(self) -> Found:
        return Found(Kind(self.media_type), self.width, self.height)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Empty `refusal`: the file is ready."""

    refusal: str = ""
    preview_key: str | None = None
    thumbnail_key: str | None = None


def examine(job: Job) -> Verdict:
    """Raises ScannerUnavailable or StorageUnavailable when no verdict is possible now."""
    try:
        data = storage.current().read(job.storage_key)
        antivirus.scan_if_configured(data)
        return _pictures(job.found, data)
    except FileNotFoundError:
        return Verdict(WORDS[Why.LOST])
    except antivirus.Infected:
        storage.current().delete(job.storage_key)
        return Verdict(WORDS[Why.INFECTED])
    except Unusable as unusable:
        return Verdict(unusable.words)


def discard(verdict: Verdict) -> None:
    """Take the pictures of a verdict that nobody needs out of storage again."""
    for key in (verdict.preview_key, verdict.thumbnail_key):
        if key:
            storage.current().delete(key)


def _pictures(found: Found, data: bytes) -> Verdict:
    """A PDF gets a preview of its first page; a picture is its own."""
    thumbnail = child.thumbnail(data, found).data
    preview = child.preview(data).data if found.kind is Kind.PDF else None
    store = storage.current()
    return Verdict("", store.put(preview) if preview else None, store.put(thumbnail))

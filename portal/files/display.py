"""Files as pages show them: the small object that the file components are given."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from flask import url_for

from portal.models.evidence import File
from portal.status import FILE, FileState


@dataclass(frozen=True, slots=True)
class FileItem:
    """What components/file_item.html reads; an empty URL means that there is nothing to open, show or remove."""

    key: str
    question_key: str | None
    name: str
    size: int
    by: str
    at: datetime
    url: str
    preview: str
    thumb: str
    state: str
    tone: str
    remove_url: str
    poll_url: str
    width: int | None
    height: int | None
    is_image: bool


@lru_cache(maxsize=4096)
def _url(view: str, key: str) -> str:
    """Where a file is never changes, and a page with ten of them asks forty times."""
    return url_for(f"files.{view}", file_key=key)


def items(files: Iterable[File], *, removable: bool = False) -> list[FileItem]:
    """`removable` says whether the reader may change this place; `uploaded_by` should be loaded already."""
    return [item(file, removable=removable) for file in files]


def item(file: File, *, removable: bool = False) -> FileItem:
    ready, look = file.state is FileState.READY, FILE[file.state]
    return FileItem(
        key=file.key,
        question_key=file.question_key,
        name=file.original_name,
        size=file.size,
        by=file.uploaded_by.name if file.uploaded_by else "",
        at=file.uploaded_at,
        url=_url("download", file.key) if ready else "",
        preview=_url("preview", file.key) if ready else "",
        thumb=_url("thumbnail", file.key) if ready and file.thumbnail_key else "",
        state="" if ready else file.refusal or look.words,
        tone="" if ready else look.tone,
        remove_url=_url("remove", file.key) if removable else "",
        poll_url=_url("item", file.key) if file.state is FileState.CHECKING else "",
        width=file.width,
        height=file.height,
        is_image=file.media_type.startswith("image/"),
    )

"""Takes uploads in: each is looked at, pictures are saved anew, what remains is put into storage. No database is touched."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO

from portal import storage
from portal.files import child
from portal.files.kinds import Found, Kind, Limits
from portal.files.names import displayed
from portal.files.reasons import WORDS, Unusable, Why
from portal.files.sniff import identify

STILL = "first picture only"
"""Of a film one picture is kept; its name says so to everybody who sees the file."""


@dataclass(frozen=True, slots=True)
class Upload:
    """What a person sent: the name their computer gave it, and the bytes."""

    name: str
    stream: IO[bytes]


@dataclass(frozen=True, slots=True)
class Accepted:
    """A file that is in storage and waits to be attached; size and SHA-256 are those of the stored bytes."""

    name: str
    media_type: str
    size: int
    sha256: str
    storage_key: str
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True)
class RefusedFile:
    """A file that was not taken, and why."""

    name: str
    why: Why

    @property
    def words(self) -> str:
        return WORDS[self.why]


def receive(uploads: Sequence[Upload], *, limits: Limits) -> tuple[list[Accepted], list[RefusedFile]]:
    """Each upload is either accepted or refused, whatever the others are. Slow: call it outside any transaction.

    Raises StorageUnavailable; what was stored until then is removed again.
    """
    accepted: list[Accepted] = []
    refused = [RefusedFile(displayed(upload.name), Why.TOO_MANY) for upload in uploads[limits.files :]]
    try:
        for upload in uploads[: limits.files]:
            try:
                accepted.append(_accept(upload, limits))
            except Unusable as unusable:
                refused.append(RefusedFile(displayed(upload.name), unusable.why))
    except storage.StorageUnavailable:
        discard(accepted)
        raise
    return accepted, refused


def discard(accepted: Sequence[Accepted]) -> None:
    """Take files out of storage again that nothing came to refer to."""
    for file in accepted:
        storage.current().delete(file.storage_key)


def _accept(upload: Upload, limits: Limits) -> Accepted:
    data = upload.stream.read(limits.file_bytes + 1)
    if len(data) > limits.file_bytes:
        raise Unusable(Why.TOO_BIG)
    found = identify(data)
    name = displayed(upload.name)
    if found.kind is not Kind.PDF:
        made = child.save_anew(data, found)
        data, found = made.data, Found(made.kind, made.width, made.height)
        name = f"{name} ({STILL})" if made.animated else name
    return Accepted(
        name=name,
        media_type=found.kind,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        storage_key=storage.current().put(data),
        width=found.width,
        height=found.height,
    )

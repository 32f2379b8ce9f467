"""Writes zip archives: names that no unpacker can be led astray by, contents in pieces."""

import json
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

LONGEST = 80
RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
"""Names that Windows takes for devices."""
PACKED = frozenset({"png", "jpg", "jpeg", "webp", "gif", "pdf", "zip", "docx"})
"""Endings of what is small already."""


class Archive:
    """An archive that is being written."""

    def __init__(self, file: IO[bytes]) -> None:
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6)
        self._names: set[str] = set()

    def write(self, folder: str, name: str, pieces: Iterable[bytes]) -> str:
        """Add a file; `folder` is ours, `name` may be anybody's. Says under which name it went in."""
        path = self._free(folder, safe(name))
        packed = path.rpartition(".")[2].lower() in PACKED
        info = zipfile.ZipInfo(path)
        info.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
        info.external_attr = 0o600 << 16
        with self._zip.open(info, "w", force_zip64=True) as entry:
            for piece in pieces:
                entry.write(piece)
        return path

    def write_json(self, name: str, value: Any) -> str:
        return self.write("", name, [json.dumps(value, ensure_ascii=False, indent=1).encode()])

    def close(self) -> None:
        self._zip.close()

    def _free(self, folder: str, name: str) -> str:
        """No two entries are the same, also where capitals do not count."""
        stem, dot, ending = name.rpartition(".") if "." in name else (name, "", "")
        for number in range(1, 100_000):
            unique = name if number == 1 else f"{stem}-{number}{dot}{ending}"
            path = f"{folder}/{unique}" if folder else unique
            if path.casefold() not in self._names:
                self._names.add(path.casefold())
                return path
        raise ValueError(f"too many files are named {name}")


@contextmanager
def archive(path: Path) -> Iterator[Archive]:
    with path.open("wb") as file:
        made = Archive(file)
        yield made
        made.close()


def safe(name: str) -> str:
    """A plain file name: no folders, nothing that leads upwards, no device, nothing invisible, at most 80 characters."""
    last = re.split(r"[/\\:]", unicodedata.normalize("NFC", name))[-1]
    shown = "".join(sign if sign.isalnum() or sign in "._- ()" else "_" for sign in last)
    plain = re.sub(r"\s+", " ", shown).strip(". ") or "file"
    if RESERVED.fullmatch(plain):
        plain = f"_{plain}"
    stem, dot, ending = plain.rpartition(".")
    if len(plain) <= LONGEST:
        return plain
    return f"{stem[: LONGEST - len(ending) - 1]}{dot}{ending}" if dot and len(ending) <= 10 else plain[:LONGEST]

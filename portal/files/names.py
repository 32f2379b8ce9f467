"""File names: made safe to show when they come in, and safe to send in a header when they go out."""

import re
import unicodedata
from urllib.parse import quote

from portal.files.kinds import EXTENSION, Kind

LONGEST = 150
WITHOUT_NAME = "file"


def displayed(raw: str | None) -> str:
    """The name as it is kept and shown: no folders, no control or direction characters, at most 150 characters."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", raw or ""))[-1]
    visible = "".join(c if unicodedata.category(c)[0] not in "CZ" else " " for c in last if not _invisible(c))
    name = " ".join(visible.split()).strip(". ")
    return _shortened(name) or WITHOUT_NAME


def _invisible(character: str) -> bool:
    """Format characters (among them those that turn the direction of text) and lone surrogates are dropped without a gap."""
    return unicodedata.category(character) in ("Cf", "Cs", "Cn", "Co")


def _shortened(name: str) -> str:
    if len(name) <= LONGEST:
        return name
    stem, dot, extension = name.rpartition(".")
    if not dot or len(extension) > 10:
        return name[:LONGEST].rstrip()
    return f"{stem[: LONGEST - len(extension) - 1].rstrip()}.{extension}"


def download(name: str, media_type: str) -> str:
    """The name for saving: what was sent, ending as the stored content is (a WebP stored as PNG ends in .png)."""
    right = EXTENSION[Kind(media_type)]
    stem, _, extension = name.rpartition(".")
    if extension.lower() in ({right, "jpeg"} if right == "jpg" else {right}):
        return name
    return f"{stem or name}.{right}"


def disposition(name: str, media_type: str, *, attachment: bool) -> str:
    """A Content-Disposition header after RFC 6266: an ASCII name for old readers, the true one after RFC 5987."""
    return _header(download(name, media_type), "attachment" if attachment else "inline")


def plain_disposition(name: str) -> str:
    """The same for what is always saved, under the name that it came with."""
    return _header(name, "attachment")


def _header(name: str, kind: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^A-Za-z0-9 ._()-]", "_", plain).strip() or WITHOUT_NAME
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"

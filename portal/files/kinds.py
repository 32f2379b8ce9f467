"""The kinds of file that count as evidence, and how much of each is taken."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """The value is the media type under which the file is stored and served."""

    PNG = "image/png"
    JPEG = "image/jpeg"
    WEBP = "image/webp"
    GIF = "image/gif"
    PDF = "application/pdf"


EXTENSION = {Kind.PNG: "png", Kind.JPEG: "jpg", Kind.WEBP: "webp", Kind.GIF: "gif", Kind.PDF: "pdf"}
PILLOW_FORMAT = {Kind.PNG: "PNG", Kind.JPEG: "JPEG", Kind.WEBP: "WEBP", Kind.GIF: "GIF"}
BYTES_A_PIXEL = {Kind.PNG: 4, Kind.JPEG: 8, Kind.WEBP: 16, Kind.GIF: 4, Kind.PDF: 0}
"""Peak memory of opening and saving one, measured: a turned JPEG exists twice, libwebp's decoder keeps four copies."""

MAX_PIXELS = 40_000_000
MAX_WEBP_PIXELS = 12_000_000
MAX_SIDE = 20_000


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one upload may bring."""

    file_bytes: int = 10 * 1024 * 1024
    files: int = 20

    @property
    def request_bytes(self) -> int:
        """All files at their largest, and room for the form's other fields."""
        return self.file_bytes * self.files + 1024 * 1024


@dataclass(frozen=True, slots=True)
class Found:
    """What the first look at a file told: its kind, and for a picture its width and height in pixels."""

    kind: Kind
    width: int | None = None
    height: int | None = None

    @property
    def memory(self) -> int:
        """Bytes that opening it will need, roughly."""
        return (self.width or 0) * (self.height or 0) * BYTES_A_PIXEL[self.kind]

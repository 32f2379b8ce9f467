"""A program of its own (`python -m portal.files.images`) that opens a picture and saves it anew, bare of everything but the picture."""

import io
from typing import Any

from PIL import GifImagePlugin, Image, ImageOps, JpegImagePlugin, PngImagePlugin, WebPImagePlugin

from portal.files.confine import Facts, serve
from portal.files.kinds import MAX_PIXELS, PILLOW_FORMAT, Kind
from portal.files.reasons import Unusable, Why

PLUGINS = (GifImagePlugin, JpegImagePlugin, PngImagePlugin, WebPImagePlugin)
ORIENTATION = 0x0112
PROGRESSIVE_LIMIT = 20_000_000
"""A turned or progressive JPEG needs its memory twice; above this many pixels it is opened at half its sides."""

THUMBNAIL = (480, 360)
WEBP_TO_JPEG_QUALITY = 90
LARGEST_RESULT = 40 * 1024 * 1024
BROKEN = (OSError, SyntaxError, ValueError, TypeError, KeyError, IndexError, EOFError, ArithmeticError, Warning)
"""What Pillow raises for damaged files, by its plugins' habit; it has no exception of its own for most of it."""


def work(facts: Facts, data: bytes) -> tuple[Facts, bytes]:
    """`kind` says what to open; `thumbnail` asks for a small WebP instead of the whole picture."""
    try:
        image = opened(data, Kind(facts["kind"]))
        if facts.get("thumbnail"):
            return _thumbnail(image)
        animated = bool(getattr(image, "is_animated", False))
        image.seek(0)
        return _saved_anew(image, lossy=_is_lossy(image, data), animated=animated)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise Unusable(Why.TOO_MANY_PIXELS) from bomb
    except BROKEN as broken:
        raise Unusable(Why.DAMAGED) from broken


def opened(data: bytes, kind: Kind) -> Image.Image:
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    image = Image.open(io.BytesIO(data), formats=[PILLOW_FORMAT[kind]])
    heavy = image.info.get("progressive") or _orientation(image) > 1
    if heavy and image.width * image.height > PROGRESSIVE_LIMIT:
        image.draft("RGB", (image.width // 2, image.height // 2))
    return image


def _orientation(image: Image.Image) -> int:
    """1 when the picture stands upright or does not say; damaged EXIF is no reason to refuse a picture."""
    try:
        value: Any = image.getexif().get(ORIENTATION, 1)
    except BROKEN:
        return 1
    return value if isinstance(value, int) else 1


def upright(image: Image.Image) -> Image.Image:
    image.load()
    if _orientation(image) > 1:
        ImageOps.exif_transpose(image, in_place=True)
    for key in set(image.info) - {"transparency"}:
        del image.info[key]  # text, EXIF, comments, colour profiles and dates would be written again
    return image


def _saved_anew(image: Image.Image, *, lossy: bool, animated: bool) -> tuple[Facts, bytes]:
    """JPEG stays JPEG and a lossy, opaque WebP becomes one; all others become PNG. Of a film the first frame is kept."""
    image = upright(image)
    out = io.BytesIO()
    if lossy:
        _as_jpeg(image, out)
    else:
        _as(image, "1", "L", "LA", "P", "I;16", "RGB", "RGBA").save(out, "PNG", compress_level=_effort(image))
    if out.tell() > LARGEST_RESULT:
        raise Unusable(Why.TOO_HEAVY)
    kind = Kind.JPEG if lossy else Kind.PNG
    return {"kind": kind, "width": image.width, "height": image.height, "animated": animated}, out.getvalue()


def _as_jpeg(image: Image.Image, out: io.BytesIO) -> None:
    """A JPEG keeps its own tables, so that it looks and weighs as before; what was none gets a good quality."""
    ready = _as(image, "L", "RGB")
    ready.save(out, "JPEG", quality="keep" if ready.format == "JPEG" else WEBP_TO_JPEG_QUALITY)


def _is_lossy(image: Image.Image, data: bytes) -> bool:
    return image.format == "JPEG" or (image.format == "WEBP" and image.mode == "RGB" and b"VP8L" not in data[:64])


def _as(image: Image.Image, *modes: str) -> Image.Image:
    return image if image.mode in modes else image.convert("RGB")


def _effort(image: Image.Image) -> int:
    """Compression of a PNG: thorough for ordinary screenshots, quick above four million pixels (0.5 s for 40 million)."""
    return 6 if image.width * image.height <= 4_000_000 else 2


def _thumbnail(image: Image.Image) -> tuple[Facts, bytes]:
    image.draft("RGB", (THUMBNAIL[0] * 2, THUMBNAIL[1] * 2))
    image = upright(image)
    image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    image.thumbnail(THUMBNAIL)
    out = io.BytesIO()
    image.save(out, "WEBP", quality=80, method=4)
    return {"kind": Kind.WEBP, "width": image.width, "height": image.height}, out.getvalue()


if __name__ == "__main__":
    serve(work)

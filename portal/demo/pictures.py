"""Draws evidence: small screens as a partner would photograph them, each for its question."""

import io
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from PIL import Image

from portal.demo import scenes
from portal.demo.canvas import MUTED, Canvas

DATA = Path(__file__).parent / "data" / "pictures.toml"
SIZE = (880, 560)
THUMBNAIL = (440, 280)
SCENES: Mapping[str, Callable[[Canvas, Mapping[str, Any]], None]] = {
    "table": scenes.table,
    "form": scenes.form,
    "notice": scenes.notice,
    "dialog": scenes.dialog,
    "page": scenes.page,
    "pair": scenes.pair,
    "mail": scenes.mail,
}
COLOURS = 48


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture with its thumbnail, ready to be stored."""

    name: str
    data: bytes
    thumbnail: bytes
    preview: bytes | None = None
    """Of a document: its page as a picture."""


@cache
def described() -> dict[str, dict[str, Any]]:
    """What is drawn for each question, by its key."""
    return tomllib.loads(DATA.read_text(encoding="utf-8"))


def draw(question_key: str, words: Mapping[str, str], colour: str, *, stamp: str = "") -> Drawn:
    """The evidence for a question; `words` fill the braces of its description, `colour` is the partner's own.

    `stamp` is the time that the computer's own bar showed; it makes two pictures of the same screen differ.
    """
    what = _filled(described()[question_key], words)
    canvas = Canvas(SIZE, colour, words["product"])
    SCENES[what["scene"]](canvas, what)
    canvas.words(canvas.width - canvas.length(stamp, 13) - 16, canvas.height - 24, stamp, size=13, ink=MUTED)
    return Drawn(f"{what['name']}.png", _png(canvas.image), _webp(canvas.image, THUMBNAIL))


def pdf(title: str, lines: list[str], words: Mapping[str, str], colour: str) -> Drawn:
    """A document of one page."""
    canvas = Canvas((595, 842), colour, words["product"])
    scenes.document(canvas, {"title": title.format(**words), "lines": [line.format(**words) for line in lines]})
    out = io.BytesIO()
    canvas.image.save(out, "PDF", resolution=72, title=title.format(**words))
    return Drawn(
        f"{title.format(**words)}.pdf", out.getvalue(), _webp(canvas.image, THUMBNAIL), _webp(canvas.image, canvas.image.size)
    )


def _filled(description: Any, words: Mapping[str, str]) -> Any:
    """The description with every brace filled, however deep."""
    if isinstance(description, str):
        return description.format(**words)
    if isinstance(description, list):
        return [_filled(one, words) for one in description]
    return {key: _filled(one, words) for key, one in description.items()}


def _png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.quantize(COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(out, "PNG", compress_level=6)
    return out.getvalue()


def _webp(image: Image.Image, within: tuple[int, int]) -> bytes:
    small = image.copy()
    small.thumbnail(within, Image.Resampling.BOX)
    out = io.BytesIO()
    small.save(out, "WEBP", quality=60, method=0)
    return out.getvalue()

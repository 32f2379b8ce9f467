"""A program of its own (`python -m portal.files.logos`) that draws a logo as PNG in the sizes that the portal shows."""

import io

import resvg_py
from PIL import Image

from portal.files.confine import Facts, serve
from portal.files.images import BROKEN, opened, upright
from portal.files.kinds import Kind
from portal.files.reasons import Unusable, Why
from portal.files.svg import SvgRefused, clean

SVG = "image/svg+xml"
LARGE, SMALL = (1600, 1600), (560, 280)
"""Boxes into which the logo is fitted: on the partner's own page, and in a card at twice its size."""
SOCIAL, INNER = (1200, 630), (820, 360)
"""The picture that others show beside a link, and the room for the logo in the middle of it."""
FAINTEST = 8
"""Of 255: a picture whose every point is more transparent than that shows nothing."""


def work(facts: Facts, data: bytes) -> tuple[Facts, bytes]:
    """`kind` says what it is. The body is the pictures one after the other; `lengths` says where each ends."""
    try:
        image = _drawn(data) if facts["kind"] == SVG else _decoded(data, Kind(facts["kind"]))
    except SvgRefused as refused:
        return {"refused": refused.words}, b""
    if max(image.getchannel("A").tobytes()) < FAINTEST:
        return {"refused": "There is nothing to see in this picture."}, b""
    pictures = [_png(_fitted(image, LARGE)), _png(_fitted(image, SMALL)), _png(_social(image))]
    width, height = _fitted(image, LARGE).size
    return {"lengths": [len(one) for one in pictures], "width": width, "height": height}, b"".join(pictures)


def _drawn(data: bytes) -> Image.Image:
    ready = clean(data)
    try:
        png = resvg_py.svg_to_bytes(svg_string=ready.text, width=ready.width, height=ready.height, skip_system_fonts=True)
    except ValueError as broken:
        raise SvgRefused("This SVG cannot be drawn. Open and export it again, or send a PNG.") from broken
    image: Image.Image = Image.open(io.BytesIO(bytes(png)), formats=["PNG"]).convert("RGBA")
    return image


def _decoded(data: bytes, kind: Kind) -> Image.Image:
    try:
        image = opened(data, kind)
        image.seek(0)
        return upright(image).convert("RGBA")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise Unusable(Why.TOO_MANY_PIXELS) from bomb
    except BROKEN as broken:
        raise Unusable(Why.DAMAGED) from broken


def _fitted(image: Image.Image, box: tuple[int, int]) -> Image.Image:
    small = image.copy()
    small.thumbnail(box, Image.Resampling.LANCZOS)
    return small


def _social(image: Image.Image) -> Image.Image:
    """On white, because nobody knows what others put behind it."""
    card = Image.new("RGB", SOCIAL, "white")
    logo = _fitted(image, INNER)
    card.paste(logo, ((SOCIAL[0] - logo.width) // 2, (SOCIAL[1] - logo.height) // 2), logo)
    return card


def _png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=6)
    return out.getvalue()


if __name__ == "__main__":
    serve(work, memory=512 * 1024 * 1024, cpu_seconds=2)

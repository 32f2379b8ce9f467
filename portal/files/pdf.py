"""A program of its own (`python -m portal.files.pdf`) that draws the first page of a PDF: PDFium must not run in threads."""

import io

import pypdfium2
from PIL import Image, PngImagePlugin, WebPImagePlugin
from pypdfium2.raw import FPDF_ERR_PASSWORD, FPDF_ERR_SECURITY

from portal.files.confine import Facts, serve
from portal.files.kinds import Kind
from portal.files.reasons import Unusable, Why

PLUGINS = (PngImagePlugin, WebPImagePlugin)
PREVIEW = 1400
"""Longest side of the preview in pixels."""
THUMBNAIL = 480


def work(facts: Facts, data: bytes) -> tuple[Facts, bytes]:
    """Draws page 1 as WebP; `thumbnail` asks for the small one."""
    longest = THUMBNAIL if facts.get("thumbnail") else PREVIEW
    image = _first_page(data, longest)
    out = io.BytesIO()
    image.save(out, "WEBP", quality=85, method=4)
    return {"kind": Kind.WEBP, "width": image.width, "height": image.height}, out.getvalue()


def _first_page(data: bytes, longest: int) -> Image.Image:
    try:
        document = pypdfium2.PdfDocument(data)
        page = document[0]
        scale = longest / max(page.get_size())
        image: Image.Image = page.render(scale=scale, may_draw_forms=False).to_pil()
    except pypdfium2.PdfiumError as broken:
        raise Unusable(_reason(broken)) from broken
    except (IndexError, ZeroDivisionError, ValueError, OverflowError) as broken:
        raise Unusable(Why.DAMAGED) from broken
    return image.convert("RGB")


def _reason(error: pypdfium2.PdfiumError) -> Why:
    locked = error.err_code in (FPDF_ERR_PASSWORD, FPDF_ERR_SECURITY)
    return Why.LOCKED_PDF if locked else Why.DAMAGED


if __name__ == "__main__":
    serve(work, memory=512 * 1024 * 1024, cpu_seconds=10)  # in the worker nobody waits for the answer

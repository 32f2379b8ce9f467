"""Runs inside a child process: draws the document that lies in a folder. Given are the folder and the time of the export.

A process of its own, because the compiler keeps what it has seen, and because a document that takes too long can be ended.
"""

import resource
import sys
from pathlib import Path

import typst
from PIL import Image

MEMORY = 3 * 1024**3
"""Of address space; the compiler's own code and the threads' stacks are a third of it."""
CPU_SECONDS = 60


def main(folder: str, at: str) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    for picture in Path(folder).glob("*.webp"):
        lighten(picture)
    try:
        drawn = compiled(Path(folder), int(at), standards=["ua-1"])
    except typst.TypstError as error:
        sys.stderr.write(f"not as PDF/UA: {error}")
        drawn = compiled(Path(folder), int(at), standards=[])
    sys.stdout.buffer.write(drawn)


def lighten(picture: Path) -> None:
    """As JPEG on white, which a PDF holds as it is; WebP would be written out pixel by pixel. What is no picture becomes a white one."""
    try:
        with Image.open(picture) as found:
            drawn = found.convert("RGBA")
    except (OSError, ValueError):
        drawn = Image.new("RGBA", (4, 3))
    paper = Image.new("RGBA", drawn.size, "white")
    paper.alpha_composite(drawn)
    paper.convert("RGB").save(picture.with_suffix(".jpg"), "JPEG", quality=85)


def compiled(root: Path, at: int, *, standards: list["typst.PDFStandard"]) -> bytes:
    """Tagged in any case; a standard refuses what it cannot promise, such as a sign that no font has."""
    return typst.compile(
        root / "submission.typ", root=root, ignore_system_fonts=True, pdf_standards=standards, timestamp=at,
        package_path=root, package_cache_path=root,
    )  # fmt: skip


if __name__ == "__main__":
    main(*sys.argv[1:])

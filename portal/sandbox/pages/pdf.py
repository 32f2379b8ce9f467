"""Writes a one-page PDF of plain lines: enough for a mandate, and no library to do it."""

from collections.abc import Sequence

TOP, STEP = 760, 26


def write(lines: Sequence[str]) -> bytes:
    """The first line is the heading. Characters outside Latin-1 become question marks."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        _stream(_text(lines)),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + content + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)


def _text(lines: Sequence[str]) -> bytes:
    parts = [b"BT"]
    for number, line in enumerate(lines):
        size = 18 if number == 0 else 11
        parts.append(b"/F1 %d Tf 1 0 0 1 60 %d Tm (%s) Tj" % (size, TOP - number * STEP, _escaped(line)))
    return b"\n".join([*parts, b"ET"])


def _escaped(line: str) -> bytes:
    plain = line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
    return plain.encode("latin-1", "replace")


def _stream(content: bytes) -> bytes:
    return b"<< /Length %d >>\nstream\n" % len(content) + content + b"\nendstream"

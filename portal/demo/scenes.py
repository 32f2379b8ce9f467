"""The screens that evidence shows: tables, forms, notices, dialogs, hosted pages, before and after, mails."""

from collections.abc import Mapping
from typing import Any

from portal.demo.canvas import INK, LINE, MUTED, PAPER, TONES, WASH, Canvas

What = Mapping[str, Any]
LEFT, TOP, RIGHT = 208, 84, 848


def table(canvas: Canvas, what: What) -> None:
    canvas.sidebar()
    canvas.fitted(LEFT, TOP, what["title"], RIGHT - LEFT)
    rows = [what["columns"], *what["rows"]]
    canvas.box((LEFT, TOP + 48, RIGHT, TOP + 64 + 52 * len(rows)))
    places = _columns(canvas, rows)
    for number, row in enumerate(rows):
        y = TOP + 70 + 52 * number
        if number:
            canvas.rule(LEFT, RIGHT, y - 18)
        for x, cell in zip(places, row, strict=True):
            if number:
                canvas.pill(x, y, cell)
            else:
                canvas.words(x, y, cell, size=14, ink=MUTED)


def _columns(canvas: Canvas, rows: list[list[str]]) -> list[int]:
    """Where each column begins: as wide as its longest cell, what is left shared out."""
    widths = [max(canvas.length(row[column]) for row in rows) for column in range(len(rows[0]))]
    spare = max(16, (RIGHT - LEFT - 40 - sum(widths)) // len(widths))
    return [LEFT + 24 + sum(widths[:column]) + spare * column for column in range(len(widths))]


def form(canvas: Canvas, what: What) -> None:
    canvas.sidebar(current=4)
    canvas.fitted(LEFT, TOP, what["title"], RIGHT - LEFT)
    y = _lines(canvas, what, LEFT, TOP + 46)
    for label, value in what.get("fields", ()):
        canvas.field(LEFT, y, label, value, 440)
        y += 78
    canvas.button(LEFT, y + 10, what["button"])


def notice(canvas: Canvas, what: What) -> None:
    canvas.sidebar()
    fill, ink = TONES["!" if what["tone"] == "warning" else "~"]
    canvas.box((LEFT, TOP, RIGHT, TOP + 190), fill, line=None)
    canvas.box((LEFT, TOP, LEFT + 6, TOP + 190), ink, line=None, radius=3)
    canvas.fitted(LEFT + 28, TOP + 22, what["title"], RIGHT - LEFT - 50, size=20)
    y = _lines(canvas, what, LEFT + 28, TOP + 58)
    canvas.button(LEFT + 28, y + 4, what["button"])
    for number in range(3):
        canvas.box((LEFT, TOP + 214 + 64 * number, RIGHT, TOP + 266 + 64 * number))
        canvas.box((LEFT + 20, TOP + 234 + 64 * number, LEFT + 220, TOP + 246 + 64 * number), WASH, line=None, radius=6)
        canvas.box((RIGHT - 120, TOP + 234 + 64 * number, RIGHT - 20, TOP + 246 + 64 * number), WASH, line=None, radius=6)


def dialog(canvas: Canvas, what: What) -> None:
    canvas.sidebar()
    canvas.box((176, 52, canvas.width, canvas.height), "#c9ced8", line=None, radius=0)
    left, top = LEFT + 50, TOP + 70
    canvas.box((left, top, RIGHT - 50, top + 236), line=None, radius=12)
    canvas.fitted(left + 30, top + 28, what["title"], 480)
    y = _lines(canvas, what, left + 30, top + 74)
    right = canvas.button(left + 30, y + 22, what["button"])
    canvas.button(right + 12, y + 22, "Not now", quiet=True)


def page(canvas: Canvas, what: What) -> None:
    """A page that GoCardless hosts, in the partner's colour."""
    left, right = 190, 690
    canvas.box((left, 36, right, 524), radius=14)
    canvas.box((left + 36, 66, left + 66, 96), canvas.colour, line=None, radius=15)
    canvas.words(left + 78, 72, f"{canvas.product}  x  GoCardless", ink=MUTED)
    canvas.fitted(left + 36, 120, what["title"], right - left - 72)
    y = 168
    for label, value in what.get("fields", ()):
        canvas.field(left + 36, y, label, value, right - left - 72)
        y += 70
    y = _lines(canvas, what, left + 36, y + 2)
    canvas.button(left + 36, y + 8, what["button"])


def pair(canvas: Canvas, what: What) -> None:
    canvas.sidebar()
    canvas.fitted(LEFT, TOP, what["title"], RIGHT - LEFT)
    for x, (head, text, button), fresh in ((LEFT, what["before"], False), (LEFT + 328, what["after"], True)):
        canvas.box((x, TOP + 56, x + 312, TOP + 246), line=canvas.colour if fresh else LINE)
        canvas.words(x + 24, TOP + 82, head, size=18, bold=True)
        canvas.words(x + 24, TOP + 120, text, size=14, ink=MUTED)
        canvas.button(x + 24, TOP + 170, button, quiet=not fresh)


def mail(canvas: Canvas, what: What) -> None:
    canvas.box((120, 30, 760, 530))
    canvas.words(152, 56, f"From: {canvas.product}", size=14, ink=MUTED)
    canvas.fitted(152, 82, what["title"], 580, size=20)
    canvas.rule(120, 760, 124)
    y = _lines(canvas, what, 152, 156)
    canvas.button(152, y + 16, what["button"])
    canvas.words(152, 480, "Payments are handled by GoCardless.", size=13, ink=MUTED)


def document(canvas: Canvas, what: What) -> None:
    canvas.box((0, 0, canvas.width, canvas.height), PAPER, line=None, radius=0)
    canvas.box((56, 60, 84, 88), canvas.colour, line=None, radius=14)
    canvas.words(96, 66, canvas.product, ink=MUTED)
    canvas.fitted(56, 120, what["title"], canvas.width - 112, size=26)
    y = 176
    for line in what["lines"]:
        canvas.words(56, y, line, size=13)
        y += 24


def _lines(canvas: Canvas, what: What, x: int, y: int) -> int:
    """The lines of text; where to go on below them."""
    lines = what.get("lines", ())
    for line in lines:
        wrong = line.startswith("!")
        canvas.words(x, y, line.lstrip("!"), ink=TONES["!"][1] if wrong else INK)
        y += 28
    return y + 14 if lines else y

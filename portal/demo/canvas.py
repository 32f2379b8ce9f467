"""The pieces of a drawn screen: window, bar, words, pills, buttons, fields."""

from functools import cache

from PIL import Image, ImageDraw, ImageFont

INK, MUTED, LINE, PAPER, WASH = "#1b2437", "#667085", "#dfe3ea", "#ffffff", "#f5f6f9"
TONES = {"+": ("#e3f4e8", "#176635"), "~": ("#e5eefb", "#1d4f91"), "!": ("#fdeee0", "#96400b")}
"""Background and ink of a pill, by the mark before its words."""

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


@cache
def font(size: int) -> Font:
    return ImageFont.load_default(size=size)


class Canvas:
    """A picture in a partner's colours; positions in pixels from the upper left."""

    def __init__(self, size: tuple[int, int], colour: str, product: str) -> None:
        self.image = Image.new("RGB", size, WASH)
        self.colour, self.product = colour, product
        self.width, self.height = size
        self._draw = ImageDraw.Draw(self.image)

    def box(self, area: tuple[int, int, int, int], fill: str = PAPER, *, line: str | None = LINE, radius: int = 8) -> None:
        self._draw.rounded_rectangle(area, radius, fill=fill, outline=line)

    def rule(self, left: int, right: int, y: int) -> None:
        self._draw.line((left, y, right, y), fill=LINE)

    def words(self, x: int, y: int, text: str, *, size: int = 16, ink: str = INK, bold: bool = False) -> int:
        """Where the words end, to the right."""
        self._draw.text((x, y), text, font=font(size), fill=ink, stroke_width=0.4 if bold else 0)
        return x + self.length(text, size)

    def length(self, text: str, size: int = 16) -> int:
        return int(font(size).getlength(text))

    def fitted(self, x: int, y: int, text: str, room: int, *, size: int = 22) -> None:
        """A heading, smaller where it would not fit."""
        while self.length(text, size) > room and size > 12:
            size -= 1
        self.words(x, y, text, size=size, bold=True)

    def pill(self, x: int, y: int, marked: str) -> None:
        """Words with a mark before them become a pill of that tone; without one they stay words."""
        tone = TONES.get(marked[:1])
        if tone is None:
            self.words(x, y, marked)
            return
        fill, ink = tone
        self.box((x - 10, y - 5, x + self.length(marked[1:], 15) + 10, y + 23), fill, line=None, radius=14)
        self.words(x, y, marked[1:], size=15, ink=ink)

    def button(self, x: int, y: int, text: str, *, quiet: bool = False) -> int:
        right = x + self.length(text) + 40
        self.box((x, y, right, y + 40), PAPER if quiet else self.colour, line=LINE if quiet else None)
        self.words(x + 20, y + 10, text, ink=INK if quiet else PAPER)
        return right

    def field(self, x: int, y: int, label: str, value: str, width: int) -> None:
        wrong = label.startswith("!")
        self.words(x, y, label.lstrip("!"), size=14, ink=MUTED)
        self.box((x, y + 21, x + width, y + 59), line=TONES["!"][1] if wrong else LINE)
        self.words(x + 12, y + 31, value)

    def sidebar(self, current: int = 2) -> None:
        """The product itself: its bar and its menu."""
        self.box((0, 0, self.width, 52), self.colour, line=None, radius=0)
        self.words(24, 15, self.product, size=20, ink=PAPER, bold=True)
        self.box((self.width - 60, 12, self.width - 32, 40), "#ffffff", line=None, radius=14)
        self.box((0, 52, 176, self.height), PAPER, line=None, radius=0)
        for number, name in enumerate(("Home", "Customers", "Payments", "Reports", "Settings")):
            y = 78 + 40 * number
            if number == current:
                self.box((12, y - 9, 164, y + 25), WASH, line=None)
            self.words(28, y, name, ink=INK if number == current else MUTED)

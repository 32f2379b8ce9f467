"""An SVG picture written anew from a list of what is allowed: shapes, gradients, clips, masks; nothing that runs or fetches."""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

MOST_BYTES = 1024 * 1024
MOST_ELEMENTS, DEEPEST, MOST_USES = 5_000, 30, 50
LONGEST_SIDE, WIDEST = 1600, 10
"""Pixels in which it is drawn whatever size it claims, and how many times wider than high (or the other way) it may be."""
SVG, XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"


def _names(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


SHAPES = frozenset({"path", "rect", "circle", "ellipse", "line", "polyline", "polygon"})
GROUPS = frozenset({"svg", "g", "defs", "symbol", "use", "clipPath", "mask", "pattern", "marker"})
PAINT = frozenset({"linearGradient", "radialGradient", "stop"})
ALLOWED = SHAPES | GROUPS | PAINT
SILENT = frozenset({"title", "desc", "metadata", "namedview"})
"""Left out with all that is in them: they draw nothing."""

LOOKS = _names(
    "fill fill-rule fill-opacity stroke stroke-width stroke-linecap stroke-linejoin stroke-miterlimit stroke-dasharray "
    "stroke-dashoffset stroke-opacity opacity color display visibility clip-path clip-rule mask mask-type stop-color stop-opacity "
    "marker-start marker-mid marker-end paint-order vector-effect"
)
"""Presentation attributes; of a style attribute these declarations are kept, too."""
PLACES = _names(
    "id x y x1 y1 x2 y2 cx cy r rx ry fx fy fr d points width height viewBox transform preserveAspectRatio offset "
    "gradientUnits gradientTransform spreadMethod clipPathUnits maskUnits maskContentUnits patternUnits patternContentUnits "
    "patternTransform markerWidth markerHeight markerUnits refX refY orient"
)
INSIDE = re.compile(r"""url\(\s*(["']?)#[\w.:-]{1,200}\1\s*\)""")
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?")

TEXT = "This SVG holds text. Convert the text to outlines (paths) and export it again: the letters would be drawn in another typeface."
STYLE = "This SVG has a style sheet in it. Export it again with presentation attributes instead of CSS, or send a PNG."
WORDS = {
    "script": "This SVG holds a script. Export it again without.",
    "style": STYLE,
    "text": TEXT,
    "tspan": TEXT,
    "image": "This SVG has a picture inside. Send that picture as a PNG instead.",
    "feImage": "This SVG refers to a picture. Send a PNG instead.",
    "foreignObject": "This SVG holds something that is no drawing (foreignObject). Export it again as plain SVG, or send a PNG.",
    "filter": "This SVG uses filter effects, such as shadows or blurs. Flatten them, or send a PNG.",
}
DOCTYPE = "This SVG begins with a document type (DOCTYPE). Remove that line and send the file again."
OUTSIDE = "This SVG refers to something outside of itself. Export it again with everything inside, or send a PNG."
HANDLER = "This SVG holds a script in one of its attributes. Export it again without."
BROKEN = "This SVG cannot be read: {words}. Open and export it again."
TOO_BIG = "This SVG is larger than 1 MB. Simplify the drawing, or send a PNG."
TOO_MANY = "This SVG has more than 5,000 parts. Simplify the drawing, or send a PNG."
TOO_DEEP = "This SVG nests its parts too deeply. Ungroup the drawing and export it again, or send a PNG."
NO_SIZE = "This SVG does not say how large its drawing is. Export it again with a viewBox, or with width and height in pixels."
TOO_LONG = "This logo is more than ten times as long as it is high, or the other way round. Send one that fits into a card."
EMPTY = "There is nothing to see in this SVG."


class SvgRefused(Exception):
    """This SVG is not taken; the words are for the person who sent it."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


@dataclass(frozen=True, slots=True)
class Clean:
    """The picture written anew, with the size in pixels in which it is to be drawn."""

    text: str
    width: int
    height: int


@dataclass(slots=True)
class _Writer:
    """Takes expat's events and writes what is allowed. `skipping` counts the open elements that are left out."""

    out: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    skipping: int = 0
    elements: int = 0
    uses: int = 0
    shapes: int = 0
    size: tuple[int, int] | None = None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.elements += 1
        if self.elements > MOST_ELEMENTS:
            raise SvgRefused(TOO_MANY)
        if len(self.open) + self.skipping >= DEEPEST:
            raise SvgRefused(TOO_DEEP)
        space, _, local = name.rpartition(" ")
        if self.skipping or local in SILENT or space not in (SVG, ""):
            self.skipping += 1
            return
        self._open(local, attributes)

    def _open(self, local: str, attributes: Mapping[str, str]) -> None:
        _check_element(local, first=not self.open)
        self.uses += local == "use"
        self.shapes += local in SHAPES
        if self.uses > MOST_USES:
            raise SvgRefused(TOO_DEEP)
        kept = dict(_kept(attributes))
        if not self.open:
            kept = self._root(kept)
        self.open.append(local)
        self.out.append(f"<{local}" + "".join(f" {name}={quoteattr(value)}" for name, value in kept.items()) + ">")

    def _root(self, kept: dict[str, str]) -> dict[str, str]:
        left, top, width, height = _drawing(kept)
        scale = LONGEST_SIDE / max(width, height)
        self.size = (max(1, round(width * scale)), max(1, round(height * scale)))
        looks = {name: value for name, value in kept.items() if name in LOOKS}
        box = {"viewBox": f"{left:g} {top:g} {width:g} {height:g}", "width": str(self.size[0]), "height": str(self.size[1])}
        return {"xmlns": SVG, "xmlns:xlink": XLINK, **box, **looks}

    def end(self, _: str) -> None:
        if self.skipping:
            self.skipping -= 1
        else:
            self.out.append(f"</{self.open.pop()}>")


def clean(data: bytes) -> Clean:
    """Raises SvgRefused. Text between the elements is dropped: nothing that is allowed shows any."""
    if len(data) > MOST_BYTES:
        raise SvgRefused(TOO_BIG)
    writer = _Writer()
    _read(data, writer)
    if writer.size is None or not writer.shapes:
        raise SvgRefused(EMPTY)
    return Clean("".join(writer.out), *writer.size)


def _read(data: bytes, writer: _Writer) -> None:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler, parser.EndElementHandler = writer.start, writer.end
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = _refuse_doctype
    parser.ProcessingInstructionHandler = _refuse_instruction
    try:
        parser.Parse(data, True)  # noqa: FBT003 - expat's own signature
    except expat.ExpatError as broken:
        raise SvgRefused(BROKEN.format(words=expat.errors.messages.get(broken.code, "it is damaged"))) from broken
    except (LookupError, ValueError) as broken:  # an encoding that is not known
        raise SvgRefused(BROKEN.format(words="its encoding is not known")) from broken


def _refuse_doctype(*_: object) -> None:
    raise SvgRefused(DOCTYPE)


def _refuse_instruction(target: str, _: str) -> None:
    """`<?xml-stylesheet?>` loads a style sheet from elsewhere."""
    if "stylesheet" in target.lower():
        raise SvgRefused(OUTSIDE)


def _check_element(local: str, *, first: bool) -> None:
    if first and local != "svg":
        raise SvgRefused(BROKEN.format(words="it does not begin with an svg element"))
    if local not in ALLOWED:
        other = f"This SVG holds an element that is not taken: {local[:40]}. Export it again as plain SVG, or send a PNG."
        raise SvgRefused(WORDS["filter"] if local.startswith("fe") else WORDS.get(local, other))


def _kept(attributes: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The attributes that are allowed; those of other programs are left out, dangerous ones refuse the picture."""
    for full, value in attributes.items():
        space, _, name = full.rpartition(" ")
        if name.lower().startswith("on"):
            raise SvgRefused(HANDLER)
        if name == "href" and space in ("", XLINK):
            yield "xlink:href", _inner(value)
        elif name == "style" and not space:
            yield from _declarations(value)
        elif not space and name in LOOKS | PLACES:
            yield name, _checked(value)


def _declarations(style: str) -> Iterator[tuple[str, str]]:
    for declaration in style.split(";"):
        name, _, value = declaration.partition(":")
        if name.strip() in LOOKS:
            yield name.strip(), _checked(value.replace("!important", "").strip())


def _inner(value: str) -> str:
    if not re.fullmatch(r"#[\w.:-]{1,200}", value.strip()):
        raise SvgRefused(OUTSIDE)
    return value.strip()


def _checked(value: str) -> str:
    """A value may refer to a part of the same picture and to nothing else."""
    rest = INSIDE.sub("", value)
    if "url" in rest.lower() or "\\" in rest or "@" in rest or "//" in rest:
        raise SvgRefused(OUTSIDE)
    return value


def _drawing(root: Mapping[str, str]) -> tuple[float, float, float, float]:
    """Left, top, width and height of what is drawn."""
    box = [float(number.group()) for number in NUMBER.finditer(root.get("viewBox", ""))]
    if len(box) != 4:
        box = [0.0, 0.0, _pixels(root.get("width", "")), _pixels(root.get("height", ""))]
    width, height = box[2:]
    if not all(map(math.isfinite, box)) or width <= 0 or height <= 0 or max(map(abs, box)) > 1e7:
        raise SvgRefused(NO_SIZE)
    if max(width, height) > WIDEST * min(width, height):
        raise SvgRefused(TOO_LONG)
    return box[0], box[1], width, height


def _pixels(length: str) -> float:
    found = re.fullmatch(rf"\s*({NUMBER.pattern})\s*(px|pt|mm|cm|in|pc)?\s*", length)
    return float(found.group(1)) if found else 0.0

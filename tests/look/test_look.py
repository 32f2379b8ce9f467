"""The look keeps its promises: tones can be read in both schemes, and the patterns page shows every component."""

import re
from pathlib import Path

import pytest

from portal import assets

TEMPLATES = assets.STATIC.parent / "templates"
TOKENS = (assets.STATIC / "css/tokens.css").read_text()
PAIRS = {name: pair for name, *pair in re.findall(r"--p-([\w-]+): light-dark\((#\w{6}), (#\w{6})\);", TOKENS)}
TONES = ("neutral", "info", "warning", "success", "danger", "accent")
TEXTS = [(tone, f"{tone}-bg") for tone in TONES]
TEXTS += [(ink, ground) for ink in ("ink", "ink-2", "ink-3", *TONES) for ground in ("paper", "surface", "sunken")]
TEXTS += [("ink", f"{tone}-bg") for tone in TONES]
WHITE = ("#ffffff", "#ffffff")


def brightness(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one, other):
    low, high = sorted((brightness(one), brightness(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXTS)
def test_text_can_be_read(text, ground, scheme):
    assert contrast(PAIRS[text][scheme], PAIRS[ground][scheme]) >= 4.5


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("fill", ["accent-fill", "accent-fill-2", "danger-fill"])
def test_white_words_on_a_button_can_be_read(fill, scheme):
    assert contrast(WHITE[scheme], PAIRS[fill][scheme]) >= 4.5


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("line", ["edge", "focus"])
def test_the_edge_of_a_field_and_the_focus_ring_can_be_seen(line, scheme):
    assert contrast(PAIRS[line][scheme], PAIRS["surface"][scheme]) >= 3


def reached(template, seen):
    """The templates that one pulls in, directly or through others."""
    for name in re.findall(r'{% (?:from|include|extends) "([\w./]+)"', (TEMPLATES / template).read_text()):
        if name not in seen:
            seen.add(name)
            reached(name, seen)
    return seen


def test_the_patterns_page_shows_every_component():
    components = {f"components/{path.name}" for path in (TEMPLATES / "components").glob("*.html")}
    assert components - reached("patterns/index.html", set()) == set()


def test_a_component_is_one_macro_named_like_its_file():
    for path in (TEMPLATES / "components").glob("*.html"):
        assert re.findall(r"{% macro (\w+)\(", path.read_text()) == [path.stem], path.name


def test_every_icon_that_is_named_is_in_the_sprite():
    sprite = set(re.findall(r'<symbol id="([\w-]+)"', (assets.STATIC / "vendor/icons.svg").read_text()))
    named = set()
    for path in Path(TEMPLATES).rglob("*.html"):
        named |= set(re.findall(r'(?<![\w_])icon\("([\w-]+)"', path.read_text()))
    assert named
    assert named <= sprite

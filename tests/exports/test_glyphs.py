"""Every sign that we say can be drawn can be drawn, and what cannot is written another way."""

import json

import pytest

from portal.exports import document, glyphs
from portal.exports.gathering import Submission


@pytest.mark.parametrize(
    ("typed", "drawn"),
    [
        ("plain", "plain"),
        ("a\x00b\x07c", "abc"),
        ("two\nlines\tand a tab", "two\nlines\tand a tab"),
        ("safe\u202eexe", "safeexe"),
        ("你好", "[U+4F60 U+597D]"),
        ("go 🎉 now", "go [party popper] now"),
        ("❤️", "❤"),
        ("👩‍💻", "[woman personal computer]"),
        ("字" * 12, "[" + " ".join(["U+5B57"] * 8) + " and 4 more]"),
        ("#panic() *b* $x$", "#panic() *b* $x$"),
    ],
    ids=["plain", "control", "space", "direction", "chinese", "emoji", "variant", "joined", "many", "markup"],
)
def test_what_is_drawn(typed, drawn):
    assert glyphs.drawable(typed) == drawn


def test_long_words_can_be_broken():
    broken = glyphs.drawable("w" * 100)
    assert broken.replace(glyphs.SPACE, "") == "w" * 100
    assert max(len(piece) for piece in broken.split(glyphs.SPACE)) <= glyphs.PIECE


def test_every_known_sign_can_be_drawn(tmp_path):
    """The compiler refuses PDF/UA for a sign that no font has: it warns of none of them."""
    signs = "".join(chr(code) for code in sorted(glyphs.known()))
    data = {
        "title": "Signs",
        "author": "",
        "description": "",
        "running": "",
        "lead": glyphs.drawable(signs),
        "facts": [],
        "note": "",
        "sections": [],
    }
    (tmp_path / "data.json").write_text(json.dumps(data))
    (tmp_path / "submission.typ").write_bytes(document.TEMPLATE.read_bytes())
    from portal.exports.compiling import compiled

    assert compiled(tmp_path, 0, standards=["ua-1"]).startswith(b"%PDF-")


def test_nothing_at_all_is_a_document_too(tmp_path):
    at = "2026-11-21T05:00:00+00:00"
    answers = {
        "exported_at": at, "partner": {"key": "k", "name": "\u202e"}, "integration": {"certified_at": None},
        "round": {"number": 1, "catalog": "2026-11", "submitted_at": at}, "sections": [],
    }  # fmt: skip
    assert document.draw(Submission(answers, [], {}), tmp_path).startswith(b"%PDF-")

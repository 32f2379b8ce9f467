"""Names: safe to show, safe to send."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.http import parse_options_header

from portal.files.names import LONGEST, displayed, disposition, download

RIGHT_TO_LEFT = "\u202e"


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("screen.png", "screen.png"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ann\\shot 1.png", "shot 1.png"),
        ("a\r\nSet-Cookie: x.png", "a Set-Cookie: x.png"),
        (f"evidence{RIGHT_TO_LEFT}gnp.exe", "evidencegnp.exe"),
        ("naïve 写真 😀.png", "naïve 写真 😀.png"),
        ("e\u0301.png", "é.png"),
        ("\udcff.png", "png"),
        (None, "file"),
        ("", "file"),
        ("...", "file"),
        ("\0\0", "file"),
        ("x" * 400 + ".png", "x" * (LONGEST - 4) + ".png"),
        ("y" * 400, "y" * LONGEST),
    ],
)
def test_a_name_is_made_safe_to_show(raw, shown):
    assert displayed(raw) == shown


@given(st.text())
def test_any_name_becomes_one_short_visible_line(raw):
    name = displayed(raw)
    assert 0 < len(name) <= LONGEST
    assert name == displayed(name)
    assert not {"/", "\\", "\n", "\r", "\0", RIGHT_TO_LEFT} & set(name)


@pytest.mark.parametrize(
    ("name", "media_type", "saved"),
    [
        ("a.png", "image/png", "a.png"),
        ("a.JPEG", "image/jpeg", "a.JPEG"),
        ("a.jpg", "image/jpeg", "a.jpg"),
        ("film.gif", "image/png", "film.png"),
        ("report.pdf.exe", "application/pdf", "report.pdf.pdf"),
        ("noend", "application/pdf", "noend.pdf"),
    ],
)
def test_the_saved_name_ends_as_the_content_is(name, media_type, saved):
    assert download(name, media_type) == saved


@given(st.text())
def test_any_name_survives_the_header(raw):
    header = disposition(displayed(raw), "application/pdf", attachment=True)
    assert header.isascii()
    assert header.isprintable()
    kind, options = parse_options_header(header)
    assert kind == "attachment"
    assert options["filename"] == download(displayed(raw), "application/pdf")


def test_the_old_form_of_the_name_is_plain():
    header = disposition('sch"ön.png', "image/png", attachment=False)
    assert header == "inline; filename=\"sch_on.png\"; filename*=UTF-8''sch%22%C3%B6n.png"

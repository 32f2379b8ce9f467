"""What an SVG may hold, and what is said when it holds more."""

import pytest

from portal.files.svg import DEEPEST, MOST_BYTES, MOST_ELEMENTS, SvgRefused, clean

SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 200 80">{}</svg>'
SHAPE = '<rect width="9" height="9"/>'


def cleaned(inside=SHAPE):
    return clean(SVG.format(inside).encode()).text


def refused(data):
    with pytest.raises(SvgRefused) as refusal:
        clean(data.encode() if isinstance(data, str) else data)
    return refusal.value.words


def test_an_ordinary_logo_is_written_anew_with_its_look():
    text = cleaned(
        '<title>Us</title><defs><linearGradient id="a"><stop offset="0" style="stop-color:#f00;-inkscape-x:1"/></linearGradient></defs>'
        '<g fill="url(#a)" class="x" data-name="y"><path d="M0 0h9v9z"/><use xlink:href="#b"/></g>'
    )
    assert 'stop-color="#f00"' in text
    assert 'fill="url(#a)"' in text
    assert 'xlink:href="#b"' in text
    assert not [word for word in ("title", "class", "data-name", "inkscape") if word in text]


@pytest.mark.parametrize(
    ("inside", "words"),
    [
        ("<script>alert(1)</script>", "holds a script"),
        ("<g><script href='https://example.com/x.js'/></g>", "holds a script"),
        ('<rect width="9" height="9" onclick="x()"/>', "script in one of its attributes"),
        ('<image href="/etc/passwd"/>', "picture inside"),
        ('<image href="data:image/png;base64,AAAA"/>', "picture inside"),
        ('<use href="https://example.com/a.svg#b"/>', "outside of itself"),
        ('<use href="other.svg#b"/>', "outside of itself"),
        ('<rect width="9" height="9" fill="url(https://example.com/a#b)"/>', "outside of itself"),
        ('<rect width="9" height="9" style="fill:url(//example.com/a)"/>', "outside of itself"),
        ('<rect width="9" height="9" fill="u\\72l(#a)"/>', "outside of itself"),
        ("<style>@import url(x)</style>", "style sheet"),
        ('<filter id="a"><feImage href="x"/></filter>', "filter effects"),
        ("<feTurbulence/>", "filter effects"),
        ("<foreignObject><p>x</p></foreignObject>", "no drawing"),
        ("<text>Acme</text>", "outlines"),
        ('<a href="https://example.com"><path d="M0 0h9v9z"/></a>', "not taken: a"),
        ('<animate attributeName="x" to="9"/>', "not taken: animate"),
        ('<set attributeName="href" to="javascript:x"/>', "not taken: set"),
    ],
)
def test_what_runs_fetches_or_depends_on_fonts_is_refused_by_name(inside, words):
    assert words in refused(SVG.format(SHAPE + inside))


def test_entities_are_refused_before_they_are_read():
    bomb = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 9))
    assert "DOCTYPE" in refused(f'<!DOCTYPE svg [<!ENTITY a0 "x">{bomb}]>{SVG.format("&a8;")}')
    assert "DOCTYPE" in refused(f'<!DOCTYPE svg SYSTEM "file:///etc/passwd">{SVG.format(SHAPE)}')
    assert "cannot be read" in refused(SVG.format("&a;"))
    assert "outside of itself" in refused(f'<?xml-stylesheet href="x.css"?>{SVG.format(SHAPE)}')


def test_there_is_an_end_to_size_parts_and_nesting():
    assert "1 MB" in refused(b"<svg" + b" " * MOST_BYTES)
    assert "5,000 parts" in refused(SVG.format("<path/>" * MOST_ELEMENTS))
    assert "nests" in refused(SVG.format("<g>" * DEEPEST + "</g>" * DEEPEST))
    assert "nests" in refused(SVG.format(SHAPE + '<use href="#a"/>' * 51))


@pytest.mark.parametrize(
    ("root", "size"),
    [
        ('width="100000" height="100000"', (1600, 1600)),
        ('viewBox="0 0 1 2"', (800, 1600)),
        ('viewBox="-5,-5 10 5" width="1e3"', (1600, 800)),
        ('width="30mm" height="10mm"', (1600, 533)),
    ],
)
def test_it_is_drawn_in_our_size_whatever_size_it_claims(root, size):
    ready = clean(f'<svg xmlns="http://www.w3.org/2000/svg" {root}>{SHAPE}</svg>'.encode())
    assert (ready.width, ready.height) == size
    assert f'width="{size[0]}" height="{size[1]}"' in ready.text


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("", "cannot be read"),
        ("<svg", "cannot be read"),
        (f"<html>{SHAPE}</html>", "does not begin with an svg"),
        (f"<svg>{SHAPE}</svg>", "how large"),
        (f'<svg viewBox="0 0 0 9">{SHAPE}</svg>', "how large"),
        (f'<svg viewBox="0 0 1e99 9">{SHAPE}</svg>', "how large"),
        (f'<svg viewBox="0 0 90 2">{SHAPE}</svg>', "ten times as long"),
        ('<svg viewBox="0 0 9 9"><g/></svg>', "nothing to see"),
        (b'<?xml version="1.0" encoding="x-unknown"?><svg/>', "cannot be read"),
    ],
)
def test_what_is_no_drawing_is_refused(data, words):
    assert words in refused(data)

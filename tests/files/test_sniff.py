"""What a file is, by its content alone."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.files.kinds import MAX_PIXELS, MAX_SIDE, Found, Kind, Limits
from portal.files.reasons import WORDS, Unusable, Why
from portal.files.sniff import holds_zip, identify
from tests.files import samples

GOOD = {
    Kind.PNG: samples.png,
    Kind.JPEG: samples.jpeg,
    Kind.WEBP: samples.webp,
    Kind.GIF: samples.gif,
}
PREFIXES = [
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    b"\xff\xd8\xff\xe0",
    b"GIF89a",
    b"RIFF\x20\0\0\0WEBPVP8 ",
    b"RIFF\x20\0\0\0WEBPVP8X",
    b"%PDF-1.7\n",
    b"",
]


def why(data):
    with pytest.raises(Unusable) as refused:
        identify(data)
    return refused.value.why


@pytest.mark.parametrize(("kind", "make"), GOOD.items())
def test_a_picture_is_known_with_its_size(kind, make):
    assert identify(make(width=321, height=123)) == Found(kind, 321, 123)


@pytest.mark.parametrize(
    ("options", "size"),
    [({"lossless": True}, (90, 70)), ({"exif": b"Exif\0\0MM\0*\0\0\0\x08\0\0"}, (90, 70)), ({"quality": 10}, (90, 70))],
)
def test_every_sort_of_webp_tells_its_size(options, size):
    found = identify(samples.encoded("WEBP", samples.picture(*size), **options))
    assert (found.width, found.height) == size


@pytest.mark.parametrize("options", [{"progressive": True}, {"subsampling": 2}, {"quality": 1}, {"comment": b"x" * 60000}])
def test_every_sort_of_jpeg_tells_its_size(options):
    assert identify(samples.encoded("JPEG", samples.picture(33, 77), **options)) == Found(Kind.JPEG, 33, 77)


def test_a_pdf_is_known():
    assert identify(samples.pdf()) == Found(Kind.PDF)


def test_nothing_is_refused_as_empty():
    assert why(b"") is Why.EMPTY


@pytest.mark.parametrize(
    "data",
    [
        b"hello",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"MZ\x90\0",
        samples.archive(),
        b"\0" * 5000,
        b" %PDF-1.7",
        b"BM" + b"\0" * 100,
        samples.encoded("TIFF"),
        b"RIFF\x04\0\0\0WAVE",
        b"\x89PNG",
        b"%PDF-9",
    ],
)
def test_anything_else_is_unknown_whatever_its_name(data):
    assert why(data) is Why.UNKNOWN


@pytest.mark.parametrize("make", [samples.png, samples.jpeg, samples.webp, samples.gif, samples.pdf])
@pytest.mark.parametrize("part", [0.3, 0.6, 0.95])
def test_a_file_without_its_end_is_refused(make, part):
    data = make()
    assert why(data[: int(len(data) * part)]) in (Why.TRUNCATED, Why.DAMAGED)


def polyglots():
    bundle, page = samples.archive(), b"<html><script>alert(1)</script>"
    yield "png+zip", samples.png() + bundle
    yield "png+text", samples.png() + b"more"
    yield "webp+zip", samples.webp() + bundle
    yield "gif+zip", samples.gif() + bundle
    yield "gif+zip+semicolon", samples.gif() + bundle_ending_in_semicolon()
    yield "jpeg+zip", samples.jpeg() + bundle
    yield "jpeg+zip inside", samples.jpeg() + bundle + b"\xff\xd9"
    yield "jpeg+program", samples.jpeg() + b"MZ" + b"\0" * 60
    yield "jpeg+script", samples.jpeg() + b"#!/bin/sh\n"
    yield "jpeg+pdf", samples.jpeg() + samples.pdf()
    yield "jpeg+html", samples.jpeg() + page
    yield "jpeg comment pdf", samples.encoded("JPEG", comment=b"%PDF-1.4")
    yield "jpeg comment html", samples.encoded("JPEG", comment=page)
    yield "gif with script", b"GIF89a/*<script>" + samples.gif()[6:]
    yield "pdf+zip", samples.pdf() + bundle
    yield "pdf with html head", b"%PDF-1.7\n" + page + samples.pdf()


def bundle_ending_in_semicolon():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as bundle:
        bundle.writestr("a", "b")
        bundle.comment = b";"
    return out.getvalue()


@pytest.mark.parametrize(("name", "data"), list(polyglots()), ids=lambda value: value if isinstance(value, str) else "")
def test_two_things_at_once_are_refused(name, data):
    assert why(data) in (Why.EXTRA, Why.TRUNCATED)


def test_what_telephones_append_to_a_jpeg_is_let_pass():
    assert identify(samples.jpeg() + samples.jpeg(width=8, height=8) + b"\0\0\0\x18ftypmp42").kind is Kind.JPEG


def test_the_mark_of_a_zip_alone_is_no_zip():
    assert not holds_zip(b"PK\x05\x06" + b"\0" * 40)
    assert holds_zip(samples.archive())


def test_a_pdf_may_carry_a_zip_inside():
    assert identify(samples.pdf() + b"\n" + samples.archive() + b"\n%%EOF\n").kind is Kind.PDF


@pytest.mark.parametrize(
    ("width", "height", "reason"),
    [(12000, 12000, Why.TOO_MANY_PIXELS), (MAX_SIDE + 1, 100, Why.TOO_LONG), (100, MAX_SIDE + 1, Why.TOO_LONG)],
)
def test_the_size_is_judged_before_anything_is_opened(width, height, reason):
    assert why(samples.flat_png(width, height)) is reason


def test_webp_may_have_fewer_pixels():
    assert why(samples.webp(width=4000, height=3001)) is Why.TOO_MANY_PIXELS


@pytest.mark.parametrize("make", [samples.gif, samples.png])
def test_a_picture_without_pixels_is_damaged(make):
    data = bytearray(make())
    at = 6 if data.startswith(b"GIF") else 16
    data[at : at + 4] = bytes(4)
    assert why(bytes(data)) is Why.DAMAGED


def test_millions_of_tiny_chunks_are_not_walked():
    lots = samples.png()[:33] + b"\0\0\0\0teSt\0\0\0\0" * 100_000
    assert why(lots) is Why.TOO_HEAVY
    assert why(b"\xff\xd8" + b"\xff\xfe\0\x02" * 100_000 + b"\xff\xd9") is Why.TOO_HEAVY


@given(
    st.sampled_from(PREFIXES), st.binary(max_size=400), st.sampled_from([b"", b"\xff\xd9", b";", b"%%EOF", b"IEND\xaeB`\x82"])
)
def test_any_bytes_are_either_known_or_refused(prefix, body, end):
    _known_or_refused(prefix + body + end)


@given(st.sampled_from([*GOOD.values(), samples.pdf]), st.data())
def test_damage_anywhere_is_either_known_or_refused(make, data):
    whole = bytearray(make())
    for at in data.draw(st.lists(st.integers(0, len(whole) - 1), max_size=12)):
        whole[at] = data.draw(st.integers(0, 255))
    _known_or_refused(bytes(whole))


def _known_or_refused(data):
    try:
        found = identify(data)
    except Unusable:
        return
    if found.kind is not Kind.PDF:
        assert 0 < found.width <= MAX_SIDE
        assert 0 < found.height <= MAX_SIDE
        assert found.width * found.height <= MAX_PIXELS


def test_the_words_name_the_limits_that_hold():
    assert set(WORDS) == set(Why)
    assert f"{Limits().file_bytes // 1024 // 1024} MB" in WORDS[Why.TOO_BIG]
    assert f"{MAX_PIXELS // 1_000_000} million" in WORDS[Why.TOO_MANY_PIXELS]
    assert f"{MAX_SIDE:,}" in WORDS[Why.TOO_LONG]
    assert str(Limits().files) in WORDS[Why.TOO_MANY]

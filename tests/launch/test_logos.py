"""Logos: content decides what they are, and what is kept was drawn by us."""

import io

import pytest
from PIL import Image, PngImagePlugin

from portal import storage
from portal.files import logo_upload as logos
from portal.files.child import LogoRefused
from portal.files.intake import Upload
from portal.files.reasons import Unusable
from tests.files import samples
from tests.launch.acts import CIRCLE, SVG, png


@pytest.fixture
def kept(tmp_path):
    before = storage._Place.url
    storage.configure(str(tmp_path))
    yield tmp_path
    storage.configure(before)


def received(data, name="logo.png"):
    return logos.receive(Upload(name, io.BytesIO(data)))


def pictures(one):
    return {size: Image.open(io.BytesIO(storage.current().read(key))) for size, key in one.keys.items()}


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (png(), "image/png"),
        (samples.encoded("JPEG", Image.new("RGB", (1000, 300), "red")), "image/jpeg"),
        (samples.encoded("WEBP", Image.new("RGB", (300, 1000), "red")), "image/webp"),
        (CIRCLE, "image/svg+xml"),
        (CIRCLE.decode().encode("utf-16"), "image/svg+xml"),
    ],
)
def test_it_is_kept_as_png_in_every_size_that_is_shown(kept, data, kind):
    one = received(data, "misleading.gif")
    assert one.kind == kind
    made = pictures(one)
    assert {picture.format for picture in made.values()} == {"PNG"}
    assert (one.width, one.height) == made["large"].size
    assert made["small"].width <= 560
    assert made["small"].height <= 280
    assert made["social"].size == (1200, 630)
    assert made["social"].getpixel((0, 0)) == (255, 255, 255)


def test_what_is_transparent_stays_so_and_metadata_goes(kept):
    made = pictures(received(CIRCLE))
    assert made["large"].getpixel((1590, 10))[3] == 0
    said = PngImagePlugin.PngInfo()
    said.add_text("Author", "SecretAuthor")
    talkative = samples.encoded("PNG", Image.new("RGB", (1000, 500)), pnginfo=said)
    assert pictures(received(talkative))["large"].info == {}


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (samples.gif(width=1200, height=400), "PNG, JPEG, WebP or SVG"),
        (samples.pdf(), "PNG, JPEG, WebP or SVG"),
        (b"MZ" + bytes(2000), "PNG, JPEG, WebP or SVG"),
        (png(999, 300), "999 × 300 pixels"),
        (png(2000, 100), "ten times"),
        (b"x" * (5 * 1024 * 1024 + 1), "larger than 5 MB"),
        (png()[:-40], "cannot be opened|end of this file"),
        (SVG.format("<script>x</script>").encode(), "holds a script"),
        (b"<html><body>no</body></html>", "does not begin with an svg"),
    ],
)
def test_a_refusal_says_why(kept, data, words):
    with pytest.raises((LogoRefused, Unusable), match=words):
        received(data)
    assert [path for path in kept.rglob("*") if path.is_file()] == []


def test_what_would_never_end_is_ended(kept):
    tower = "".join(
        f'<pattern id="p{n}" width="1" height="1" patternUnits="userSpaceOnUse"><rect width="1" height="1" fill="url(#p{n - 1})"/></pattern>'
        for n in range(1, 20)
    )
    with pytest.raises((LogoRefused, Unusable)):
        received(SVG.format(f"<defs>{tower}</defs>" + '<rect width="200" height="80" fill="url(#p19)"/>' * 60).encode())


def test_an_invisible_logo_is_none(kept):
    with pytest.raises(LogoRefused, match="nothing to see"):
        received(SVG.format('<rect width="9" height="9" opacity="0"/>').encode())

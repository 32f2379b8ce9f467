"""The child processes with real pictures, real PDFs and hostile files."""

import io
import signal
import subprocess
import sys
import threading

import pytest
from PIL import Image

from portal.files import child
from portal.files.confine import LARGEST_ANSWER
from portal.files.kinds import Found, Kind
from portal.files.reasons import Unusable, Why
from portal.files.sniff import identify
from tests.files import samples

MB = 1024 * 1024


def anew(data):
    return child.save_anew(data, identify(data))


def shown(made):
    return Image.open(io.BytesIO(made.data))


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (samples.png(), Kind.PNG),
        (samples.png(mode="RGBA"), Kind.PNG),
        (samples.png(mode="P"), Kind.PNG),
        (samples.png(mode="1"), Kind.PNG),
        (samples.png(mode="LA"), Kind.PNG),
        (samples.jpeg(), Kind.JPEG),
        (samples.jpeg(mode="L"), Kind.JPEG),
        (samples.jpeg(mode="CMYK"), Kind.JPEG),
        (samples.encoded("JPEG", progressive=True), Kind.JPEG),
        (samples.gif(), Kind.PNG),
        (samples.webp(), Kind.JPEG),
        (samples.webp(mode="RGBA"), Kind.PNG),
        (samples.encoded("WEBP", lossless=True), Kind.PNG),
    ],
)
def test_a_picture_is_saved_anew_and_looks_the_same(data, kind):
    made = anew(data)
    assert (made.kind, made.width, made.height, made.animated) == (kind, 64, 48, False)
    before, after = (
        image.convert("RGB").resize((8, 6), Image.Resampling.BOX) for image in (Image.open(io.BytesIO(data)), shown(made))
    )
    assert all(abs(a - b) < 12 for a, b in zip(before.tobytes(), after.tobytes(), strict=True))
    assert identify(made.data).kind is kind


def test_see_through_parts_stay_see_through():
    image = Image.new("P", (20, 20))
    image.info["transparency"] = 0
    made = anew(samples.encoded("GIF", image, transparency=0))
    assert shown(made).convert("RGBA").getpixel((5, 5))[3] == 0


@pytest.mark.parametrize("make", [samples.turned_jpeg, samples.talkative_png])
def test_nothing_but_the_picture_is_kept(make):
    data = make()
    assert b"Secret" in data
    made = anew(data)
    assert b"Secret" not in made.data
    assert set(shown(made).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "transparency"}
    assert not shown(made).getexif()


@pytest.mark.parametrize(
    ("orientation", "size", "corner"),
    [(1, (60, 20), (0, 0)), (3, (60, 20), (59, 19)), (6, (20, 60), (19, 0)), (8, (20, 60), (0, 59))],
)
def test_a_turned_picture_is_stored_upright(orientation, size, corner):
    picture = shown(anew(samples.turned_jpeg(orientation=orientation)))
    assert picture.size == size
    red, green, _ = picture.getpixel(corner)
    assert red > 200 > 90 > green


@pytest.mark.parametrize("form", ["GIF", "PNG", "WEBP"])
def test_of_a_film_the_first_picture_is_kept(form):
    made = anew(samples.film(form))
    assert made.animated
    assert shown(made).convert("RGB").getpixel((20, 15))[0] > 200
    assert getattr(shown(made), "n_frames", 1) == 1


def test_a_large_turned_jpeg_is_stored_at_half_its_sides():
    exif = Image.Exif()
    exif[0x0112] = 6
    made = anew(samples.encoded("JPEG", Image.new("L", (6000, 4000)), exif=exif))
    assert (made.width, made.height) == (2000, 3000)


@pytest.mark.parametrize("size", [(1440, 900), (20, 3000), (3000, 20), (100, 100)])
def test_a_thumbnail_is_a_small_webp(size):
    data = samples.encoded("PNG", Image.new("RGBA", size, (255, 0, 0, 128)))
    made = child.thumbnail(data, identify(data))
    assert (made.kind, identify(made.data).kind) == (Kind.WEBP, Kind.WEBP)
    assert made.width <= min(480, size[0])
    assert made.height <= min(360, size[1])


def test_a_pdf_shows_its_first_page():
    made = child.preview(samples.pdf(pages=3))
    assert (made.kind, made.height) == (Kind.WEBP, 1400)
    grey = shown(made).convert("L")
    assert grey.getextrema()[0] < 60, "the word on the page is there"
    assert child.thumbnail(samples.pdf(), Found(Kind.PDF)).height == 480


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (samples.locked_pdf(), Why.LOCKED_PDF),
        (b"%PDF-1.7\nnothing in here\n%%EOF", Why.DAMAGED),
        (samples.pdf(pages=0), Why.DAMAGED),
    ],
)
def test_a_pdf_that_cannot_be_shown_says_why(data, why):
    with pytest.raises(Unusable) as refused:
        child.preview(data)
    assert refused.value.why is why


@pytest.mark.parametrize("size", [(0, 0), (2_000_000, 1), (100_000, 100_000)])
def test_a_page_of_a_strange_size_becomes_a_preview_of_ours(size):
    made = child.preview(samples.pdf(size=size))
    assert max(made.width, made.height) == 1400


def broken_inside():
    whole = samples.encoded("PNG", samples.picture(400, 300))
    yield "png", whole[:200] + bytes(200) + whole[400:]
    yield "gif", samples.gif()[:40] + b";"
    webp = samples.webp(width=200, height=200)
    yield "webp", webp[:60] + bytes(len(webp) - 60)
    yield "jpeg", samples.jpeg()[:150] + b"\xff\xd9"


@pytest.mark.parametrize(("name", "data"), list(broken_inside()), ids=lambda value: value if isinstance(value, str) else "")
def test_a_file_that_is_broken_inside_is_refused(name, data):
    with pytest.raises(Unusable) as refused:
        anew(data)
    assert refused.value.why is Why.DAMAGED


def hostile():
    yield "flat 40 Mpx", samples.flat_png(6300, 6300)
    yield "flat rgba 40 Mpx", samples.rgba_png()
    yield "text bomb", samples.flat_png(100, 100, text_bomb=200 * MB)
    yield "surplus pixels", samples.png_with_surplus_pixels()
    yield (
        "gif film",
        samples.encoded(
            "GIF",
            Image.new("P", (6300, 6300)),
            save_all=True,
            append_images=[Image.new("P", (6300, 6300), n) for n in range(1, 4)],
        ),
    )
    yield "progressive jpeg", samples.encoded("JPEG", Image.new("RGB", (6300, 6300)), progressive=True)
    yield "webp", samples.encoded("WEBP", Image.new("RGB", (3464, 3464)))


@pytest.mark.parametrize(("name", "data"), list(hostile()), ids=lambda value: value if isinstance(value, str) else "")
def test_a_hostile_file_ends_within_its_limits(name, data):
    """Memory and processor time are those that the kernel counted for the child, so a busy machine changes nothing."""
    probe = (
        "import sys, resource; from portal.files import child; from portal.files.reasons import Unusable; from portal.files.sniff import identify\n"
        "data = sys.stdin.buffer.read()\n"
        "try: child.save_anew(data, identify(data))\n"
        "except Unusable: pass\n"
        "used = resource.getrusage(resource.RUSAGE_CHILDREN); own = resource.getrusage(resource.RUSAGE_SELF)\n"
        "print(used.ru_maxrss // 1024, used.ru_utime + used.ru_stime + own.ru_utime + own.ru_stime)"
    )
    done = subprocess.run([sys.executable, "-c", probe], input=data, capture_output=True, check=True)
    megabytes, seconds = done.stdout.split()
    assert int(megabytes) < 260
    assert float(seconds) < 2.5


def test_more_memory_than_allowed_is_refused_in_the_child():
    """A picture whose first look was passed over, as if its header had lied."""
    data = samples.encoded("WEBP", Image.new("RGB", (5000, 5000)))
    with pytest.raises(Unusable) as refused:
        child.save_anew(data, Found(Kind.WEBP, 10, 10))
    assert refused.value.why is Why.TOO_HEAVY


def test_a_lying_header_does_not_get_past_the_child():
    with pytest.raises(Unusable) as refused:
        child.save_anew(samples.flat_png(12000, 12000), Found(Kind.PNG, 10, 10))
    assert refused.value.why is Why.TOO_MANY_PIXELS


@pytest.mark.parametrize(
    ("deed", "codes"),
    [
        ("sys.stdout.buffer.write(bytes(60_000_000))", {0, 1, 120}),
        ("while True: pass", {-signal.SIGPROF, -signal.SIGXCPU}),
        ("bytearray(400_000_000)", {1}),
        ("open('/dev/null'); [open('/dev/null') for _ in range(20)]", {1}),
    ],
)
def test_the_kernel_stops_a_child_that_does_what_it_should_not(deed, codes, tmp_path):
    """As if a damaged picture had taken the program over."""
    code = f"import sys; from portal.files.confine import limit; limit(256 * 2**20, 0.3)\n{deed}"
    with (tmp_path / "out").open("wb") as out:
        done = subprocess.run([sys.executable, "-c", code], stdout=out, stderr=subprocess.DEVNULL, check=False)
    assert done.returncode in codes
    assert (tmp_path / "out").stat().st_size <= LARGEST_ANSWER


def test_the_child_knows_no_secret_and_starts_light(monkeypatch):
    """Nothing of our environment reaches it, and it imports neither Flask nor the database."""
    monkeypatch.setenv("PORTAL_SECRET_KEY", "known")
    probe = "import sys, os, portal.files.images, portal.files.pdf; print([m for m in ('flask', 'sqlalchemy', 'pydantic') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
    assert "PORTAL_SECRET_KEY" not in child.environment()


def test_two_at_once_and_a_large_one_alone():
    seats, order = child.Seats(2), []
    with seats.taken(1, wait=0), seats.taken(1, wait=0), pytest.raises(Unusable) as refused, seats.taken(1, wait=0):
        order.append("never")
    assert refused.value.why is Why.BUSY
    with seats.taken(1, wait=0), pytest.raises(Unusable), seats.taken(2, wait=0):
        order.append("never")
    with seats.taken(2, wait=0):
        order.append("alone")
    assert order == ["alone"]


def test_who_waits_gets_the_seat_when_it_is_free():
    seats, entered = child.Seats(1), threading.Event()

    def wait():
        with seats.taken(1, wait=10):
            entered.set()

    with seats.taken(1, wait=0):
        thread = threading.Thread(target=wait)
        thread.start()
        assert not entered.wait(0.05)
    assert entered.wait(10)
    thread.join()

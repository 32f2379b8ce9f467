"""Uploads are taken in one by one: the good ones stay whatever the others are."""

import hashlib
import io

import pytest

from portal import storage
from portal.files.intake import STILL, Upload, discard, receive
from portal.files.kinds import Limits
from portal.files.names import download
from portal.files.reasons import Why
from portal.storage import StorageUnavailable
from tests.files import samples

LIMITS = Limits()


def sent(*named):
    return [Upload(name, io.BytesIO(data)) for name, data in named]


def test_a_good_file_is_stored_under_a_random_key_with_the_hash_of_what_is_stored(kept):
    (one,), refused = receive(sent(("Shot 1.PNG", samples.png())), limits=LIMITS)
    stored = kept.store.read(one.storage_key)
    assert refused == []
    assert (one.name, one.media_type, one.width, one.height) == ("Shot 1.PNG", "image/png", 64, 48)
    assert (one.size, one.sha256) == (len(stored), hashlib.sha256(stored).hexdigest())
    assert "Shot" not in one.storage_key


def test_a_pdf_is_stored_as_it_came(kept):
    (one,), _ = receive(sent(("a.pdf", samples.pdf())), limits=LIMITS)
    assert kept.store.read(one.storage_key) == samples.pdf()
    assert one.width is None


def test_the_content_decides_what_a_file_is(kept):
    accepted, _ = receive(sent(("really-a-jpeg.png", samples.jpeg()), ("no ending", samples.pdf())), limits=LIMITS)
    assert [one.media_type for one in accepted] == ["image/jpeg", "application/pdf"]


def test_each_bad_file_says_why_and_the_good_ones_stay(kept):
    files = sent(
        ("good.png", samples.png()),
        ("empty.png", b""),
        ("program.png", b"MZ\x90\0" * 40),
        ("cut.jpg", samples.jpeg()[:300]),
        ("both.gif", samples.gif() + samples.archive()),
        ("vast.png", samples.flat_png(12000, 12000)),
        ("large.pdf", samples.pdf() + b" " * LIMITS.file_bytes),
        ("../../also good.gif", samples.gif()),
    )
    accepted, refused = receive(files, limits=LIMITS)
    assert [one.name for one in accepted] == ["good.png", "also good.gif"]
    assert {one.name: one.why for one in refused} == {
        "empty.png": Why.EMPTY,
        "program.png": Why.UNKNOWN,
        "cut.jpg": Why.TRUNCATED,
        "both.gif": Why.EXTRA,
        "vast.png": Why.TOO_MANY_PIXELS,
        "large.pdf": Why.TOO_BIG,
    }
    assert kept.keys == {one.storage_key for one in accepted}


def test_a_file_of_exactly_the_limit_is_taken(kept):
    data = samples.pdf()
    accepted, refused = receive(sent(("a.pdf", data)), limits=Limits(file_bytes=len(data)))
    assert (len(accepted), refused) == (1, [])
    assert receive(sent(("a.pdf", data)), limits=Limits(file_bytes=len(data) - 1))[1][0].why is Why.TOO_BIG


def test_what_is_beyond_the_count_is_not_even_read(kept):
    class Unread(io.BytesIO):
        def read(self, *_):
            raise AssertionError("read")

    uploads = [*sent(*[("a.pdf", samples.pdf())] * 20), Upload("one too many.png", Unread())]
    accepted, refused = receive(uploads, limits=LIMITS)
    assert len(accepted) == 20
    assert [(one.name, one.why) for one in refused] == [("one too many.png", Why.TOO_MANY)]


def test_of_a_film_one_picture_is_kept_and_its_owner_is_told(kept):
    (one,), _ = receive(sent(("film.gif", samples.film("GIF"))), limits=LIMITS)
    assert (one.media_type, one.name) == ("image/png", f"film.gif ({STILL})")
    assert download(one.name, one.media_type) == "film.png"


def test_the_same_file_twice_has_the_same_hash(kept):
    accepted, _ = receive(sent(*[("a.jpg", samples.turned_jpeg())] * 2), limits=LIMITS)
    assert accepted[0].sha256 == accepted[1].sha256


def test_when_storage_fails_nothing_is_left_behind(kept, monkeypatch):
    real, left = kept.store.put, [1]

    def put(data):
        if not left:
            raise StorageUnavailable("full")
        left.pop()
        return real(data)

    monkeypatch.setattr(kept.store, "put", put)
    with pytest.raises(StorageUnavailable):
        receive(sent(("a.pdf", samples.pdf()), ("b.pdf", samples.pdf())), limits=LIMITS)
    assert kept.keys == set()


def test_discarding_takes_out_of_storage(kept):
    accepted, _ = receive(sent(("a.pdf", samples.pdf())), limits=LIMITS)
    discard(accepted)
    discard(accepted)
    assert kept.keys == set()
    assert storage.current() is kept.store

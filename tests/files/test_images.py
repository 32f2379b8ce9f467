"""The program that opens pictures, called without its process: whatever it meets, it only ever says why."""

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.files import images
from portal.files.kinds import Kind
from portal.files.reasons import Unusable
from tests.files import samples

MAKERS = {Kind.PNG: samples.talkative_png, Kind.JPEG: samples.turned_jpeg, Kind.WEBP: samples.webp, Kind.GIF: samples.gif}


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(list(MAKERS.items())), st.booleans(), st.data())
def test_damage_anywhere_is_opened_or_refused(sort, thumbnail, data):
    kind, make = sort
    whole = bytearray(make())
    for at in data.draw(st.lists(st.integers(12, len(whole) - 1), max_size=8)):
        whole[at] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(20, len(whole)))
    try:
        facts, body = images.work({"kind": kind, "thumbnail": thumbnail}, bytes(whole[:cut]))
    except (Unusable, MemoryError):
        return
    assert body
    assert facts["width"] > 0

"""The parts of a listener: what it prints, and the file that keeps its place."""

import json

import pytest

from portal.listener import place, telling


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"events": [{"resource_type": "payments", "action": "failed"}]}, "payments failed"),
        ({"events": [{"resource_type": "payments", "action": "failed"}] * 4}, "payments failed +3"),
        ({"events": [{"resource_type": "\x1b[31mred\r\n", "action": "\x07"}]}, "·[31mred·· ·"),
        ({"events": []}, "14 bytes that are no events"),
        ([], "2 bytes that are no events"),
        (None, "4 bytes that are no events"),
    ],
)
def test_events_in_words(body, words):
    assert telling.events(json.dumps(body).encode()) == words


def test_bytes_that_are_no_json():
    assert telling.events(b"\xff\x00") == "2 bytes that are no events"
    assert telling.events(b"[" * 100_000) == "100000 bytes that are no events"


@pytest.mark.parametrize("content", ["", "{", "[]", "7", '{"cursor": 7}', '{"cursor": "x"}', '{"other": "7"}', "\x00"])
def test_a_file_that_cannot_be_understood_is_none(tmp_path, content):
    path = tmp_path / "place"
    path.write_text(content)
    assert place.read(path) == ""


def test_the_place_is_kept_and_the_key_is_not_in_it(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    path = place.usual("https://portal.example.com", "pk_secret", "http://localhost:3000")
    assert place.read(path) == ""
    place.keep(path, "17")
    assert place.read(path) == "17"
    assert "secret" not in str(path) + path.read_text()
    assert [one.name for one in path.parent.iterdir()] == [path.name]

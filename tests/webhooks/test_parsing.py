"""What bodies say: the good, the odd and the hostile."""

import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.webhooks import indexing, parsing
from portal.webhooks.parsing import understand
from portal.webhooks.values import MOST_WORDS, Kind, packed, unpacked, words
from tests.webhooks.sending import event, webhook

GOOD = webhook(event())
DEEP = b'{"events":' + b"[" * 100_000 + b"]" * 100_000 + b"}"


def test_an_event_is_read():
    said = understand(GOOD)
    (found,) = said.events
    assert (said.total, said.problem, said.webhook_id) == (1, "", "WB0001")
    assert (found.event_id, found.name, found.created_at) == ("EV0001", "payments.failed", "2026-01-02T12:00:00.000Z")
    assert (found.resource_id, found.organisation_id, found.links) == ("PM0001", "OR0001", ("PM0001",))
    assert (found.cause, found.known) == ("insufficient_funds", True)


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        (b"", parsing.EMPTY),
        (b"\xff\xfe\x00", parsing.NOT_UTF8),
        (gzip.compress(GOOD, mtime=0)[:-5], parsing.GZIP_CUT),
        (gzip.compress(GOOD, mtime=0)[:3], parsing.GZIP_CUT),
        (b"\x1f\x8bnonsense", parsing.GZIP_CUT),
        (gzip.compress(b" " * 3_000_000, mtime=0), parsing.GZIP_LARGE),
        (gzip.compress(GOOD, mtime=0), parsing.COMPRESSED),
        (b"<html>", parsing.NOT_JSON),
        (GOOD[:-1], parsing.ENDS_EARLY),
        (GOOD[:40], parsing.ENDS_EARLY),
        (GOOD[:15], parsing.ENDS_EARLY),
        (GOOD + b"x", parsing.NOT_JSON),
        (b"[]", parsing.NO_OBJECT),
        (b'"text"', parsing.NO_OBJECT),
        (b"12", parsing.NO_OBJECT),
        (b"null", parsing.NO_OBJECT),
        (b"{}", parsing.NO_EVENTS),
        (b'{"events":null}', parsing.NO_EVENTS),
        (b'{"events":{"id":"EV1"}}', parsing.NO_EVENTS),
        (b'{"events":[]}', ""),
        (b'{"events":[1,"two",null,[3]]}', parsing.ODD_EVENTS),
        (DEEP, parsing.TOO_DEEP),
        (b"\xef\xbb\xbf" + GOOD, parsing.MARKED),
        (b'{"events":[{"id":9' + b"9" * 5_000 + b"}]}", ""),
        (b'{"events":[{"id":1e999,"created_at":NaN,"action":-Infinity}]}', ""),
        (b'{"events":[{"id":"\\ud800\\u0000"}]}', ""),
        (b'{"events":[],"events":[{}]}', ""),
    ],
)
def test_whatever_is_wrong_is_said(raw, problem):
    assert understand(raw).problem == problem


def test_what_could_be_read_is_there_although_something_was_wrong():
    for raw in (gzip.compress(GOOD, mtime=0), b"\xef\xbb\xbf" + GOOD, b'{"events":[1,' + GOOD.removeprefix(b'{"events":[')):
        assert [found.event_id for found in understand(raw).events] == ["EV0001"]


def test_250_events_are_read_and_of_251_as_many():
    many = [event(id=f"EV{number}") for number in range(251)]
    assert (understand(webhook(*many[:250])).problem, len(understand(webhook(*many[:250])).events)) == ("", 250)
    said = understand(webhook(*many))
    assert (said.problem, said.total, len(said.events)) == (parsing.TOO_MANY, 251, 250)


def test_an_event_without_an_id_is_none():
    (found,) = understand(webhook(event(id=None, resource_type="organisations", action="disconnected"))).events
    assert (found.event_id, found.name, found.resource_id, found.known) == (None, "organisations.disconnected", "OR0001", True)


@pytest.mark.parametrize("odd", [[], {}, 5, True, "", "text", None, [[1]], {"a": {"b": None}}])
@pytest.mark.parametrize("field", ["id", "created_at", "resource_type", "action", "links", "details", "metadata"])
def test_odd_values_are_text_or_nothing(field, odd):
    (found,) = understand(webhook(event(**{field: odd}))).events
    for value in (found.created_at, found.resource_type, found.action, found.resource_id, found.organisation_id, found.cause):
        assert isinstance(value, str)


def test_unknown_types_are_said_to_be_unknown():
    said = understand(webhook(event(resource_type="spaceships", action="launched"), event(action="exploded"), event()))
    assert [found.known for found in said.events] == [False, False, True]


def test_long_values_are_cut_and_nothing_a_database_refuses_is_left():
    (found,) = understand(webhook(event(id="E" * 1_000, action="\0\ud800x", links={"payment": "P" * 1_000}))).events
    assert (len(found.event_id), len(found.resource_id), found.action) == (64, 64, "\ufffd?x")


def numbers(said):
    return set(indexing.numbers(1, [], said, []))


def found_by(raw, kind, value):
    return indexing.number(1, kind, value) in numbers(understand(raw))


def test_a_delivery_is_found_by_its_words_whole_and_in_lower_case():
    raw = webhook(event(metadata={"Order-Nr": "A-77"}, details={"description": "Überweisung <b>later</b>", "n": 4711}))
    for word in ("überweisung", "later", "4711", "a", "77", "order", "nr", "pm0001", "ev0001", "wb0001", "payments", "failed"):
        assert found_by(raw, Kind.WORD, word), word
    for word in ("überweis", "description", "metadata", "2026", "Order"):
        assert not found_by(raw, Kind.WORD, word), word


def test_and_by_what_its_events_are_about():
    raw = webhook(event(), event(resource_type="mandates", action="active", links={"mandate": "MD1", "customer": "CU1"}))
    for kind, value in (
        (Kind.EVENT, "payments.failed"),
        (Kind.EVENT, "mandates.active"),
        (Kind.RESOURCE_TYPE, "mandates"),
        (Kind.RESOURCE, "PM0001"),
        (Kind.RESOURCE, "CU1"),
        (Kind.ORGANISATION, "OR0001"),
    ):
        assert found_by(raw, kind, value), value
    assert not found_by(raw, Kind.RESOURCE, "OR0001")


def test_text_that_is_no_json_is_found_by_its_words():
    assert found_by(b"<h1>Bad gateway</h1>", Kind.WORD, "gateway")


def test_the_words_of_a_hostile_body_are_capped():
    raw = json.dumps({"events": [], "x": [f"w{number}" for number in range(50_000)]}).encode()
    assert len(numbers(understand(raw))) == MOST_WORDS


def test_numbers_of_different_partners_and_kinds_differ():
    same = {indexing.number(partner, kind, "1") for partner in (1, 11) for kind in Kind}
    assert len(same) == 2 * len(Kind)
    assert unpacked(packed(sorted(same))) == tuple(sorted(same))
    assert all(-(2**63) <= one < 2**63 for one in same)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
EVENT = st.dictionaries(
    st.sampled_from(["id", "created_at", "resource_type", "action", "links", "details", "metadata", "resource_metadata"]), JSON
)


@given(raw=st.binary() | st.text().map(str.encode) | JSON.map(lambda value: json.dumps(value).encode("utf-8", "replace")))
def test_whatever_comes_is_understood_somehow(raw):
    assert isinstance(numbers(understand(raw)), set)


@given(events=st.lists(EVENT, max_size=3), meta=JSON)
def test_whatever_events_come_become_text_that_databases_take(events, meta):
    said = understand(json.dumps({"events": events, "meta": meta}).encode())
    assert isinstance(numbers(said), set)
    for found in said.events:
        texts = [found.event_id or "", found.created_at, found.resource_type, found.action, found.resource_id, *found.links]
        assert all("\0" not in text and text.encode() is not None and len(text) <= 64 for text in texts)


@given(text=st.text())
def test_words_are_words(text):
    assert all((word and word.isalnum()) or len(word) == 64 for word in words(text))

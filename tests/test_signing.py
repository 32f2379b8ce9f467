"""What is signed can be checked by anybody, and a single changed byte is noticed."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import signing
from portal.signing import NotGenuine

DOCUMENT = {
    "certificate": {"partner": "Café & Söhne", "number": "GC-2026-00001", "sections": [{"questions": 10}]},
    "status": {},
}


@pytest.fixture(autouse=True)
def _a_key(app):
    before = signing._keys[:]
    signing.configure("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8")
    yield
    signing._keys[:] = before


def written():
    return signing.canonical(signing.sign(DOCUMENT))


def genuine(text):
    document = signing.read(text)
    signing.verify(document, signing.public_key())
    return document


def test_it_is_read_back_as_it_was_signed():
    assert genuine(written())["certificate"] == DOCUMENT["certificate"]
    assert genuine(written() + b"\n")


def test_the_key_is_published_as_others_read_it():
    """The private key 00 01 … 1f; public key and thumbprint were computed apart from this code."""
    (key,) = signing.published()["keys"]
    assert key["x"] == "A6EHv_POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg"
    assert key["kty"] == "OKP"
    assert key["kid"] == signing.key_id(key["x"]) == signing.sign({})["signature"]["key_id"]


def test_every_changed_byte_is_noticed():
    text = written()
    for at in range(len(text)):
        for change in (1, 0x20, 0x80):
            with pytest.raises(NotGenuine):
                genuine(text[:at] + bytes([text[at] ^ change]) + text[at + 1 :])


def test_every_byte_more_or_less_is_noticed():
    text = written()
    for at in range(1, len(text)):
        for changed in (text[:at] + text[at + 1 :], text[:at] + b" " + text[at:], text[:at] + text[at - 1 : at] + text[at:]):
            if changed != text:
                with pytest.raises(NotGenuine):
                    genuine(changed)


@pytest.mark.parametrize(
    "text",
    [b"", b"[]", b"null", b"{", b'{"a":1,"a":1}', b'{"signature":{}}', b'{"signature":1}', b"\xff", b"[" * 100_000],
)
def test_what_is_no_signed_document_is_refused(text):
    with pytest.raises(NotGenuine):
        genuine(text)


def test_another_key_is_another_key():
    text = written()
    signing.configure(signing.new_secret())
    with pytest.raises(NotGenuine, match="another key"):
        genuine(text)


@pytest.mark.parametrize("secret", ["", "x", "AAAA", "A" * 44, "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh9"])
def test_a_wrong_key_stops_the_start(secret):
    with pytest.raises(ValueError, match=r".+"):
        signing.configure(secret)


@given(st.dictionaries(st.text(), st.text() | st.integers(-(2**53), 2**53) | st.booleans() | st.lists(st.text())))
def test_there_is_one_way_to_write_a_document(document):
    try:
        text = signing.canonical(document)
    except UnicodeEncodeError:  # half a character cannot be written at all
        return
    assert signing.canonical(json.loads(text)) == text

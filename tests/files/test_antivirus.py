"""The clamd client against a socket that speaks clamd's protocol."""

import socket

import pytest

from portal.files.antivirus import CHUNK, Infected, ScannerUnavailable, scan
from tests.files.samples import EICAR, png


@pytest.mark.parametrize("data", [b"", png(), b"x" * (3 * CHUNK + 7)])
def test_a_clean_file_passes_and_arrives_whole(clamd, data):
    scan(data, address=clamd.address)
    assert clamd.seen == [data]


def test_a_known_virus_is_named(clamd):
    with pytest.raises(Infected, match="Eicar-Test-Signature"):
        scan(b"before " + EICAR, address=clamd.address)


@pytest.mark.parametrize("answer", [b"INSTREAM size limit exceeded. ERROR\0", b"\0", b"nonsense", b"stream: \xff\0"])
def test_anything_but_ok_lets_nothing_pass(clamd, answer):
    clamd.answer = answer
    with pytest.raises(ScannerUnavailable):
        scan(b"data", address=clamd.address)


@pytest.mark.parametrize("where", ["127.0.0.1:1", "127.0.0.1:nothing", "", "127.0.0.1:99999999"])
def test_no_scanner_lets_nothing_pass(where):
    with pytest.raises(ScannerUnavailable):
        scan(b"data", address=where, seconds=1)


def test_a_scanner_that_hangs_lets_nothing_pass():
    """It accepts the connection and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(ScannerUnavailable):
        scan(b"data", address=f"127.0.0.1:{silent.getsockname()[1]}", seconds=0.2)

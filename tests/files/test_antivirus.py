"""The clamd client against a socket that speaks clamd's protocol."""

import socketserver
import struct
import threading

import pytest

from portal.files.antivirus import CHUNK, Infected, ScannerUnavailable, scan
from tests.files.samples import EICAR, png


class Clamd(socketserver.StreamRequestHandler):
    """Understands zINSTREAM as clamd documents it, and knows one virus."""

    def handle(self):
        if self.rfile.read(10) != b"zINSTREAM\0":
            self.wfile.write(b"UNKNOWN COMMAND\0")
            return
        body = b""
        while length := struct.unpack("!I", self.rfile.read(4))[0]:
            body += self.rfile.read(length)
        self.server.seen.append(body)
        self.wfile.write(self.server.answer or (b"stream: Eicar-Test-Signature FOUND\0" if EICAR in body else b"stream: OK\0"))


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    answer = b""


@pytest.fixture
def clamd():
    with Server(("127.0.0.1", 0), Clamd) as server:
        server.seen = []
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def address(server):
    return f"127.0.0.1:{server.server_address[1]}"


@pytest.mark.parametrize("data", [b"", png(), b"x" * (3 * CHUNK + 7)])
def test_a_clean_file_passes_and_arrives_whole(clamd, data):
    scan(data, address=address(clamd))
    assert clamd.seen == [data]


def test_a_known_virus_is_named(clamd):
    with pytest.raises(Infected, match="Eicar-Test-Signature"):
        scan(b"before " + EICAR, address=address(clamd))


@pytest.mark.parametrize("answer", [b"INSTREAM size limit exceeded. ERROR\0", b"\0", b"nonsense", b"stream: \xff\0"])
def test_anything_but_ok_lets_nothing_pass(clamd, answer):
    clamd.answer = answer
    with pytest.raises(ScannerUnavailable):
        scan(b"data", address=address(clamd))


@pytest.mark.parametrize("where", ["127.0.0.1:1", "127.0.0.1:nothing", "", "127.0.0.1:99999999"])
def test_no_scanner_lets_nothing_pass(where):
    with pytest.raises(ScannerUnavailable):
        scan(b"data", address=where, seconds=1)


def test_a_scanner_that_hangs_lets_nothing_pass():
    class Silent(socketserver.BaseRequestHandler):
        def handle(self):
            self.request.recv(1)
            silence.wait(10)

    silence = threading.Event()
    with Server(("127.0.0.1", 0), Silent) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        with pytest.raises(ScannerUnavailable):
            scan(b"data", address=address(server), seconds=0.2)
        silence.set()
        server.shutdown()

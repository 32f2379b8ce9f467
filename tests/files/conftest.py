"""A storage of their own for these tests, and a scanner that speaks clamd's protocol."""

import socketserver
import struct
import threading

import pytest

from portal import storage
from portal.files import antivirus
from portal.storage import connect
from tests.files.samples import EICAR


class Watched:
    """The real storage, with the keys that it holds."""

    def __init__(self, folder):
        self.folder = folder
        self.store = connect(str(folder))

    @property
    def keys(self):
        return {path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*") if path.is_file()}


@pytest.fixture
def kept(tmp_path, monkeypatch):
    watched = Watched(tmp_path / "kept")
    monkeypatch.setattr(storage._Place, "store", watched.store)
    return watched


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

    @property
    def address(self):
        return f"127.0.0.1:{self.server_address[1]}"


@pytest.fixture
def clamd():
    with Server(("127.0.0.1", 0), Clamd) as server:
        server.seen = []
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def scanned(clamd):
    """The portal is configured to ask this scanner."""
    antivirus.configure(clamd.address)
    yield clamd
    antivirus.configure("")

"""Servers on this machine that behave badly, a resolver that says what a test wants, and the permission to call loopback."""

import contextlib
import gzip
import socket
import ssl
import threading

import pytest

from portal import outgoing
from portal.outgoing import addresses, connecting
from tests.outgoing.certificates import Authority


@pytest.fixture
def loopback(_as_in_production):
    """As in development: this machine may be called."""
    outgoing.configure(loopback=True)


@pytest.fixture(autouse=True)
def _as_in_production():
    before = addresses.loopback_allowed()
    outgoing.configure(loopback=False)
    yield
    outgoing.configure(loopback=before)


class Names:
    """Stands for the resolver of the machine: name → the answers that it gives, one after the other; the last one stays."""

    def __init__(self):
        self.known, self.asked = {}, []

    def say(self, name, *answers):
        self.known[name] = list(answers)

    def getaddrinfo(self, host, port, *_, **__):
        self.asked.append(host)
        if host not in self.known:
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        answers = self.known[host]
        found = answers.pop(0) if len(answers) > 1 else answers[0]
        return [
            (socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))
            for address in found
        ]


@pytest.fixture
def names(monkeypatch):
    made = Names()
    monkeypatch.setattr(socket, "getaddrinfo", made.getaddrinfo)
    return made


class Server:
    """Takes connections and lets `behave(connection, request)` answer them; keeps what it was asked."""

    def __init__(self, behave, *, host="127.0.0.1", tls=None, listens=True):
        self.seen, self._behave, self._tls, self.over = [], behave, tls, threading.Event()
        self._listens = listens
        self._socket = socket.create_server((host, 0))
        self.port = self._socket.getsockname()[1]
        self.url = f"{'https' if tls else 'http'}://{host}:{self.port}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection):
        with contextlib.suppress(OSError, ssl.SSLError), connection:
            if self._tls:
                connection = self._tls.wrap_socket(connection, server_side=True)
            with connection:
                self.seen.append(_request(connection) if self._listens else None)
                self._behave(connection, self)

    def close(self):
        self.over.set()
        self._socket.close()


def _request(connection):
    said = b""
    while b"\r\n\r\n" not in said and (piece := connection.recv(65536)):
        said += piece
    head, _, body = said.partition(b"\r\n\r\n")
    length = next((int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")), 0)
    while len(body) < length and (piece := connection.recv(65536)):
        body += piece
    return head.decode("latin-1"), body


@pytest.fixture
def server():
    """`server(behave)` starts one; `server(b"…")` one that always says that."""
    made = []

    def start(behave=b"HTTP/1.1 204 No Content\r\n\r\n", **more):
        does = behave if callable(behave) else lambda connection, _: connection.sendall(behave)
        made.append(Server(does, **more))
        return made[-1]

    yield start
    for one in made:
        one.close()


def http(body=b"", status="200 OK", **headers):
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def bomb(size):
    """So many zero bytes, packed to a thousandth."""
    return gzip.compress(b"\0" * size)


@pytest.fixture(scope="session")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def trusted(authority, monkeypatch):
    """This machine trusts the authority of the tests."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    connecting._trust.cache_clear()
    yield authority
    connecting._trust.cache_clear()

"""Sends one request to one place and gives back its answer."""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse
from importlib.metadata import version

from portal.outgoing.connecting import connect
from portal.outgoing.places import Place, read
from portal.outgoing.reading import read_body
from portal.outgoing.refused import BadHeader, Garbled, Unreachable
from portal.outgoing.wire import Deadline, Wire

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
OURS = frozenset(
    {"host", "content-length", "transfer-encoding", "connection", "keep-alive", "te", "trailer", "upgrade", "expect"}
)
"""Headers that belong to the connection; those of a caller are left out."""
DEFAULTS = {
    "User-Agent": f"partner-portal/{version('partner-portal')}",
    "Accept": "*/*",
    "Accept-Encoding": "identity",
}
TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", re.ASCII)
NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `address` is the one that was called; `milliseconds` from the look-up to the last byte."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    milliseconds: float
    address: str

    def header(self, name: str) -> str:
        """The first header of this name, or nothing."""
        return next((value for known, value in self.headers if known.lower() == name.lower()), "")


def send(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] = NOTHING,
    body: bytes = b"",
    timeout: float = 10.0,
    most_bytes: int = 1_000_000,
    plain: bool = False,
    cut: bool = False,
) -> Answer:
    """One request, no redirect followed. `timeout` seconds for everything together, from the look-up to the last byte.

    `plain` allows http://; `cut` keeps the beginning of an answer that is longer than `most_bytes` instead of refusing it.
    Raises a NotSent: BadUrl, BadHeader, Forbidden, Unreachable, TimedOut, TlsFailed, Garbled or TooLarge.
    """
    place = read(url)
    head = _head(method, headers, body)
    began, deadline = time.perf_counter(), Deadline(timeout)
    wire = connect(place, deadline, plain=plain)
    connection = _Connection(place, wire)
    try:
        response = connection.ask(method, head, body)
        content = read_body(response, most=most_bytes, cut=cut)
    except TimeoutError as error:
        raise deadline.over() from error
    except OSError as error:
        raise Unreachable(f"{place.name} broke the connection off.") from error
    except (HTTPException, ValueError) as error:
        raise Garbled(f"What {place.name} answered is not HTTP.") from error
    finally:
        connection.close()
        wire.end()
    taken = (time.perf_counter() - began) * 1000
    return Answer(response.status, tuple(response.getheaders()), content, taken, wire.address)


class _Connection(HTTPConnection):
    """A connection that is there already, and is never made anew."""

    auto_open = 0

    def __init__(self, place: Place, wire: Wire) -> None:
        super().__init__(place.name)
        self._place = place
        self.sock = wire  # with the methods of a socket that http.client calls

    def ask(self, method: str, headers: Mapping[str, str], body: bytes) -> HTTPResponse:
        self.putrequest(method, self._place.target, skip_host=True, skip_accept_encoding=True)
        self.putheader("Host", self._place.host)
        self.putheader("Connection", "close")
        for name, value in headers.items():
            self.putheader(name, _bytes(value))
        self.endheaders(body or None)
        return self.getresponse()


def _bytes(value: str) -> bytes:
    """As it came when it is passed on: headers are read as Latin-1. What that does not hold goes as UTF-8."""
    try:
        return value.encode("latin-1")
    except UnicodeEncodeError:
        return value.encode()


def _head(method: str, given: Mapping[str, str], body: bytes) -> dict[str, str]:
    """The caller's headers over ours. Raises BadHeader for what would break out of its line."""
    if method not in METHODS:
        raise BadHeader(f"“{method}” is not a method that the portal sends.")
    for name, value in given.items():
        if not TOKEN.fullmatch(name) or any(char in value for char in "\r\n\0"):
            raise BadHeader("A header has a name or a value that HTTP cannot carry.")
    known = {name.lower() for name in given}
    head = {name: value for name, value in DEFAULTS.items() if name.lower() not in known}
    head |= {name: value for name, value in given.items() if name.lower() not in OURS and not name.lower().startswith("proxy-")}
    length = {"Content-Length": str(len(body))} if body or method in {"POST", "PUT", "PATCH"} else {}
    return head | length

"""Passes one webhook on to a program on this machine: the same bytes, the same headers."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

SECONDS = 10.0
"""As long as GoCardless waits for an answer."""
OURS = frozenset(
    {"host", "content-length", "transfer-encoding", "connection", "keep-alive", "te", "trailer", "upgrade", "expect"}
)
"""Headers of the connection that brought the webhook to the portal; this is another."""


class NobodyThere(Exception):
    """Nothing listens at that address: the webhook has certainly not arrived."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What the program said: a status, or the reason why there is none."""

    status: int | None
    error: str
    milliseconds: float


def pass_on(address: str, headers: Sequence[tuple[str, str]], body: bytes) -> Answered:
    """One attempt. Raises NobodyThere when it can be made again without the webhook arriving twice."""
    began = time.monotonic()
    connection = _connected(address)
    try:
        status, error = _send(connection, _target(address), headers, body), ""
    except TimeoutError:
        status, error = None, f"no answer within {SECONDS:.0f} seconds"
    except (OSError, HTTPException, ValueError) as broken:
        status, error = None, f"the connection broke off ({type(broken).__name__})"
    finally:
        connection.close()
    return Answered(status, error, (time.monotonic() - began) * 1000)


def _connected(address: str) -> HTTPConnection:
    place = urlsplit(address)
    kind = HTTPSConnection if place.scheme == "https" else HTTPConnection
    connection = kind(place.hostname or "", place.port, timeout=SECONDS)
    try:
        connection.connect()
    except OSError as error:
        connection.close()
        raise NobodyThere(str(error) or type(error).__name__) from error
    return connection


def _target(address: str) -> str:
    place = urlsplit(address)
    return (place.path or "/") + (f"?{place.query}" if place.query else "")


def _send(connection: HTTPConnection, target: str, headers: Sequence[tuple[str, str]], body: bytes) -> int:
    connection.putrequest("POST", target, skip_accept_encoding=True)
    for name, value in headers:
        if name.lower() not in OURS:
            connection.putheader(name, value.encode("latin-1", "replace"))
    connection.putheader("Content-Length", str(len(body)))
    connection.putheader("Connection", "close")
    connection.endheaders(body)
    answer = connection.getresponse()
    answer.read(1_000_000)
    return answer.status

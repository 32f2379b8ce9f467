"""Makes the one connection of a request: the name looked up once, every address checked, the certificate compared with the name."""

import queue
import socket
import ssl
import threading
from functools import cache
from ipaddress import ip_address

from certifi import where

from portal.outgoing import addresses
from portal.outgoing.places import Place, may_go
from portal.outgoing.refused import Forbidden, NotSent, TlsFailed, Unreachable
from portal.outgoing.wire import Deadline, Wire

TRIED = 4
"""Addresses of one name, at most."""


def connect(place: Place, deadline: Deadline, *, plain: bool) -> Wire:
    """Look the name up once and connect to one of its addresses; when one of them is not allowed, to none."""
    found = [str(place.literal)] if place.literal else _look_up(place, deadline)
    if not all(map(addresses.allowed_text, found)):
        raise Forbidden(
            f"{place.name} leads to an address that is not public. The portal only calls addresses that everybody can reach."
        )
    may_go(place, here=all(addresses.is_loopback(ip_address(address)) for address in found), plain=plain)
    sock, address = _first(found[:TRIED], place, deadline)
    return Wire(_encrypted(sock, place, deadline) if place.scheme == "https" else sock, address, deadline)


def _look_up(place: Place, deadline: Deadline) -> list[str]:
    """The addresses of a name, in the order of the resolver. It knows no time limit: a thread waits for it in our place."""
    said: queue.SimpleQueue[list[str]] = queue.SimpleQueue()
    threading.Thread(target=lambda: said.put(_resolve(place.name, place.port)), daemon=True).start()
    try:
        found = said.get(timeout=deadline.left())
    except queue.Empty as error:
        raise deadline.over() from error
    if not found:
        raise Unreachable(f"There is no host of the name {place.name}.")
    return found


def _resolve(name: str, port: int) -> list[str]:
    try:
        entries = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return list(dict.fromkeys(str(entry[4][0]) for entry in entries))


def _first(found: list[str], place: Place, deadline: Deadline) -> tuple[socket.socket, str]:
    """The first address that takes the connection; each gets its share of the time."""
    problem: OSError | None = None
    for left, address in zip(range(len(found), 0, -1), found, strict=True):
        try:
            return _open(address, place.port, deadline.left() / left), address
        except OSError as error:
            problem = error
    deadline.left()
    raise Unreachable(f"{place.name} does not take connections on port {place.port}.") from problem


def _open(address: str, port: int, seconds: float) -> socket.socket:
    """To an address and never to a name: nothing is looked up here."""
    sock = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
    try:
        sock.settimeout(seconds)
        sock.connect((address, port))
    except BaseException:
        sock.close()
        raise
    return sock


def _encrypted(sock: socket.socket, place: Place, deadline: Deadline) -> ssl.SSLSocket:
    """The certificate must be the name's, whatever the address."""
    try:
        sock.settimeout(deadline.left())
        return _trust().wrap_socket(sock, server_hostname=place.name)
    except (OSError, NotSent, ValueError) as error:
        sock.close()
        raise _tls_words(error, place, deadline) from error


def _tls_words(error: Exception, place: Place, deadline: Deadline) -> NotSent:
    if isinstance(error, NotSent):
        return error
    if isinstance(error, TimeoutError):
        return deadline.over()
    if isinstance(error, ssl.SSLCertVerificationError):
        return TlsFailed(f"The certificate of {place.name} is not valid: {error.verify_message}.")
    return TlsFailed(f"{place.name} does not speak TLS on port {place.port}, or not a version that is still safe.")


@cache
def _trust() -> ssl.SSLContext:
    """What this machine trusts, and the usual public authorities."""
    context = ssl.create_default_context()
    context.load_verify_locations(where())
    return context

"""Asks clamd about a file (its INSTREAM command); when it is configured and does not answer, nothing is let through."""

import socket
import struct

CHUNK = 64 * 1024
SECONDS = 30.0


class Infected(Exception):
    """The scanner knows this file; the argument is the name it gave."""


class ScannerUnavailable(RuntimeError):
    """No verdict was given: the file stays unchecked, and the job is tried again."""


class _Scanner:
    """Where clamd listens, as `host:port`; empty when files are not scanned."""

    address = ""


def configure(address: str) -> None:
    """Called once when the application is made."""
    _Scanner.address = address


def scan_if_configured(data: bytes) -> None:
    if _Scanner.address:
        scan(data, address=_Scanner.address)


def scan(data: bytes, *, address: str, seconds: float = SECONDS) -> None:
    """Return when clamd at `host:port` calls the file clean. Raises Infected or ScannerUnavailable."""
    verdict = _ask(data, address, seconds).rstrip("\0\n").removeprefix("stream: ")
    if verdict == "OK":
        return
    if verdict.endswith(" FOUND"):
        raise Infected(verdict.removesuffix(" FOUND"))
    raise ScannerUnavailable(f"clamd answered {verdict!r}")


def _ask(data: bytes, address: str, seconds: float) -> str:
    host, _, port = address.rpartition(":")
    try:
        with socket.create_connection((host.strip("[]"), int(port)), timeout=seconds) as connection:
            connection.settimeout(seconds)
            connection.sendall(b"zINSTREAM\0")
            for at in range(0, len(data), CHUNK):
                piece = data[at : at + CHUNK]
                connection.sendall(struct.pack("!I", len(piece)) + piece)
            connection.sendall(struct.pack("!I", 0))
            return _reply(connection)
    except (OSError, ValueError) as error:
        raise ScannerUnavailable(f"clamd at {address} cannot be asked: {error}") from error


def _reply(connection: socket.socket) -> str:
    """Until the closing zero byte or the end of the connection; a reply has no reason to be long."""
    said = b""
    while not said.endswith(b"\0") and len(said) < 4096 and (piece := connection.recv(4096)):
        said += piece
    return said.decode("utf-8", "replace")

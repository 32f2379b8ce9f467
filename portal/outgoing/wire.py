"""The time that a request has, and a connection on which no single read or write may take more than what is left of it."""

import io
import socket
import time
from typing import Any

from portal.outgoing.refused import TimedOut

PIECE = 64 * 1024


class Deadline:
    """When all must be done, whatever it is that takes so long."""

    def __init__(self, seconds: float) -> None:
        self.seconds, self.end = seconds, time.monotonic() + seconds

    def left(self) -> float:
        """Seconds that are left. Raises TimedOut when there are none."""
        if (left := self.end - time.monotonic()) > 0:
            return left
        raise self.over()

    def over(self) -> TimedOut:
        return TimedOut(f"The answer did not come within {self.seconds:g} seconds.")


class Wire:
    """A connected socket as http.client wants it. Each single read and write may take only what is left of the time."""

    def __init__(self, sock: socket.socket, address: str, deadline: Deadline) -> None:
        self._sock, self.address, self._deadline = sock, address, deadline

    def sendall(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            self._sock.settimeout(self._deadline.left())
            rest = rest[self._sock.send(rest[:PIECE]) :]

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Reading(self._sock, self._deadline), PIECE)

    def close(self) -> None:
        """Of no meaning: http.client closes what it still reads from. See `end`."""

    def end(self) -> None:
        self._sock.close()


class _Reading(io.RawIOBase):
    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        super().__init__()
        self._sock, self._deadline = sock, deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._sock.settimeout(self._deadline.left())
        return self._sock.recv_into(buffer)

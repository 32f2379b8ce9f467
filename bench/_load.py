"""A load of few instructions: prepared bytes over a few connections that stay open, so that the server is what is measured."""

import socket
import threading
import time

CONNECTIONS = 4
WAIT = 60.0


def prepared(method: str, path: str, *, headers: dict[str, str], body: bytes = b"") -> bytes:
    """A request as it goes over the wire."""
    known = {"Host": "127.0.0.1", "Accept": "application/json", **headers} | (
        {"Content-Length": str(len(body))} if body else {}
    )
    lines = "".join(f"{name}: {value}\r\n" for name, value in known.items())
    return f"{method} {path} HTTP/1.1\r\n{lines}\r\n".encode() + body


def per_second(port: int, request: bytes, times: int, *, status: int) -> float:
    """Answers a second while this request is sent so many times; any other status is an error."""
    threads = [threading.Thread(target=_send, args=(port, request, times // CONNECTIONS, status)) for _ in range(CONNECTIONS)]
    failed: list[BaseException] = []
    threading.excepthook = lambda problem: failed.append(problem.exc_value or RuntimeError("a connection failed"))
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]
    return times / (time.perf_counter() - started)


def _send(port: int, request: bytes, times: int, status: int) -> None:
    with socket.create_connection(("127.0.0.1", port), WAIT) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for _ in range(times):
            connection.sendall(request)
            head = _answer(connection)
            if int(head.split(b" ", 2)[1]) != status:
                raise RuntimeError(f"expected {status}: {head[:1000].decode()}")


def _answer(connection: socket.socket) -> bytes:
    """One answer to its last byte, by its Content-Length."""
    taken = b""
    while b"\r\n\r\n" not in taken:
        taken += _more(connection)
    head, _, rest = taken.partition(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
    missing = length - len(rest)
    while missing > 0:
        missing -= len(_more(connection))
    return taken


def _more(connection: socket.socket) -> bytes:
    part = connection.recv(262_144)
    if not part:
        raise RuntimeError("the server closed the connection")
    return part

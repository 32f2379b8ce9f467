"""Another emulator beside ours: localstripe, where LOCALSTRIPE names its program. It is no dependency of the project.

To have it: ``python -m venv /elsewhere && /elsewhere/bin/pip install localstripe``, then LOCALSTRIPE=/elsewhere/bin/localstripe.
"""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench._load import prepared
from bench._serving import WAIT, free_port

BODY = b"name=Frank+Osborne&email=frank%40example.com&metadata[order]=1"


def program() -> str:
    """Its path, or an empty text where it is not to be measured."""
    return os.environ.get("LOCALSTRIPE", "")


@contextmanager
def running(folder: Path) -> Iterator[tuple[int, bytes]]:
    """The port of a fresh localstripe and the request that creates a customer there."""
    port = free_port()
    process = subprocess.Popen(
        [program(), "--port", str(port), "--from-scratch"],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(port)
        headers = {"Authorization": "Bearer sk_test_12345", "Content-Type": "application/x-www-form-urlencoded"}
        yield port, prepared("POST", "/v1/customers", headers=headers, body=BODY)
    finally:
        process.terminate()
        process.wait(WAIT)


def _wait(port: int) -> None:
    end = time.monotonic() + WAIT
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("localstripe did not start")

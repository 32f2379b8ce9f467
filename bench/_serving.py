"""A program under gunicorn as in production (one process, four threads), its answers, and the CPU time that it used."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

WAIT = 30.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Served:
    """Use it with `with`. One connection is kept open; requests go one after the other."""

    def __init__(self, program: str, environment: Mapping[str, str]) -> None:
        self.port = free_port()
        command = [
            sys.executable, "-m", "gunicorn", program, "--bind", f"127.0.0.1:{self.port}",
            "--worker-class", "gthread", "--threads", "4", "--keep-alive", "60", "--log-level", "error", "--no-control-socket",
        ]  # fmt: skip
        paths = {"PYTHONPATH": str(Path(__file__).parents[1])}
        self.process = subprocess.Popen(  # in a folder without a gunicorn.conf.py: these are all the options
            command,
            cwd=Path(__file__).parent,
            env={**os.environ, **environment, **paths},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def __enter__(self) -> "Served":
        self.connection = HTTPConnection("127.0.0.1", self.port, timeout=WAIT)
        end = time.monotonic() + WAIT
        while time.monotonic() < end and self.process.poll() is None:
            try:
                self.connection.connect()
            except OSError:
                time.sleep(0.1)
            else:
                return self
        self.__exit__()
        raise RuntimeError("the program did not start")

    def __exit__(self, *_: object) -> None:
        self.connection.close()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(WAIT)

    def ask(self, path: str, *, cookie: str, encodings: str = "identity") -> tuple[HTTPResponse, bytes]:
        """A GET as a signed-in browser sends it."""
        headers = {"Cookie": cookie, "Accept": "text/html", "Accept-Encoding": encodings}
        self.connection.request("GET", path, headers=headers)
        answer = self.connection.getresponse()
        return answer, answer.read()

    def milliseconds(self, path: str, times: int, *, cookie: str) -> float:
        """CPU time of the server for one such request, by the kernel's own accounting."""
        before = self._nanoseconds()
        for _ in range(times):
            answer, _ = self.ask(path, cookie=cookie)
            if answer.status != 200:
                raise RuntimeError(f"{path} answered {answer.status}")
        return (self._nanoseconds() - before) / times / 1e6

    def _nanoseconds(self) -> int:
        """Time on a processor of every thread of the workers; the master only waits."""
        return sum(
            int(task.read_text().split()[0]) for pid in self.workers() for task in Path(f"/proc/{pid}/task").glob("*/schedstat")
        )

    def workers(self) -> list[str]:
        master = self.process.pid
        return Path(f"/proc/{master}/task/{master}/children").read_text().split()

"""Hostile files through the whole portal: the slowest answer, and the most memory that server and child take on."""

import os
import re
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from PIL import Image

from bench._portal import cookie, environment, with_demo
from bench._serving import Served
from bench.figures import Figure
from tests.files import samples

SECONDS, MEGABYTES = 2.0, 300.0
PERSON, SECTION = "mira", "/build/payments"
SAMPLE = 0.004
PAGE_SIZE, TICKS = os.sysconf("SC_PAGE_SIZE"), os.sysconf("SC_CLK_TCK")


def files() -> Iterator[tuple[str, bytes]]:
    """What the issue names, and the heaviest pictures that are allowed."""
    side = 6300
    yield "nothing.png", b""
    yield "cut.jpg", samples.jpeg(width=2000, height=1500)[:20_000]
    yield "renamed.png", samples.archive()
    yield "polyglot.png", samples.png() + samples.archive()
    yield "too-many-pixels.png", samples.flat_png(12_000, 12_000)
    yield "allowed-pixels.png", samples.flat_png(side, side)
    yield "bomb.png", samples.png_with_surplus_pixels()
    yield "text-bomb.png", samples.flat_png(100, 100, text_bomb=200_000_000)
    yield "heavy.png", samples.rgba_png(side)
    yield "progressive.jpg", samples.encoded("JPEG", Image.new("RGB", (side, side)), progressive=True)
    yield "too-big.pdf", samples.pdf() + bytes(11_000_000)


def run() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        app = with_demo(Path(folder) / "portal")
        with Served("portal:create_app()", environment(app.settings.instance)) as served:
            person = cookie(app, PERSON)
            sent = [_send(served, person, name, data) for name, data in files()]
        yield Figure("uploads.load", os.getloadavg()[0], "average in the last minute")
        yield Figure("uploads.slowest", max(one.server for one in sent), "s of server time", "<=", SECONDS)
        yield Figure("uploads.answer", max(one.waited for one in sent), "s until the answer, whatever else the machine does")
        yield Figure("uploads.memory", max(one.megabytes for one in sent), "MB above rest", "<=", MEGABYTES)


@dataclass(frozen=True)
class Sent:
    """Processor seconds of server and child, seconds until the answer, megabytes above what the server had before."""

    server: float
    waited: float
    megabytes: float


def _send(served: Served, person: str, name: str, data: bytes) -> Sent:
    opened, page = served.ask(SECTION, cookie=person)
    person = (opened.headers["Set-Cookie"] or person).partition(";")[0]  # the session now holds what the token was made from
    token = re.search(rb'name="csrf_token"[^>]*value="([^"]+)"', page)
    body, kind = _form(token.group(1).decode() if token else "", name, data)
    headers = {"Cookie": person, "Content-Type": kind, "X-Requested-With": "fetch", "Referer": "https://portal.example/"}
    with _Watch(served) as watch:
        began, worked = time.perf_counter(), _seconds(served)
        served.connection.request("POST", f"{SECTION}/files", body, headers)
        answer = served.connection.getresponse()
        answer.read()
        waited, worked = time.perf_counter() - began, _seconds(served) - worked
    if answer.status not in (200, 413, 422):
        raise RuntimeError(f"{name}: answered {answer.status}")
    return Sent(worked, waited, watch.peak)


def _seconds(served: Served) -> float:
    """Processor time of the workers and of the children that they have waited for."""
    fields = (Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in served.workers())
    return sum(int(ticks) for field in fields for ticks in field[11:15]) / TICKS


def _form(token: str, name: str, data: bytes) -> tuple[bytes, str]:
    edge = uuid4().hex
    head = f'--{edge}\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{token}\r\n--{edge}\r\n'
    head += f'Content-Disposition: form-data; name="files"; filename="{name}"\r\nContent-Type: application/octet-stream\r\n\r\n'
    return head.encode() + data + f"\r\n--{edge}--\r\n".encode(), f"multipart/form-data; boundary={edge}"


class _Watch:
    """The memory of the workers and all their children, looked at every few milliseconds."""

    def __init__(self, served: Served) -> None:
        self.workers, self.over, self.peak = served.workers(), threading.Event(), 0.0

    def __enter__(self) -> "_Watch":
        self.rest = self._megabytes()
        self.thread = threading.Thread(target=self._look)
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.thread.join()

    def _look(self) -> None:
        while not self.over.wait(SAMPLE):
            self.peak = max(self.peak, self._megabytes() - self.rest)

    def _megabytes(self) -> float:
        return sum(_resident(pid) for worker in self.workers for pid in _family(worker)) / 1e6


def _family(pid: str) -> Iterator[str]:
    """The process and everything that it started, from whatever thread."""
    yield pid
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            started = children.read_text().split()
        except OSError:
            continue
        for child in started:
            yield from _family(child)


def _resident(pid: str) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE_SIZE
    except (OSError, IndexError):
        return 0

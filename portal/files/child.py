"""Starts a child process for one file, waits for it within limits, and turns whatever became of it into an answer."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from threading import Condition
from typing import IO, Literal

import structlog

from portal.files.kinds import Found, Kind
from portal.files.reasons import Unusable, Why
from portal.refusals import Refusal

log = structlog.get_logger("portal.files")

Program = Literal["images", "pdf", "logos"]
ROOT = Path(__file__).parents[2]
WALL_SECONDS: dict[Program, float] = {"images": 6.0, "pdf": 20.0, "logos": 12.0}
"""The processor limit is what stops a hostile file; the wall clock only a child that hangs on a busy machine."""

SEATS = 2
WAIT_SECONDS = 20.0
LARGE = 100 * 1024 * 1024
"""A picture that needs more memory than this is opened alone, so that all children together stay below 300 MB."""


@dataclass(frozen=True, slots=True)
class Made:
    """What a child gave back."""

    data: bytes
    kind: Kind
    width: int
    height: int
    animated: bool = False


@dataclass(frozen=True, slots=True)
class Drawn:
    """A logo as PNG in the sizes that are shown; width and height are those of the large one."""

    large: bytes
    small: bytes
    social: bytes
    width: int
    height: int


class LogoRefused(Refusal):
    """What was sent can be opened but is no logo for us; the words say why."""

    status = 422


class Seats:
    """At most two children at once in this process; a large picture takes both seats."""

    def __init__(self, total: int) -> None:
        self._total = self._free = total
        self._changed = Condition()

    @contextmanager
    def taken(self, wanted: int, *, wait: float) -> Iterator[None]:
        """Hold seats for the time of the block. Raises Unusable(BUSY) when none became free in `wait` seconds."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._free >= wanted, wait):
                raise Unusable(Why.BUSY)
            self._free -= wanted
        try:
            yield
        finally:
            with self._changed:
                self._free += wanted
                self._changed.notify_all()


seats = Seats(SEATS)


def save_anew(data: bytes, found: Found) -> Made:
    """A picture decoded and encoded again, without metadata and upright. Raises Unusable."""
    return _run("images", data, found, thumbnail=False)


def thumbnail(data: bytes, found: Found) -> Made:
    """A WebP that fits into 480 by 360. Raises Unusable."""
    return _run("pdf" if found.kind is Kind.PDF else "images", data, found, thumbnail=True)


def preview(data: bytes) -> Made:
    """The first page of a PDF as WebP, at most 1,400 pixels long. Raises Unusable."""
    return _run("pdf", data, Found(Kind.PDF), thumbnail=False)


def draw_logo(data: bytes, kind: str) -> Drawn:
    """The logo in all sizes; `kind` is the media type of a picture, or that of SVG. Raises Unusable or LogoRefused."""
    job = json.dumps({"kind": kind}).encode() + b"\n" + data
    with seats.taken(SEATS, wait=WAIT_SECONDS):
        line, _, body = _answer("logos", job).partition(b"\n")
    facts = json.loads(line)
    if "why" in facts:
        raise Unusable(Why(facts["why"]))
    if "refused" in facts:
        raise LogoRefused(facts["refused"])
    large, small, _ = facts["lengths"]
    parts = (body[:large], body[large : large + small], body[large + small :])
    return Drawn(*parts, facts["width"], facts["height"])


def _run(program: Program, data: bytes, found: Found, *, thumbnail: bool) -> Made:
    job = json.dumps({"kind": found.kind, "thumbnail": thumbnail}).encode() + b"\n" + data
    with seats.taken(SEATS if found.memory > LARGE else 1, wait=WAIT_SECONDS):
        line, _, body = _answer(program, job).partition(b"\n")
    facts = json.loads(line)
    if "why" in facts:
        raise Unusable(Why(facts["why"]))
    return Made(body, Kind(facts.pop("kind")), **facts)


def _answer(program: Program, job: bytes) -> bytes:
    """Job and answer travel in files, not in pipes: the kernel then limits how much a child can write."""
    command = [sys.executable, "-P", "-m", f"portal.files.{program}"]
    with TemporaryFile() as given, TemporaryFile() as made:
        given.write(job)
        given.seek(0)
        code = _wait(command, given, made, WALL_SECONDS[program])
        if code != 0:
            log.info("no picture", program=program, code=code)
            raise Unusable(Why.TOO_HEAVY if code < 0 else Why.DAMAGED)
        made.seek(0)
        return made.read()


def _wait(command: list[str], given: IO[bytes], made: IO[bytes], seconds: float) -> int:
    """The exit code; that of a child which had to be ended is negative."""
    try:
        return subprocess.run(  # noqa: S603 - our own interpreter and one of three fixed programs
            command, stdin=given, stdout=made, stderr=subprocess.DEVNULL, timeout=seconds, env=environment(), check=False
        ).returncode
    except subprocess.TimeoutExpired:
        return -signal.SIGKILL


def environment() -> dict[str, str]:
    """Nothing but the way to this package: no secret of the portal is in the child's reach."""
    return {"PYTHONPATH": str(ROOT), "PATH": os.defpath}

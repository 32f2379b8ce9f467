"""Runs inside the child process: takes away what it does not need, reads one job, writes one answer.

A job is a line of JSON followed by the file's bytes; the answer has the same form. A file that cannot be
taken is answered with its reason; anything worse (no memory left, too long, a crash) ends the process.
"""

import json
import resource
import signal
import sys
import warnings
from collections.abc import Callable, Mapping
from typing import Any

from portal.files.reasons import Unusable, Why

MEMORY = 256 * 1024 * 1024
LARGEST_ANSWER = 48 * 1024 * 1024
CPU_SECONDS = 1.7
"""With the start of the child and the checks around it, a hostile file is answered in under two seconds."""

Facts = Mapping[str, Any]
Work = Callable[[Facts, bytes], tuple[Facts, bytes]]


def serve(work: Work, *, memory: int = MEMORY, cpu_seconds: float = CPU_SECONDS) -> None:
    """Do one job under limits. Called by the programs of this room, after their imports."""
    limit(memory, cpu_seconds)
    warnings.simplefilter("error")  # Pillow only warns about some decompression bombs
    line, _, data = sys.stdin.buffer.read().partition(b"\n")
    facts, body = _answer(work, json.loads(line), data)
    sys.stdout.buffer.write(json.dumps(facts).encode() + b"\n")
    sys.stdout.buffer.write(body)


def limit(memory: int, cpu_seconds: float) -> None:
    """The timer ends the process on fractions of a second; the processor limit stands behind it in whole seconds."""
    signal.setitimer(signal.ITIMER_PROF, cpu_seconds)
    for what, value in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, int(cpu_seconds) + 1),
        (resource.RLIMIT_NOFILE, 16),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_FSIZE, LARGEST_ANSWER),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (value, value))


def _answer(work: Work, facts: Facts, data: bytes) -> tuple[Facts, bytes]:
    try:
        return work(facts, data)
    except Unusable as refusal:
        return {"why": refusal.why}, b""
    except MemoryError:
        return {"why": Why.TOO_HEAVY}, b""

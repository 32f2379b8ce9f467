"""Processes that stand and fall together: started, watched, and stopped as one."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

PATIENCE = 25.0
"""Seconds in which a child may finish what it does before it is ended."""


class ChildDied(Exception):
    """One of the processes ended by itself; the words hold the end of its log."""


@dataclass(frozen=True, slots=True)
class Child:
    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def last_words(self) -> str:
        return "".join(self.log.read_text(errors="replace").splitlines(keepends=True)[-20:])


class Household:
    """Use it with `with`: at its end every child is stopped, whatever happened."""

    def __init__(self, logs: Path, environment: Mapping[str, str]) -> None:
        self.logs, self.environment = logs, dict(environment)
        self.children: list[Child] = []
        self.told_to_stop = False

    def __enter__(self) -> "Household":
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop)
        return self

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.told_to_stop = True

    def start(self, name: str, *module_and_arguments: str) -> None:
        """A Python module in a session of its own, so that Ctrl-C reaches only us; what it says goes to its log."""
        log = self.logs / f"{name}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(  # noqa: S603 - our own modules
                [sys.executable, "-m", *module_and_arguments],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.children.append(Child(name, process, log))

    def watch(self) -> bool:
        """Whether to go on. Raises ChildDied when one of them ended by itself."""
        if self.told_to_stop:
            return False
        for child in self.children:
            if child.process.poll() is not None:
                raise ChildDied(f"The {child.name} stopped (exit {child.process.returncode}):\n{child.last_words()}")
        return True

    def __exit__(self, *_: object) -> None:
        for child in self.children:
            if child.process.poll() is None:
                child.process.terminate()
        end = time.monotonic() + PATIENCE
        for child in self.children:
            _wait(child.process, end)


def _wait(process: subprocess.Popen[bytes], end: float) -> None:
    try:
        process.wait(max(0.1, end - time.monotonic()))
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

"""Starts an exam through the portal's API and follows it, for the command line. Needs nothing of the portal's configuration."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.listener.asking import Away, Portal

PAUSE = 0.5
LONGEST_PAUSE = 3.0
PATIENCE = 60.0
"""Seconds for which the portal may be away."""


class TimedOut(Exception):
    """The exam was not over in time."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to check; empty values leave the choice to the portal: its only app, all checks."""

    app: str = ""
    families: Sequence[str] = ()
    checks: Sequence[str] = ()
    people: bool = False

    def plain(self) -> dict[str, Any]:
        named = {"app": self.app, "families": list(self.families), "checks": list(self.checks)}
        return {name: value for name, value in named.items() if value} | {"people": self.people}


class Exams(Portal):
    """The part of the API that concerns exams. Raises Refused and Away."""

    def start(self, wanted: Wanted) -> Mapping[str, Any]:
        return self._told("POST", "/api/v1/exams", wanted.plain())

    def read(self, key: str) -> Mapping[str, Any]:
        return self._told("GET", f"/api/v1/exams/{key}")

    def stop(self, key: str) -> Mapping[str, Any]:
        return self._told("POST", f"/api/v1/exams/{key}/stop", {})

    def _told(self, method: str, path: str, sent: object = None) -> Mapping[str, Any]:
        answer: Mapping[str, Any] = self._ask(method, path, sent)
        return answer


def follow(
    exams: Exams,
    exam: Mapping[str, Any],
    *,
    timeout: float,
    tell: Callable[[Mapping[str, Any]], None],
    sleep: Callable[[float], None] = time.sleep,
) -> Mapping[str, Any]:
    """The exam when it is over. `tell` hears of each answer. Raises TimedOut after so many seconds, Away when nobody answers."""
    end, pause, away_until = time.monotonic() + timeout, PAUSE, time.monotonic() + PATIENCE
    while True:
        tell(exam)
        if exam["over"]:
            return exam
        if time.monotonic() > end:
            raise TimedOut
        sleep(pause)
        before = exam["version"]
        try:
            exam = exams.read(exam["exam"])
        except Away:
            if time.monotonic() > away_until:
                raise
        else:
            away_until = time.monotonic() + PATIENCE
        pause = PAUSE if exam["version"] != before else min(pause * 1.3, LONGEST_PAUSE)

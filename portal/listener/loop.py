"""The listener's work: ask, pass on, keep the place, tell how it went; again and again, whatever breaks in between."""

import random
import time
from base64 import b64decode
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from portal.listener import place, telling
from portal.listener.asking import Away, Portal, Refused
from portal.listener.passing import Answered, NobodyThere, pass_on

SLOWEST = 30.0
"""Seconds between two tries at most."""
BETWEEN, EMPTY = 0.25, 1.0
"""Seconds between two questions; and when there was nothing, and the portal had no room to hold the question until there is."""
TOLD_AT_ONCE = 100
REMEMBERED = 5000
"""Answers that could not be told to the portal yet."""


@dataclass
class Listener:
    """One run of the command. `say` prints a line."""

    portal: Portal
    to: str
    cursor_file: Path
    say: Callable[[str], None]
    name: str
    cursor: str = ""
    untold: deque[Mapping[str, Any]] = field(default_factory=lambda: deque(maxlen=REMEMBERED))
    failures: int = 0

    def run(self) -> None:
        """Until somebody stops it (KeyboardInterrupt) or the portal refuses the key (Refused)."""
        while True:
            try:
                self._once()
                self._recovered()
            except Away as away:
                self._pause(str(away), away.seconds)

    def _once(self) -> None:
        """At-least-once: the place is kept after each webhook, not before."""
        began = time.monotonic()
        found, cursor = self.portal.news(self.cursor)
        for one in found:
            self._pass_on(one)
            self._keep(one["cursor"])
        self._keep(cursor)
        self._tell()
        held = time.monotonic() - began > BETWEEN
        if not held:
            time.sleep(BETWEEN if found else EMPTY)

    def _keep(self, cursor: str) -> None:
        if cursor != self.cursor:
            place.keep(self.cursor_file, cursor)
            self.cursor = cursor

    def _pass_on(self, one: Mapping[str, Any]) -> None:
        body = one["body"].encode() if "body" in one else b64decode(one["body_base64"])
        self.say(telling.webhook(one, body))
        answer = self._until_somebody_is_there(one, body)
        self.say(telling.answered(answer))
        self.untold.append(
            {
                "webhook": one["key"],
                "to": f"{self.name}: {self.to}",
                "status": answer.status,
                "error": answer.error,
                "milliseconds": round(answer.milliseconds, 1),
            }
        )

    def _until_somebody_is_there(self, one: Mapping[str, Any], body: bytes) -> Answered:
        """A program that is being restarted loses nothing: its webhooks wait."""
        headers, tries = [(name, value) for name, value in one["headers"]], 0
        while True:
            try:
                return pass_on(self.to, headers, body)
            except NobodyThere as nobody:
                if tries == 0:
                    self.say(f"          Nothing answers at {self.to} ({nobody}). The webhooks wait until it does.")
                time.sleep(_backing_off(tries))
                tries += 1

    def _tell(self) -> None:
        """Those that cannot be told now are told with the next."""
        while self.untold:
            some = list(self.untold)[:TOLD_AT_ONCE]
            with suppress(Refused):  # one of them is kept no longer
                self.portal.tell(some)
            for _ in some:
                self.untold.popleft()

    def _recovered(self) -> None:
        if self.failures:
            self.say("The portal answers again.")
        self.failures = 0

    def _pause(self, words: str, seconds: float) -> None:
        wait = max(seconds, _backing_off(self.failures))
        if self.failures == 0:
            self.say(f"{words}. Trying again; nothing is lost.")
        self.failures += 1
        time.sleep(wait)


def _backing_off(tries: int) -> float:
    """Half a second, one, two, … spread so that many listeners do not return at once."""
    longer: float = min(0.5 * 2.0 ** min(tries, 10), SLOWEST)
    return longer * random.uniform(0.8, 1.2)  # noqa: S311 - spreads load, guards nothing

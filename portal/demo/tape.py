"""Runs and webhooks taken down once between the portal and its embedded sandbox; names, ids and times are put in anew.

A mark is ⟦name⟧, ⟦name|quoted⟧, or a moment counted from the beginning: ⟦+0.25⟧ and ⟦http+2⟧ in seconds, ⟦day+6⟧ and ⟦words+6⟧ in days.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

FILE = Path(__file__).parent / "data/recorded.json"
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MARK = re.compile(r"⟦(?:(?P<kind>http|day|words)?\+(?P<count>-?[\d.]+)|(?P<name>\w+)(?:\|(?P<how>quoted|upper))?)⟧")
_ID = re.compile(r"\b(BA|BRF|BRQ|CBD|CU|EV|MD|MRQ|PM|PO|RF|SU|WB)([0-9A-HJKMNP-TV-Z]{12,29})\b")


@cache
def recorded(name: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))[name]
    return found


@dataclass(frozen=True, slots=True)
class Tape:
    """One playing: `values` stand for the names; the ids of `salt` are nobody else's."""

    values: Mapping[str, str]
    begun: datetime
    salt: str

    def play(self, told: Any) -> Any:
        """The same document with every text filled in."""
        if isinstance(told, str):
            return _ID.sub(self._id, _MARK.sub(self._fill, told))
        if isinstance(told, dict):
            return {name: self.play(value) for name, value in told.items()}
        return [self.play(value) for value in told] if isinstance(told, list) else told

    def after(self, seconds: float) -> datetime:
        return self.begun + timedelta(seconds=seconds)

    def _fill(self, mark: re.Match[str]) -> str:
        if mark["count"]:
            return self._moment(mark["kind"] or "", float(mark["count"]))
        value = self.values[mark["name"]]
        return quote(value, safe="") if mark["how"] == "quoted" else value.upper() if mark["how"] else value

    def _moment(self, kind: str, count: float) -> str:
        if kind in ("day", "words"):
            day = (self.begun + timedelta(days=count)).date()
            return day.isoformat() if kind == "day" else f"{day.day} {day:%b %Y}"
        at = self.after(count).astimezone(UTC)
        return format_datetime(at, usegmt=True) if kind else at.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def _id(self, known: re.Match[str]) -> str:
        number = int.from_bytes(hashlib.sha256((self.salt + known[0]).encode()).digest())
        return known[1] + "".join(ALPHABET[number >> 5 * place & 31] for place in range(len(known[2])))

"""What was typed into a section's form, and how it is told apart from what others saved meanwhile."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from portal.catalog import Value

NOTE = "-"
"""Stands for the section's additional comments where questions go by their key; no key looks like this."""


@dataclass(frozen=True, slots=True)
class Stored:
    """An answer with its comment as the database has it; version 0 was never saved."""

    value: Value | None = None
    comment: str = ""
    version: int = 0
    by_id: int | None = None
    at: datetime | None = None

    @property
    def token(self) -> str:
        """Travels in the form: which version it shows, and what that said."""
        return f"{self.version}.{digest(self.value, self.comment)}"


@dataclass(frozen=True, slots=True)
class TypedAnswer:
    """One question of a posted form; `base` is the token that the form carried."""

    value: Value | None
    comment: str
    base: str = ""

    @property
    def base_version(self) -> int:
        number = self.base.partition(".")[0]
        return int(number) if number.isascii() and number.isdigit() and len(number) < 10 else 0

    @property
    def untouched(self) -> bool:
        """This person changed nothing: what is posted is what the form showed."""
        return self.base.partition(".")[2] == digest(self.value, self.comment)


Typed = Mapping[str, TypedAnswer]
"""By question key; the additional comments under NOTE."""


class Fate(Enum):
    """What becomes of one posted answer."""

    SAME = "same"
    TAKEN = "taken"
    CONFLICT = "conflict"
    SEALED = "sealed"


def fate(typed: TypedAnswer, stored: Stored, *, may_edit: bool) -> Fate:
    """Nothing is overwritten that the form did not show, and nothing that is sealed."""
    if typed.untouched or (typed.value, typed.comment) == (stored.value, stored.comment):
        return Fate.SAME
    if not may_edit:
        return Fate.SEALED
    return Fate.TAKEN if typed.base_version == stored.version else Fate.CONFLICT


def digest(value: Value | None, comment: str) -> str:
    return hashlib.sha256(json.dumps([value, comment]).encode()).hexdigest()[:16]

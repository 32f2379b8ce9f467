"""What was done to prove each language's code, as the tests recorded it when the code was last changed."""

import hashlib
import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from portal.samples.languages import PARTS, Language

RECORD = Path(__file__).parent / "checked.toml"


class How(StrEnum):
    RUN = "run"
    COMPILED = "compiled"
    PARSED = "parsed"
    READ = "read"

    @property
    def words(self) -> str:
        return WORDS[self]


WORDS = {
    How.RUN: "Run against the embedded sandbox",
    How.COMPILED: "Compiled, not run",
    How.PARSED: "Syntax checked, not run",
    How.READ: "Neither compiled nor run here",
}


@dataclass(frozen=True, slots=True)
class Checked:
    """`how` by the key of a part; `tool` is what it was done with; `digest` is of the files that it was done to."""

    tool: str
    digest: str
    how: dict[str, How]

    def groups(self) -> list[tuple[How, list[str]]]:
        """The titles of the parts by what was done to them, the best first."""
        found = [(how, [part.title for part in PARTS if self.how[part.key] is how]) for how in How]
        return [(how, titles) for how, titles in found if titles]


@cache
def checked() -> dict[str, Checked]:
    """By the key of a language."""
    stored = tomllib.loads(RECORD.read_text(encoding="utf-8"))
    return {
        key: Checked(row["tool"], row["digest"], {part: How(how) for part, how in row["parts"].items()})
        for key, row in stored.items()
    }


def digest(language: Language) -> str:
    """Of all files of a language as they are on disk: another one means that nobody has checked them since."""
    return hashlib.sha256("\0".join(language.source(part) for part in PARTS).encode()).hexdigest()

"""Texts to begin with: Markdown files with a TOML head, which staff turn into drafts and the demo publishes."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from portal.status import ContentKind

FOLDER = Path(__file__).parent / "starters"
FENCE = "+++\n"
KEPT = ("tags", "schemes", "categories", "countries", "stage", "horizon", "link")


@dataclass(frozen=True, slots=True)
class Starter:
    name: str
    """Of its file."""
    head: Mapping[str, Any]
    body: str

    @property
    def kind(self) -> ContentKind:
        return ContentKind(self.head["kind"])

    @property
    def title(self) -> str:
        return str(self.head["title"])

    def values(self) -> dict[str, Any]:
        """What a draft takes from it; days are for whoever publishes it to choose."""
        said = {"title": self.title, "summary": str(self.head["summary"]), "body": self.body}
        return {**{name: self.head[name] for name in KEPT if name in self.head}, "texts": {"en": said}}


@cache
def starters(folder: Path = FOLDER) -> tuple[Starter, ...]:
    """By kind and title."""
    found = (_read(file) for file in folder.glob("*.md"))
    return tuple(sorted(found, key=lambda one: (list(ContentKind).index(one.kind), one.title)))


def find(name: str) -> Starter | None:
    return next((one for one in starters() if one.name == name), None)


def _read(file: Path) -> Starter:
    """Raises ValueError, which names the file, for a head that is not there."""
    empty, fence, rest = file.read_text(encoding="utf-8").partition(FENCE)
    head, fence_again, body = rest.partition(FENCE)
    if empty or not (fence and fence_again):
        raise ValueError(f"{file.name} must begin with a head between two lines of +++")
    return Starter(file.stem, tomllib.loads(head), body.strip())

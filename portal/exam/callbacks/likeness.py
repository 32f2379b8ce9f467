"""Whether a page says what the page of a successful connection says: its words compared, without numbers, names and ids."""

import re
from difflib import SequenceMatcher
from html import unescape

from portal.exam.addresses import parsed
from portal.exam.connecting import Return
from portal.exam.rig import Rig
from portal.exam.visitor import Page

SILENT = re.compile(r"(?is)<(script|style|head)\b.*?</\1\s*>|<!--.*?-->|<[^>]*>")
ID = re.compile(r"\b(?=\w*\d)[\w-]+\b")
WORDS = 400
LIKE = 0.95
FEWEST = 3
"""Words that a page must have to be compared: the shell of an application that draws itself says nothing."""


def keep(rig: Rig, made: Return) -> None:
    """What success looks like, for the experiments that follow."""
    if made.connected and made.page.ok:
        rig.carried["success"] = {"path": _path(made.page), "words": words(made.page.text)}


def same(rig: Rig, page: Page) -> bool:
    """Whether this page tells the merchant the same as after a success."""
    success = rig.carried.get("success")
    if not success or not page.ok or _path(page) != success["path"] or len(success["words"]) < FEWEST:
        return False
    return SequenceMatcher(None, words(page.text), success["words"], autojunk=False).ratio() >= LIKE


def words(text: str) -> list[str]:
    plain = unescape(SILENT.sub(" ", text[:100_000]))
    return ID.sub("#", plain).split()[:WORDS]


def _path(page: Page) -> str:
    parts = parsed(page.url)
    return ID.sub("#", f"{parts.path}?{parts.query}")

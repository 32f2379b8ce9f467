"""Compares a rendered mail or page with a file in tests/data, so that a changed word is seen in the review of the change.

PORTAL_UPDATE_SNAPSHOTS=1 writes the files instead; read the difference before committing it.
"""

import os
from pathlib import Path

DATA = Path(__file__).parent / "data"


def same(text, name):
    """Raise AssertionError unless tests/data/<name> holds exactly this text."""
    file = DATA / name
    if os.environ.get("PORTAL_UPDATE_SNAPSHOTS"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    assert file.exists(), f"there is no {file}; make it with PORTAL_UPDATE_SNAPSHOTS=1"
    assert text == file.read_text(encoding="utf-8"), f"{name} has changed; if that is meant, run with PORTAL_UPDATE_SNAPSHOTS=1"

"""Where a listener is in the stream of webhooks, in a small file: it goes on from there after a restart or a crash."""

import json
import os
from contextlib import suppress
from hashlib import sha256
from pathlib import Path


def usual(portal: str, key: str, to: str) -> Path:
    """The file of this portal, key and target; the key itself is not in it, nor in its name."""
    name = sha256(f"{portal}\n{sha256(key.encode()).hexdigest()}\n{to}".encode()).hexdigest()[:16]
    folder = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(folder) / "partner-portal" / f"listen-{name}.json"


def read(path: Path) -> str:
    """The cursor that was kept; empty when there is none, or the file cannot be understood."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        cursor = json.loads(path.read_text())["cursor"]
        return cursor if isinstance(cursor, str) and cursor.isdecimal() else ""
    return ""


def keep(path: Path, cursor: str) -> None:
    """Written aside and renamed: a crash leaves the old cursor or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    aside = path.with_name(f"{path.name}.{os.getpid()}")
    with aside.open("w") as file:
        json.dump({"cursor": cursor}, file)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)

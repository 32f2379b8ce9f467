"""What a listener prints: one line a webhook. What strangers wrote cannot move the cursor or colour the terminal."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from portal.listener.passing import Answered

WIDTH = 34


def webhook(one: Mapping[str, Any], body: bytes) -> str:
    """Time, events, verdict, and what the portal answered."""
    at = datetime.fromisoformat(one["received_at"]).astimezone()
    test = "  (test)" if one.get("test") else ""
    return f"{at:%H:%M:%S}  {events(body):<{WIDTH}}  {plain(one['verdict'])}, portal answered {one['answer']}{test}"


def answered(answer: Answered) -> str:
    said = str(answer.status) if answer.status is not None else answer.error
    return f"          → {said} in {answer.milliseconds:.0f} ms"


def events(body: bytes) -> str:
    """“payments confirmed +3” of a body; in words when it is none of a webhook."""
    try:
        found = json.loads(body)["events"]
        first = f"{found[0]['resource_type']} {found[0]['action']}"
    except (ValueError, KeyError, TypeError, IndexError, RecursionError):
        return f"{len(body)} bytes that are no events"
    return plain(first)[:WIDTH] + (f" +{len(found) - 1}" if len(found) > 1 else "")


def plain(text: object) -> str:
    """Printable characters only."""
    return "".join(char if char.isprintable() else "·" for char in str(text))

"""Hands a webhook to the endpoint and notes how it was answered; one that stays silent is not asked again and again."""

from collections.abc import Mapping
from typing import Any

from portal.exam.endpoint import events
from portal.exam.rig import Rig
from portal.outgoing import NotSent

Answered = dict[str, Any]
"""`status` (None: no answer, and `problem` says why), `milliseconds`, `location` of a redirect, `unsent` when it was given up."""
ENOUGH = 2
"""Webhooks in a row without an answer, after which no more are sent."""
SILENT = "silent"


def deliver(rig: Rig, body: bytes, signature: str | None, words: str, headers: Mapping[str, str] | None = None) -> Answered:
    if rig.carried.get(SILENT, 0) >= ENOUGH:
        return {"status": None, "unsent": True, "problem": "It was not sent, for the endpoint had not answered several times."}
    sent = rig.deliver(body, signature, headers, words=words)
    if isinstance(sent, NotSent):
        rig.carried[SILENT] = rig.carried.get(SILENT, 0) + 1
        return {"status": None, "problem": str(sent), "code": sent.code, "milliseconds": 0.0}
    rig.carried[SILENT] = 0
    location = next((value for name, value in sent.response_headers.items() if name.lower() == "location"), "")
    return {"status": sent.status, "milliseconds": round(sent.milliseconds, 1), "location": location}


def signed(rig: Rig, body: bytes, words: str) -> Answered:
    """As GoCardless would."""
    return deliver(rig, body, rig.sign(body), words)


def tell(rig: Rig, words: str, *told: events.Json) -> Answered:
    """One genuine webhook with these events."""
    return signed(rig, events.webhook(*told), words)


def taken(answer: Answered) -> bool:
    return answer["status"] is not None and 200 <= answer["status"] < 300

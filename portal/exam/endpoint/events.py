"""Events and webhooks as GoCardless writes them (reference: Events and webhooks), with ids that are made up where nobody asks for more."""

import json
import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from portal import clock

Json = dict[str, Any]
SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
MOST = 250
"""Events in one webhook."""
LATER = "Payment submitted to the banks. As a result, it can no longer be cancelled."
WORDS: Mapping[str, str] = {"created": "Payment created via the API.", "submitted": LATER}
GONE = "Your app has been has disconnected from this organisation"  # GoCardless's own words, doubled as they send them


def identity(prefix: str) -> str:
    return prefix + "".join(secrets.choice(SIGNS) for _ in range(12))


def event(kind: str, action: str, links: Mapping[str, str], *, ago: float = 0, **more: Any) -> Json:
    """`ago` seconds: how long it is since it happened."""
    at = clock.now() - timedelta(seconds=ago)
    singular = kind.removesuffix("s")
    known: Json = {
        "id": identity("EV"),
        "created_at": f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}Z",
        "resource_type": kind,
        "action": action,
        "links": dict(links),
        "details": {"origin": "gocardless", "cause": f"{singular}_{action}", "description": WORDS.get(action, "")},
        "metadata": {},
        "resource_metadata": {},
    }
    return known | more


def of_payment(action: str = "created", *, payment: str = "", organisation: str = "", **more: Any) -> Json:
    """About a payment of a merchant; without them, about one that nobody knows."""
    links = {"payment": payment or identity("PM"), "organisation": organisation or identity("OR")}
    return event("payments", action, links, **more)


def disconnected(organisation: str) -> Json:
    """The last that is heard of a merchant: it has no id."""
    details = {"cause": "app_disconnected", "origin": "gocardless", "description": GONE}
    return event("organisations", "disconnected", {"organisation": organisation}, details=details) | {"id": None}


def webhook(*events: Json) -> bytes:
    """Compact and plain ASCII, as GoCardless sends them."""
    return json.dumps(document(*events), separators=(",", ":")).encode()


def document(*events: Json) -> Json:
    return {"events": list(events), "meta": {"webhook_id": identity("WB")}}

"""What is said about a webhook while its sender waits: who sent it, by its signature over the bytes as they came."""

import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from portal import clock
from portal.models.columns import new_key
from portal.status import Signature
from portal.webhooks import bodies
from portal.webhooks.endpoints import Endpoint
from portal.webhooks.reasons import Reason

HEADER = "Webhook-Signature"
ANSWERS = {
    Signature.VALID: 204,
    Signature.PREVIOUS: 204,
    Signature.INVALID: 498,
    Signature.MISSING: 498,
    Signature.UNCHECKED: 413,
}


def verdict(endpoint: Endpoint, raw: bytes, header: str | None) -> tuple[Signature, Reason | None]:
    """What the signature says, and why it does not fit where that is plain to see; the rest is found out later."""
    if header is None:
        return Signature.MISSING, Reason.MISSING_HEADER
    if not header.strip(" \t"):
        return Signature.MISSING, Reason.EMPTY_HEADER
    if not endpoint.secret:
        return Signature.INVALID, Reason.NO_SECRET
    given = header.encode("latin-1", "replace")  # as bytes: the comparison refuses other text
    if _fits(endpoint.secret, raw, given):
        return Signature.VALID, None
    in_overlap = endpoint.previous_until is not None and endpoint.previous_until > clock.now()
    if endpoint.previous and in_overlap and _fits(endpoint.previous, raw, given):
        return Signature.PREVIOUS, None
    return Signature.INVALID, None


def _fits(secret: bytes, raw: bytes, given: bytes) -> bool:
    expected = hmac.new(secret, raw, hashlib.sha256).hexdigest().encode()
    return hmac.compare_digest(expected, given)


def row(endpoint: Endpoint, raw: bytes | None, headers: Sequence[tuple[str, str]], *, at: datetime) -> dict[str, Any]:
    """The delivery as it is stored at once; events and what it is found by are added by the worker.

    `raw` is None for a body that was too large to be taken: it is noted with the length that it claimed to have.
    """
    named = {name.lower(): value for name, value in headers}
    reason: Reason | None
    if raw is None:
        signature, reason, size = Signature.UNCHECKED, Reason.TOO_LARGE, _claimed(named.get("content-length", ""))
    else:
        (signature, reason), size = verdict(endpoint, raw, named.get(HEADER.lower())), len(raw)
    return {
        "key": new_key(),
        "partner_id": endpoint.partner_id,
        "app_id": endpoint.app_id,
        "received_at": at,
        "signature": signature,
        "reason": reason or "",
        "answer": ANSWERS[signature],
        "size": size,
        "parsed_at": None,
        "problem": "",
        "events": 0,
        "summary": {},
        "headers": bodies.kept_headers(headers),
        "body": bodies.packed(raw or b""),
        "found_by": b"",
    }


def _claimed(length: str) -> int:
    return min(int(length[:12]), 2**31 - 1) if length.isascii() and length.isdecimal() else 0

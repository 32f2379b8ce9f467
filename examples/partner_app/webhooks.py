"""Receiving webhooks: is it GoCardless's, keep what it tells, answer at once. Acting on it comes later (events.py)."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, current_app, request
from flask.typing import ResponseReturnValue

from examples.partner_app.house import here

bp = Blueprint("webhooks", __name__)
INVALID_TOKEN = 498
"""What GoCardless suggests for a signature that is not right."""


@bp.post("/webhooks")
def receive() -> ResponseReturnValue:
    body = request.get_data()  # the bytes as they came: what is parsed and written anew has another signature
    if not genuine(body, request.headers.get("Webhook-Signature", ""), here().settings.webhook_secrets):
        return "The signature is not right.", INVALID_TOKEN
    keep(body)
    return "", 204


def genuine(body: bytes, signature: str, secrets: tuple[str, ...]) -> bool:
    """Whether one of the secrets made this signature; compared in constant time, so that nobody can guess it bit by bit."""
    return any(hmac.compare_digest(signed(body, secret).encode(), signature.encode()) for secret in secrets)


def signed(body: bytes, secret: str) -> str:
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def keep(body: bytes) -> None:
    """Store the events and wake who acts on them. What cannot be read will not get better by being sent again."""
    try:
        events = [event for event in json.loads(body)["events"] if isinstance(event, dict)]
        here().store.receive([(key(event), event) for event in events])
    except (ValueError, LookupError, TypeError):
        current_app.logger.warning("A webhook with a good signature could not be read.")
    here().processor.wake()


def key(event: Mapping[str, Any]) -> str:
    """Its id. The last webhook of an organisation, which says that it disconnected, has none: there the content names it."""
    return str(event.get("id") or "") or "content-" + hashlib.sha256(json.dumps(event, sort_keys=True).encode()).hexdigest()

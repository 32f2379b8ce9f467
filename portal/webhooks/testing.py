"""A webhook from the portal to itself: made, signed and received like a real one, and honest about being a test."""

import json
import secrets
import time
from datetime import datetime
from string import ascii_uppercase, digits

from portal import clock
from portal.extensions import db
from portal.models.partner_app import PartnerApp
from portal.refusals import Refusal
from portal.transaction import release
from portal.webhooks import attempts, group, receiving
from portal.webhooks.endpoints import Endpoint
from portal.webhooks.lines import TEST

AGENT = "partner-portal-test-webhook"
_SIGNS = ascii_uppercase + digits


class CannotTest(Refusal):
    """What is missing before a test webhook can be sent."""


def send(app: PartnerApp) -> str:
    """The key of the new delivery, which is stored when this returns. Raises CannotTest."""
    if app.retired_at:
        raise CannotTest("The app is retired: it receives nothing any more.")
    if not app.webhook_secret:
        raise CannotTest("The app has no webhook secret yet, so that nothing can be signed. Add it to the app first.")
    began, at = time.perf_counter(), clock.now()
    body = _body(at)
    signed = attempts.signature(app.webhook_secret, body)
    endpoint = Endpoint(app.id, app.partner_id, app.webhook_secret.encode(), b"", None)
    values = receiving.row(endpoint, body, _headers(signed), at=at)
    release()
    try:
        group.store(db.engine, values, began)
    except group.NotStored as error:
        raise CannotTest("The portal is busy at the moment. Try again in a few seconds.") from error
    return str(values["key"])


def _headers(signed: str) -> list[tuple[str, str]]:
    return [("Content-Type", "application/json"), ("User-Agent", AGENT), (receiving.HEADER, signed)]


def _body(at: datetime) -> bytes:
    """Ids that nobody mistakes for real ones, as GoCardless's own test webhooks have them (reference/gocardless-api.md 4.3)."""
    event = {
        "id": f"EVTEST{_random(8)}",
        "created_at": f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}Z",
        "resource_type": "payments",
        "action": "confirmed",
        "links": {"payment": "PMTEST000000"},
        "details": {
            "origin": "gocardless",
            "cause": "payment_confirmed",
            "description": "A test webhook of the Partner Portal. No payment belongs to it.",
        },
        "metadata": {},
    }
    return json.dumps({"events": [event], "meta": {"webhook_id": f"{TEST}{_random(8)}"}}, separators=(",", ":")).encode()


def _random(many: int) -> str:
    return "".join(secrets.choice(_SIGNS) for _ in range(many))

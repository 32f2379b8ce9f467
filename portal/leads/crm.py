"""Changes of leads sent on to a CRM: signed as Standard Webhooks 1.0 asks, at least once, through the outbox."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime

from portal import outbox, outgoing
from portal.config import Settings
from portal.models.event import Event
from portal.models.lead import Lead
from portal.models.outbox import Task
from portal.outbox import Job, Undeliverable

PREFIX = "whsec_"


class _Current:
    on = False


def configure(settings: Settings) -> None:
    """Raises ValueError when there is an address and no secret to sign with."""
    _Current.on = bool(settings.crm_url)
    if _Current.on:
        signature("check", 0, b"", settings.crm_secret.get_secret_value())


def enqueue(lead: Lead, *, event: Event) -> None:
    """In the open transaction; nothing when no CRM is configured."""
    if not _Current.on:
        return
    told = {
        "type": "lead.moved",
        "timestamp": event.at.isoformat(),
        "data": {
            "lead": lead.key, "partner": lead.partner.key, "partner_name": lead.partner.name, "status": lead.status.value,
            "company": lead.company, "country": lead.country, "currency": lead.currency, "yearly_volume": lead.yearly_volume,
            "reason": lead.reason, "fields": lead.values,
        },
    }  # fmt: skip
    outbox.enqueue(Task.CRM, {"body": json.dumps(told)}, title=f"Tell the CRM of lead {lead.key}", event=event)


def deliver(job: Job, settings: Settings) -> None:
    """One attempt. Raises when it was not taken, so that it is tried again."""
    if not settings.crm_url:
        raise Undeliverable("There is no CRM any more.")
    body, at = str(job.payload["body"]).encode(), int(datetime.now(UTC).timestamp())
    headers = {
        "Content-Type": "application/json",
        "webhook-id": f"lead_{job.key}",
        "webhook-timestamp": str(at),
        "webhook-signature": signature(f"lead_{job.key}", at, body, settings.crm_secret.get_secret_value()),
    }
    answer = outgoing.send("POST", settings.crm_url, headers=headers, body=body)
    if not 200 <= answer.status < 300:
        raise RuntimeError(f"The CRM answered {answer.status}.")


def signature(message_id: str, at: int, body: bytes, secret: str) -> str:
    """`v1,` and the base64 of HMAC-SHA256 over id.timestamp.body. Raises ValueError for what is no whsec_ secret."""
    if not secret.startswith(PREFIX):
        raise ValueError("PORTAL_CRM_SECRET must begin with whsec_")
    key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    signed = hmac.new(key, b".".join((message_id.encode(), str(at).encode(), body)), hashlib.sha256)
    return "v1," + base64.b64encode(signed.digest()).decode()

"""Webhooks as JSON, for programs: the same shape for a listener, an export and a look at one."""

import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, bindparam, select

from portal.extensions import rows
from portal.models.delivery import Delivery
from portal.models.partner_app import PartnerApp
from portal.status import Signature, look
from portal.webhooks import bodies, parsing, reasons
from portal.webhooks.parsing import Found
from portal.webhooks.walks import COLUMNS

AT_ONCE = 4_000_000
"""Bytes of bodies in one answer or one piece of an export."""
_WHOLE = (
    select(*COLUMNS, Delivery.headers, Delivery.body, PartnerApp.key.label("app_key"), PartnerApp.name, PartnerApp.environment)
    .join(PartnerApp, PartnerApp.id == Delivery.app_id)
    .where(Delivery.id.in_(bindparam("ids", expanding=True)))
)


def fitting(found: Sequence[Row[Any]]) -> list[int]:
    """The ids of as many rows as can be told at once, in their order; at least one."""
    ids: list[int] = []
    size = 0
    for row in found:
        size += row.size
        if ids and size > AT_ONCE:
            break
        ids.append(row.id)
    return ids


def whole(ids: Sequence[int]) -> list[dict[str, Any]]:
    """All of these, in this order, as JSON takes them; those that are gone are left out."""
    found = {row.id: row for row in rows(_WHOLE, {"ids": ids})} if ids else {}
    return [_told(found[one]) for one in ids if one in found]


def _told(row: Row[Any]) -> dict[str, Any]:
    body = bodies.unpacked(row.body, row.size) if row.body else b""
    read = parsing.understand(body)
    return {
        "key": row.key,
        "cursor": str(row.id),
        "received_at": row.received_at.isoformat(),
        "app": {"key": row.app_key, "name": row.name, "environment": row.environment.value},
        "signature": row.signature.value,
        "verdict": look(Signature(row.signature)).words,
        "reasons": [sentence.wrong % sentence.values for sentence in reasons.sentences(row.reason, row.summary)],
        "answer": row.answer,
        "milliseconds": row.milliseconds,
        "problem": read.problem,
        "events": [_event(event) for event in read.events],
        "headers": row.headers,
        "size": row.size,
        **_body(body),
    }


def _event(event: Found) -> Mapping[str, Any]:
    return {
        "id": event.event_id,
        "type": event.name,
        "created_at": event.created_at,
        "resource": event.resource_id,
        "organisation": event.organisation_id,
    }


def _body(body: bytes) -> dict[str, str]:
    """As text when that says exactly the same bytes, otherwise in Base64."""
    try:
        return {"body": body.decode()}
    except UnicodeDecodeError:
        return {"body_base64": b64encode(body).decode()}


def line(told: Mapping[str, Any]) -> bytes:
    """One line of an export."""
    return json.dumps(told, separators=(",", ":")).encode() + b"\n"

"""One webhook looked at closely: its body as people read it, its events with what came before, how it was passed on."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import aliased

from portal.extensions import rows
from portal.models.delivery import Delivery, DeliveryEvent, Forward
from portal.models.partner_app import Connection
from portal.models.people import User
from portal.webhooks import bodies, parsing
from portal.webhooks.known import published
from portal.webhooks.parsing import Found

SHOWN = 100_000
"""Characters of a body on a page; the whole is a download."""
HEX = 4_096
"""Bytes of a body that is no text."""
ATTEMPTS = 50
_BYTES = select(Delivery.headers, Delivery.body).where(Delivery.id == bindparam("delivery_id"))
_FIRST = aliased(Delivery)
_EVENTS = (
    select(DeliveryEvent, Connection.creditor_name, Connection.key.label("connection_key"), _FIRST.key.label("first_key"))
    .outerjoin(Connection, Connection.id == DeliveryEvent.connection_id)
    .outerjoin(_FIRST, (_FIRST.id == DeliveryEvent.first_id) & (_FIRST.partner_id == DeliveryEvent.partner_id))
    .where(DeliveryEvent.delivery_id == bindparam("delivery_id"))
    .order_by(DeliveryEvent.position, DeliveryEvent.id)
)
_ATTEMPTS = (
    select(
        Forward.kind, Forward.attempt, Forward.to, Forward.at, Forward.status, Forward.error, Forward.milliseconds,
        Forward.next_at, User.name,
    )
    .outerjoin(User, User.id == Forward.by_id)
    .where(Forward.delivery_id == bindparam("delivery_id"))
    .order_by(Forward.id.desc())
    .limit(ATTEMPTS)
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Body:
    """What a page shows of the bytes. Empty texts have nothing to show; `cut` when there is more."""

    size: int
    pretty: str
    raw: str
    hexadecimal: str
    cut: bool


@dataclass(frozen=True, slots=True)
class Event:
    """One event, with what is known of it: `first_key` is the delivery that brought it before."""

    name: str
    event_id: str
    created_at: str
    resource: str
    organisation: str
    creditor: str
    connection_key: str
    first_key: str
    repeated: bool
    late: bool
    known: bool


def read(delivery: Delivery) -> tuple[list[list[str]], bytes]:
    """Headers and body: they stay where they are until somebody looks."""
    found = rows(_BYTES, {"delivery_id": delivery.id}).one()
    return found.headers, bodies.unpacked(found.body, delivery.size) if found.body else b""


def body(raw: bytes) -> Body:
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        return Body(len(raw), "", "", hexadecimal(raw[:HEX]), len(raw) > HEX)
    return Body(len(raw), pretty(text)[:SHOWN], text[:SHOWN], "", len(text) > SHOWN)


def pretty(text: str) -> str:
    """The JSON indented, its keys as they came; nothing when it is none, or when Python refuses it.

    For reading: a number such as 1.10 is shown as 1.1, and what exactly was sent stands beside it.
    """
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return ""


def hexadecimal(raw: bytes) -> str:
    """Sixteen bytes a line: place, bytes, and what of them is text."""
    lines = []
    for start in range(0, len(raw), 16):
        piece = raw[start : start + 16]
        text = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in piece)
        lines.append(f"{start:08x}  {piece.hex(' '):<47}  {text}")
    return "\n".join(lines)


def events(delivery: Delivery, raw: bytes) -> list[Event]:
    """Those that were stored, with what came before; of a webhook that nobody signed only what it says itself."""
    stored = rows(_EVENTS, {"delivery_id": delivery.id}).all()
    if stored:
        return [_stored(row) for row in stored]
    return [_said(event) for event in parsing.understand(raw).events]


def _stored(row: Row[Any]) -> Event:
    known = published(row.resource_type, row.action)
    return Event(
        f"{row.resource_type}.{row.action}", row.event_id or "", row.created_at, row.resource_id, row.organisation_id,
        row.creditor_name or "", row.connection_key or "", row.first_key or "", row.first_id is not None, row.late, known,
    )  # fmt: skip


def _said(event: Found) -> Event:
    return Event(
        event.name, event.event_id or "", event.created_at, event.resource_id, event.organisation_id, "", "", "",
        repeated=False, late=False, known=event.known,
    )  # fmt: skip


def attempts(delivery: Delivery) -> Sequence[Row[Any]]:
    """How it was passed on, newest first."""
    return rows(_ATTEMPTS, {"delivery_id": delivery.id}).all()

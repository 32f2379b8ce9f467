"""What follows from a delivery that was read: its events, what it is found by, and what the list says of it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, bindparam, insert, update

from portal import clock
from portal.extensions import Base, db
from portal.models.delivery import Delivery
from portal.status import Signature
from portal.webhooks import bodies, disconnecting, history, indexing, parsing, values
from portal.webhooks.history import History
from portal.webhooks.parsing import Found, Understood
from portal.webhooks.reasons import Explanation
from portal.webhooks.values import Kind, Mark

SIGNED = frozenset({Signature.VALID, Signature.PREVIOUS})
NAMES = 5
"""Kinds of event that the list names."""
COLUMNS = (
    Delivery.id, Delivery.partner_id, Delivery.app_id, Delivery.signature, Delivery.reason, Delivery.answer, Delivery.size,
    Delivery.headers, Delivery.body,
)  # fmt: skip
Event = dict[str, Any]
"""The columns of a DeliveryEvent, and its cause."""
_EVENT, _VALUE = insert(Base.metadata.tables["delivery_event"]), insert(Base.metadata.tables["delivery_value"])
_CHANGES = ("parsed_at", "problem", "events", "summary", "reason", "found_by")
_CHANGE = (
    update(Base.metadata.tables["delivery"])
    .where(Base.metadata.tables["delivery"].c.id == bindparam("its_id"))
    .values({name: bindparam(name) for name in _CHANGES})
)


@dataclass(frozen=True, slots=True)
class Read:
    """A delivery (a row of COLUMNS) with its bytes and what they say."""

    row: Row[Any]
    raw: bytes
    said: Understood
    explanation: Explanation | None = None

    @property
    def id(self) -> int:
        return int(self.row.id)

    @property
    def signed(self) -> bool:
        return self.row.signature in SIGNED

    @property
    def reason(self) -> str:
        return self.explanation.reason.value if self.explanation else str(self.row.reason)


def understood(row: Row[Any]) -> Read:
    if row.signature is Signature.UNCHECKED:
        return Read(row, b"", Understood())  # its body was not kept
    raw = bodies.unpacked(row.body, row.size)
    return Read(row, raw, parsing.understand(raw))


def store(read: Sequence[Read]) -> None:
    """All of it, in the open transaction. Only events of validly signed deliveries become rows."""
    known = history.of((one.row.partner_id, one.row.app_id, event) for one in read if one.signed for event in one.said.events)
    found = [[_event(one, event, known) for event in one.said.events] if one.signed else [] for one in read]
    events = [event for events in found for event in events]
    numbers = [_numbers(one, events) for one, events in zip(read, found, strict=True)]
    _insert(_EVENT, [{name: value for name, value in event.items() if name != "cause"} for event in events])
    _insert(_VALUE, [{"value": n, "delivery_id": one.id} for one, many in zip(read, numbers, strict=True) for n in many])
    _insert(_CHANGE, [_change(one, events, many) for one, events, many in zip(read, found, numbers, strict=True)])
    disconnecting.follow(events)


def _insert(statement: Any, rows: list[dict[str, Any]]) -> None:
    if rows:
        db.session.connection().execute(statement, rows)


def _event(one: Read, event: Found, known: History) -> Event:
    first_id, late = known.place(one.row.partner_id, one.id, event)
    return {
        "partner_id": one.row.partner_id,
        "delivery_id": one.id,
        "position": event.position,
        "event_id": event.event_id,
        "created_at": event.created_at,
        "resource_type": event.resource_type,
        "action": event.action,
        "resource_id": event.resource_id,
        "organisation_id": event.organisation_id,
        "connection_id": known.connections.get((one.row.app_id, event.organisation_id)),
        "first_id": first_id,
        "late": late,
        "cause": event.cause,
    }


def _numbers(one: Read, events: Sequence[Event]) -> list[int]:
    row = one.row
    facts = [(Kind.VERDICT, row.signature), (Kind.REASON, one.reason), (Kind.ANSWER, row.answer), (Kind.APP, row.app_id)]
    return indexing.numbers(row.partner_id, facts, one.said, _marks(one, _remarkable(one, events)))


def _change(one: Read, events: Sequence[Event], numbers: Sequence[int]) -> dict[str, Any]:
    return {
        "its_id": one.id,
        "parsed_at": clock.now(),
        "problem": one.said.problem,
        "events": one.said.total,
        "summary": _summary(one, events),
        "reason": one.reason,
        "found_by": values.packed(numbers),
    }


def _remarkable(one: Read, events: Sequence[Event]) -> Mapping[Mark, int]:
    """How many of its events are remarkable, and how."""
    return {
        Mark.REPEATED: sum(event["first_id"] is not None for event in events),
        Mark.LATE: sum(event["late"] for event in events),
        Mark.UNKNOWN: sum(not event.known for event in one.said.events),
    }


def _marks(one: Read, remarkable: Mapping[Mark, int]) -> Iterator[Mark]:
    yield from (mark for mark, many in remarkable.items() if many)
    if one.said.problem:
        yield Mark.PROBLEM


def _summary(one: Read, events: Sequence[Event]) -> dict[str, Any]:
    """What the list shows. Keys that have nothing to say are left out:

    event, resource, organisation, cause: of the first event; names: how many of each kind, the most frequent five;
    repeated, late, unknown: how many events are; webhook: the id that GoCardless gave it; signature: see Explanation.kept.
    """
    first = one.said.events[0] if one.said.events else None
    names = Counter(event.name for event in one.said.events).most_common(NAMES)
    told = {
        "event": first and first.name,
        "resource": first and first.resource_id,
        "organisation": first and first.organisation_id,
        "cause": first and first.cause,
        "names": dict(names),
        "webhook": one.said.webhook_id,
        "signature": one.explanation and one.explanation.kept(),
        **{mark.value: many for mark, many in _remarkable(one, events).items()},
    }
    return {name: value for name, value in told.items() if value}

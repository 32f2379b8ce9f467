"""What came before: which events are repetitions, which are late, and to which connections they belong."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, String, column, func, select, values
from sqlalchemy.orm import aliased

from portal.extensions import db
from portal.models.delivery import DeliveryEvent
from portal.models.partner_app import Connection
from portal.webhooks.parsing import Found

CHUNK = 400
"""Keys in one statement: two of them are sent for each."""
Key = tuple[int, str]
"""An id and whose: of a partner, or of an app."""


@dataclass
class History:
    """By partner and id, kept up to date while one delivery after the other is read."""

    first: dict[Key, int] = field(default_factory=dict)
    """The delivery that brought an event first."""
    newest: dict[Key, str] = field(default_factory=dict)
    """The time of a resource's newest event."""
    connections: dict[Key, int] = field(default_factory=dict)
    """By app and organisation."""

    def place(self, partner_id: int, delivery_id: int, event: Found) -> tuple[int | None, bool]:
        """The delivery that brought it first, if it is a repetition; and whether it is late. Remembers the event."""
        first = self.first.setdefault((partner_id, event.event_id), delivery_id) if event.event_id else delivery_id
        repeated = first != delivery_id
        resource = (partner_id, event.resource_id)
        newest = self.newest.get(resource, "")
        late = bool(event.resource_id and event.created_at) and event.created_at < newest and not repeated
        self.newest[resource] = max(newest, event.created_at)
        return (first if repeated else None), late


def of(events: Iterable[tuple[int, int, Found]]) -> History:
    """What the database knows of these events (partner, app, event): three look-ups for each few hundred of them."""
    listed = list(events)
    ids = {(partner, event.event_id) for partner, _, event in listed if event.event_id}
    resources = {(partner, event.resource_id) for partner, _, event in listed if event.resource_id}
    organisations = {(app, event.organisation_id) for _, app, event in listed if event.organisation_id}
    return History(_asked(ids, _first), _asked(resources, _newest), _asked(organisations, _connection))


def _asked(keys: set[Key], look_up: Any) -> dict[Key, Any]:
    found: dict[Key, Any] = {}
    for some in _chunks(keys):
        given = values(column("owner", Integer), column("name", String), name="given").data(some).cte("given")
        statement: Select[Any] = select(given.c.owner, given.c.name, look_up(given.c.owner, given.c.name).scalar_subquery())
        found |= {(owner, name): value for owner, name, value in db.session.execute(statement) if value is not None}
    return found


def _chunks(keys: set[Key]) -> Iterator[list[Key]]:
    rest = iter(sorted(keys))
    while some := list(islice(rest, CHUNK)):
        yield some


def _first(owner: ColumnElement[int], name: ColumnElement[str]) -> Select[Any]:
    event = aliased(DeliveryEvent)
    return select(event.delivery_id).where(event.partner_id == owner, event.event_id == name).order_by(event.id).limit(1)


def _newest(owner: ColumnElement[int], name: ColumnElement[str]) -> Select[Any]:
    event = aliased(DeliveryEvent)
    return select(func.max(event.created_at)).where(event.partner_id == owner, event.resource_id == name)


def _connection(owner: ColumnElement[int], name: ColumnElement[str]) -> Select[Any]:
    return select(Connection.id).where(Connection.app_id == owner, Connection.organisation_id == name)

"""Events: made by every move, listed by the API, and laid into the outbox of every endpoint that should hear of them."""

import time
from collections.abc import Mapping
from typing import Any

from sqlalchemy import bindparam, distinct, insert, or_, select

from portal.sandbox.store import documents
from portal.sandbox.store.documents import Doc
from portal.sandbox.store.tables import endpoints, event_links, outbox, tokens
from portal.sandbox.store.world import World, link

Json = dict[str, Any]
_connected = select(distinct(tokens.c.client_id)).where(
    tokens.c.organisation == bindparam("org"), tokens.c.revoked_at.is_(None)
)
_hearing = (
    select(endpoints.c.id, endpoints.c.client_id)
    .where(endpoints.c.enabled, or_(endpoints.c.organisation == bindparam("org"), endpoints.c.client_id.in_(_connected)))
    .order_by(endpoints.c.id)
)
_put = insert(outbox)
_put_links = insert(event_links)


def record(
    world: World,
    doc: Doc,
    action: str,
    details: Mapping[str, Any],
    *,
    links: Mapping[str, str] | None = None,
    metadata: Json | None = None,
) -> str:
    """Stores one event about ``doc`` and puts it into the outboxes, in the transaction of the change. Returns its id."""
    body: Json = {
        "resource_type": doc.kind,
        "action": action,
        "metadata": metadata if metadata is not None else {},
        "details": dict(details),
        "links": {**link(doc), **(links or {})},
        "resource_metadata": doc.body.get("metadata") or {},
        "source": world.source,
    }
    event = world.add("events", body)
    world.conn.execute(_put_links, [_link_row(world, event, name, value) for name, value in body["links"].items()])
    deliver(world, event.body)
    return event.id


def deliver(world: World, event: Json) -> None:
    """One outbox row per endpoint of this organisation and of the apps that are connected to it."""
    hearing = world.conn.execute(_hearing, {"org": world.organisation}).all()
    if hearing:
        world.conn.execute(_put, [_outbox_row(world, row.id, event, to_app=bool(row.client_id)) for row in hearing])


def with_organisation(event: Json, organisation: str) -> Json:
    """The same event as an app sees it: it names the organisation that it happened in."""
    return {**event, "links": {**event["links"], "organisation": organisation}}


def _outbox_row(world: World, endpoint: str, event: Json, *, to_app: bool) -> Json:
    said = with_organisation(event, world.organisation) if to_app else event
    return {"endpoint": endpoint, "organisation": world.organisation, "written_at": time.time(), "event": documents.dumps(said)}


def _link_row(world: World, event: Doc, name: str, value: str) -> Json:
    return {"organisation": world.organisation, "name": name, "value": value, "event": event.id}

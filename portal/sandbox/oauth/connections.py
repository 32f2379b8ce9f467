"""The bond between a merchant and an app: listed for the merchant, and ended by either side."""

from typing import Any

from sqlalchemy import func, insert, select

from portal.sandbox import organisations
from portal.sandbox.store import documents
from portal.sandbox.store.tables import apps, endpoints, outbox, tokens
from portal.sandbox.store.world import World

Json = dict[str, Any]
DESCRIPTION = "Your app has been has disconnected from this organisation"  # GoCardless's own words, doubled as they send them


def of(world: World) -> list[Any]:
    """The apps that may act for this organisation, with scope and since when."""
    mine = select(
        apps.c.client_id, apps.c.name, func.min(tokens.c.created_at).label("since"), func.max(tokens.c.scope).label("scope")
    )
    live = mine.join(tokens, tokens.c.client_id == apps.c.client_id).where(tokens.c.organisation == world.organisation)
    found = live.where(tokens.c.revoked_at.is_(None)).group_by(apps.c.client_id, apps.c.name).order_by(apps.c.name)
    return list(world.conn.execute(found).all())


def disconnect(world: World, client_id: str, *, tell: bool = True) -> bool:
    """Takes the app's tokens; the app hears of it by the one event that is stored nowhere. False when nothing was connected."""
    if not organisations.revoke_tokens(world.conn, world.organisation, client_id, world.stamp):
        return False
    hearing = select(endpoints.c.id).where(endpoints.c.client_id == client_id, endpoints.c.enabled)
    for endpoint in world.conn.execute(hearing).scalars().all() if tell else ():
        world.conn.execute(insert(outbox), _row(world, endpoint))
    return True


def _row(world: World, endpoint: str) -> Json:
    event = {
        "id": None,
        "created_at": world.stamp,
        "action": "disconnected",
        "resource_type": "organisations",
        "links": {"organisation": world.organisation},
        "details": {"cause": "app_disconnected", "origin": "gocardless", "description": DESCRIPTION},
        "metadata": {},
    }
    return {"endpoint": endpoint, "organisation": world.organisation, "written_at": 0.0, "event": documents.dumps(event)}

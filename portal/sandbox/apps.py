"""Apps as rows: registered, changed, given new secrets; each has one webhook endpoint, which rests without an address."""

import json
import secrets
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from portal.sandbox import clock, ids
from portal.sandbox.errors import invalid, not_found
from portal.sandbox.store.tables import apps, endpoints
from portal.sandbox.store.world import World

Json = dict[str, Any]
MOST_REDIRECTS = 20
DETAILS = ("redirect_uris", "webhook_url", "post_onboarding_url", "homepage_url", "description")


def find(conn: Connection, client_id: str) -> Row[Any] | None:
    if "\0" in client_id:  # which no app has, and PostgreSQL refuses to look for
        return None
    return conn.execute(select(apps).where(apps.c.client_id == client_id)).first()


def get(conn: Connection, client_id: str) -> Row[Any]:
    """Raises the 404 of an app that is not registered here."""
    row = find(conn, client_id)
    if row is None:
        raise not_found()
    return row


def register(world: World, values: Json) -> Json:
    """Stores an app, or its new details when the id is known; answers its credentials, shown this once."""
    client_id = values.get("client_id") or secrets.token_urlsafe(24)
    secret = values.get("client_secret") or secrets.token_urlsafe(36)
    webhook_secret = values.get("webhook_secret") or secrets.token_urlsafe(30)
    details = {name: values[name] for name in DETAILS if name in values}
    row = {"client_id": client_id, "secret_hash": ids.hashed(secret), "name": values["name"], "details": json.dumps(details)}
    world.conn.execute(delete(apps).where(apps.c.client_id == client_id))
    world.conn.execute(insert(apps), row | {"created_at": world.stamp})
    _set_endpoint(world.conn, client_id, url=details.get("webhook_url") or "", secret=webhook_secret)
    made = {"client_id": client_id, "client_secret": secret, "webhook_secret": webhook_secret}
    return made | {"name": values["name"], **details}


def change(conn: Connection, client_id: str, values: Json) -> Json:
    """Takes over what was sent; null empties what may be empty."""
    row = get(conn, client_id)
    blank = [name for name in ("name", "redirect_uris") if name in values and values[name] in (None, "")]
    if blank:
        raise invalid(*((f"/{name}", "can't be blank") for name in blank))
    details = json.loads(row.details) | {name: values[name] for name in DETAILS if name in values}
    mine = update(apps).where(apps.c.client_id == client_id)
    conn.execute(mine.values(name=values.get("name", row.name), details=json.dumps(details)))
    if "webhook_url" in values:
        _set_endpoint(conn, client_id, url=values["webhook_url"] or "")
    return shown(get(conn, client_id))


def rotate_client_secret(world: World, client_id: str, *, secret: str = "", overlap_minutes: int = 0) -> Json:
    """A new client secret; the one before it is good for so many minutes more."""
    row = get(world.conn, client_id)
    secret = secret or secrets.token_urlsafe(36)
    until = clock.stamp(world.now + timedelta(minutes=overlap_minutes))
    details = json.loads(row.details) | {"previous_secret": [row.secret_hash, until]}
    mine = update(apps).where(apps.c.client_id == client_id)
    world.conn.execute(mine.values(secret_hash=ids.hashed(secret), details=json.dumps(details)))
    return {"client_id": client_id, "client_secret": secret, "previous_until": until}


def rotate_webhook_secret(conn: Connection, client_id: str, *, secret: str = "") -> Json:
    """Webhooks gathered from now on are signed with the new secret; those that wait to be tried again keep their signature."""
    get(conn, client_id)
    secret = secret or secrets.token_urlsafe(30)
    _set_endpoint(conn, client_id, secret=secret)
    return {"client_id": client_id, "webhook_secret": secret}


def shown(row: Row[Any]) -> Json:
    """An app without its secrets."""
    details = json.loads(row.details)
    return {"client_id": row.client_id, "name": row.name, **{name: details.get(name) for name in DETAILS}}


def _set_endpoint(conn: Connection, client_id: str, **values: str) -> None:
    """The endpoint keeps its id, so that what waits for it is still delivered."""
    switched = {"enabled": bool(values["url"])} if "url" in values else {}
    mine = update(endpoints).where(endpoints.c.client_id == client_id)
    if conn.execute(mine.values(**values, **switched)).rowcount:
        return
    row = {"id": ids.resource_id("WE"), "client_id": client_id, "organisation": None, "url": "", "enabled": False}
    conn.execute(insert(endpoints), row | values | switched)

"""Idempotency keys: the same key for the same endpoint finds the resource that it made the first time."""

from sqlalchemy import bindparam, insert, select

from portal.sandbox.errors import ApiError, state, usage
from portal.sandbox.store.tables import idempotency
from portal.sandbox.store.world import World

LONGEST = 128
_known = select(idempotency.c.resource).where(
    idempotency.c.organisation == bindparam("organisation"),
    idempotency.c.endpoint == bindparam("endpoint"),
    idempotency.c.key == bindparam("key"),
)
_keep = insert(idempotency)


def check(world: World, endpoint: str, key: str) -> None:
    """Raises 409 naming the resource when this key has already made one."""
    if len(key) > LONGEST:
        raise usage(400, "idempotency_key_too_long", f"The Idempotency-Key must have at most {LONGEST} characters")
    found = world.conn.execute(_known, _row(world, endpoint, key)).scalar()
    if found is not None:
        raise conflict(found)


def keep(world: World, endpoint: str, key: str, resource: str) -> None:
    world.conn.execute(_keep, {**_row(world, endpoint, key), "resource": resource})


def conflict(resource: str) -> ApiError:
    message = "A resource has already been created with this idempotency key"
    return state("idempotent_creation_conflict", message, code=409, conflicting_resource_id=resource)


def _row(world: World, endpoint: str, key: str) -> dict[str, str]:
    return {"organisation": world.organisation, "endpoint": endpoint, "key": key}

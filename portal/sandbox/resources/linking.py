"""What most resources share: following a link of the request, finding the creditor, and taking values with defaults."""

from typing import Any

from portal.sandbox.errors import usage
from portal.sandbox.kinds import KINDS
from portal.sandbox.store.documents import Doc
from portal.sandbox.store.world import World

Json = dict[str, Any]


def linked(world: World, values: Json, name: str, kind: str) -> Doc:
    """The resource that ``links.<name>`` names. Raises 404 ``link_not_found``."""
    identity = str(values["links"][name])
    doc = world.find(kind, identity)
    if doc is None:
        words = KINDS[kind].singular.replace("_", " ").capitalize()
        raise usage(404, "link_not_found", f"{words} {identity[:60]} was not found", **{name: identity[:60]})
    return doc


def creditor_for(world: World, values: Json) -> Doc:
    """The creditor that is named, or the first of the organisation."""
    links = values.get("links") or {}
    if links.get("creditor"):
        return linked(world, values, "creditor", "creditors")
    return world.all("creditors")[0]


def taken(values: Json, *names: str) -> Json:
    """Each name with the value sent or None."""
    return {name: values.get(name) for name in names}


def meta(values: Json) -> Json:
    return values.get("metadata") or {}


def no_fx(currency: str | None = None) -> Json:
    return {"fx_currency": currency, "fx_amount": None, "exchange_rate": None, "estimated_exchange_rate": None}

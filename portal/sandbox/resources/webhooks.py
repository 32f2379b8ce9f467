"""Webhooks: what has been sent to the merchant's and the apps' endpoints, and sending it again."""

from typing import Any

from portal.sandbox.api.routes import Filters, action, get, listing
from portal.sandbox.deliveries import queue
from portal.sandbox.store.documents import Doc
from portal.sandbox.store.world import World

Json = dict[str, Any]


def retry(world: World, doc: Doc, _values: Json) -> Doc:
    """Queues the same webhook again at once: same id, same body, same events."""
    queue.again(world, doc)
    return doc


_FILTERS = Filters(choices={"is_test": ("true", "false"), "successful": ("true", "false")}, ranges=("created_at",))
ROUTES = (listing("webhooks", _FILTERS), get("webhooks"), action("webhooks", "retry", retry))

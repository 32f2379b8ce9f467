"""Customer notifications: what a merchant that sends its own mails must tell its payers, handled once."""

from typing import Any

from portal.sandbox import clock
from portal.sandbox.api import rendering
from portal.sandbox.api.routes import action
from portal.sandbox.errors import state
from portal.sandbox.store.documents import Doc
from portal.sandbox.store.world import World

Json = dict[str, Any]


def handle(world: World, doc: Doc, _values: Json) -> Doc:
    if doc.body["action_taken"] or clock.parse(doc.inner["deadline"]) < world.now:
        raise state("already_actioned", "This notification has been handled, or its deadline has passed")
    doc.body.update(action_taken="handled", action_taken_at=world.stamp, action_taken_by="merchant@example.com")
    return world.save(doc)


@rendering.completed("customer_notifications")
def _without_time(_world: World, body: Json) -> Json:
    return {key: value for key, value in body.items() if key != "created_at"}


ROUTES = (action("customer_notifications", "handle", handle, bare=True),)

"""What follows when a webhook says that a merchant's organisation is no longer connected."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from portal.connect import ending
from portal.extensions import db
from portal.models.partner_app import Connection

EVENT = ("organisations", "disconnected")
OLD = timedelta(minutes=1)
"""How much clocks may differ before a webhook is of an earlier connection of the same merchant."""
CAUSES = {"app_disconnected": "GoCardless says by webhook: the merchant disconnected the app, or its account was closed."}
OTHER_CAUSE = "GoCardless says by webhook: the merchant is no longer connected."


def follow(events: Iterable[dict[str, Any]]) -> None:
    """Ends the connections that these events are about, in the open transaction. Only for events that were validly signed."""
    for event in events:
        if (event["resource_type"], event["action"]) == EVENT and event["connection_id"] is not None:
            connection = db.session.get_one(Connection, event["connection_id"])
            if not _of_an_earlier_one(event["created_at"], connection.connected_at):
                ending.disconnected(connection, cause=CAUSES.get(event["cause"], OTHER_CAUSE), delivery_id=event["delivery_id"])


def _of_an_earlier_one(created_at: str, connected_at: datetime) -> bool:
    """Whether it was sent before the merchant connected (again): old webhooks come back when somebody sends them again."""
    try:
        created = datetime.fromisoformat(created_at)
    except ValueError:
        return False
    return created.tzinfo is not None and created < connected_at - OLD

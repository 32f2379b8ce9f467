"""The time line of a run: every event of its resources, and the webhooks that brought each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, select

from portal.extensions import rows
from portal.models.delivery import Delivery, DeliveryEvent
from portal.models.run import Run

MOST_WEBHOOKS = 500
_BROUGHT = (
    select(DeliveryEvent.event_id, Delivery.key, Delivery.received_at, Delivery.signature, Delivery.answer)
    .join(Delivery, Delivery.id == DeliveryEvent.delivery_id)
    .where(DeliveryEvent.partner_id == bindparam("partner"), DeliveryEvent.event_id.in_(bindparam("events", expanding=True)))
    .order_by(DeliveryEvent.id)
    .limit(MOST_WEBHOOKS)
)


@dataclass(frozen=True, slots=True)
class Moment:
    """One event, at its own time."""

    at: datetime
    event: Mapping[str, Any]
    webhooks: Sequence[Row[Any]]

    @property
    def kind(self) -> str:
        """What it happened to, for the eye."""
        return str(self.event["type"]).removesuffix("s").replace("_", " ")

    @property
    def what(self) -> str:
        return str(self.event["action"]).replace("_", " ")


def moments(run: Run) -> list[Moment]:
    """In the order of time. One statement."""
    events = run.facts.get("events", ())
    brought: dict[str, list[Row[Any]]] = {}
    if events:
        for row in rows(_BROUGHT, {"partner": run.partner_id, "events": [one["id"] for one in events]}):
            brought.setdefault(row.event_id, []).append(row)
    return [Moment(datetime.fromisoformat(one["at"]), one, brought.get(one["id"], [])) for one in events]

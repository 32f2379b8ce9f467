"""Was an event acted on? Seen from outside: the payment is fetched from the API, or their test hook says how often it was handled."""

import time
from collections.abc import Iterable
from typing import Any

from portal.exam import hook, merchants
from portal.exam.endpoint import delivering, events
from portal.exam.merchants import Merchant
from portal.exam.rig import Rig

Acts = dict[str, Any]
"""`handled`: how often the test hook says it was (None: it does not say), `fetched`: how often the payment was asked for."""
VISIBLE, WHOLE = "acting", "whole"
"""Carried: whether acting can be seen at all, and whether all events of a webhook are acted on."""
PAUSE, LONGEST_PAUSE = 0.03, 0.4


def handled(rig: Rig, organisation: str, event_id: str) -> int | None:
    said = hook.status(rig, organisation_id=organisation, event_id=event_id).get("handled")
    return said if isinstance(said, int) and not isinstance(said, bool) else None


def fetches(rig: Rig, payment: str, since: int) -> list[Any]:
    return [call for call in rig.levers.calls(since) if call.method == "GET" and call.path == f"/payments/{payment}"]


def acts(rig: Rig, event: events.Json, since: int) -> Acts:
    """What there is to see of it now."""
    links = event["links"]
    counted = handled(rig, links["organisation"], str(event["id"]))  # before the calls: what it counts has been fetched by then
    return {"handled": counted, "fetched": len(fetches(rig, links["payment"], since))}


def acted(seen: Acts) -> bool:
    return bool(seen["handled"] or seen["fetched"])


def settled(seen: Acts) -> bool:
    """Whether nothing more is to come: the hook counts when all is done, the fetch may only be the beginning."""
    return bool(seen["fetched"]) if seen["handled"] is None else bool(seen["handled"])


def wait(rig: Rig, event: events.Json, since: int, *, seconds: float = 0) -> Acts:
    """Until it was acted on, or the time is over (as long as something may follow an answer, or longer)."""
    end, pause = time.monotonic() + max(rig.limits.follow, seconds), PAUSE
    while True:
        seen = acts(rig, event, since)
        left = end - time.monotonic()
        if settled(seen) or left <= 0:
            return seen
        time.sleep(min(pause, left))
        pause = min(2 * pause, LONGEST_PAUSE)


def fence(rig: Rig, merchant: Merchant) -> bool:
    """One more event, waited for: what came before it has had its turn."""
    since = rig.levers.mark()
    last = of(rig, merchant)
    delivering.tell(rig, "Another event, to see that those before it had their turn", last)
    return acted(wait(rig, last, since))


def of(rig: Rig, merchant: Merchant, action: str = "created", **more: Any) -> events.Json:
    """An event about a new payment of this merchant."""
    (payment,) = merchants.payments(rig, merchant)
    return events.of_payment(action, payment=payment, organisation=merchant.organisation_id, **more)


def any_acted(rig: Rig, told: Iterable[events.Json], since: int) -> bool:
    return any(acted(acts(rig, event, since)) for event in told)

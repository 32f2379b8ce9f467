"""Acting on what webhooks told: each event once, in whatever order they come, and what is not known is left alone."""

import logging
import threading
from collections.abc import Mapping
from typing import Any

from examples.partner_app import api
from examples.partner_app.settings import Settings
from examples.partner_app.store import Merchant, Store, Waiting

log = logging.getLogger(__name__)
KINDS: Mapping[str, str] = {
    "billing_requests": "billing_request",
    "creditors": "creditor",
    "mandates": "mandate",
    "payments": "payment",
}
"""The resources that this app follows, and how an event's links name them."""
FOLLOWED = """
billing_requests fulfilled cancelled failed
creditors updated
mandates created submitted active cancelled failed expired reinstated replaced consumed blocked transferred suspended_by_payer
mandates customer_approval_granted customer_approval_skipped resubmission_requested
payments created submitted confirmed paid_out failed cancelled charged_back chargeback_cancelled chargeback_settled
payments late_failure_settled customer_approval_granted customer_approval_denied resubmission_requested
"""
"""What may happen to them, line by line; GoCardless may add something at any time."""
ACTIONS = frozenset((kind, action) for kind, *actions in map(str.split, FOLLOWED.strip().splitlines()) for action in actions)
IDLE, LONGEST_PAUSE, ENOUGH = 1.0, 3600, 20


def act(settings: Settings, store: Store, event: Mapping[str, Any]) -> bool:
    """Do what the event asks for; whether it asked for anything. Raises api.Busy when it must be done later."""
    kind, action = event.get("resource_type"), event.get("action")
    merchant = store.merchant((event.get("links") or {}).get("organisation") or "")
    if merchant is None or not merchant.connected:
        return False
    if (kind, action) == ("organisations", "disconnected"):
        store.forget_token(merchant.organisation_id)
        return True
    if (kind, action) not in ACTIONS:
        return False
    return read_again(settings, store, merchant, str(kind), event)


def read_again(settings: Settings, store: Store, merchant: Merchant, kind: str, event: Mapping[str, Any]) -> bool:
    """The event says that something changed, the API says what is now: so it does not matter which event comes first."""
    resource_id = (event.get("links") or {}).get(KINDS[kind])
    if not resource_id:
        return False
    resource = fetched(settings, store, merchant, kind, resource_id)
    if kind == "creditors" and resource:
        store.verified(merchant.organisation_id, resource.verification_status)
    elif resource:
        store.remember(resource_id, organisation_id=merchant.organisation_id, kind=kind, status=resource.status)
    return True


def fetched(settings: Settings, store: Store, merchant: Merchant, kind: str, resource_id: str) -> Any:
    """The resource as it is now; None when this merchant has none of that name. Raises api.Busy."""
    try:
        return api.once(api.client(settings, merchant.access_token), lambda client: getattr(client, kind).get(resource_id))
    except api.Busy:
        raise
    except api.Refused as refused:
        if refused.disconnected:
            store.forget_token(merchant.organisation_id)
        return None


class Processor(threading.Thread):
    """Takes events as they fall due. One is enough; several, in several processes, share the work."""

    def __init__(self, settings: Settings, store: Store) -> None:
        super().__init__(name="events", daemon=True)
        self._settings, self._store = settings, store
        self._awake, self._over = threading.Event(), threading.Event()

    def wake(self) -> None:
        self._awake.set()

    def stop(self) -> None:
        self._over.set()
        self._awake.set()
        self.join()

    def run(self) -> None:
        while not self._over.is_set():
            self._awake.wait(IDLE)
            self._awake.clear()
            while not self._over.is_set() and (some := self._store.take()):
                self._store.left_alone([waiting.id for waiting in some if not self.handle(waiting)])

    def handle(self, waiting: Waiting) -> bool:
        """Act on one event, or put it off: longer each time, and not for ever. False when it is done with without that."""
        try:
            acted = act(self._settings, self._store, waiting.event)
        except api.Busy as busy:
            return self.put_off(waiting, busy.seconds)
        except Exception:  # an event that trips us up must not hold back those behind it
            log.exception("The event %s could not be handled.", waiting.id)
            return self.put_off(waiting)
        if acted:
            self._store.acted_on(waiting.id)
        return acted

    def put_off(self, waiting: Waiting, seconds: float = 0) -> bool:
        pause = max(seconds, min(self._settings.pause_before(waiting.tries), LONGEST_PAUSE))
        if waiting.tries < ENOUGH:
            self._store.put_off(waiting.id, pause)
        return waiting.tries < ENOUGH

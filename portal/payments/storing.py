"""Keeps what one page of the API told: payments as they are now, and what their events say of failures and retries."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from portal.extensions import db
from portal.models.payment import PaymentFact, PayoutFact

Json = Mapping[str, Any]
FAILURES = ("failed", "charged_back")


def keep_payments(connection_id: int, payments: Iterable[Json]) -> dict[str, PaymentFact]:
    """The rows of these payments by id, brought up to date; those that were not known are added."""
    told = {str(one["id"]): one for one in payments}
    known = select(PaymentFact).where(PaymentFact.connection_id == connection_id, PaymentFact.payment_id.in_(told))
    found = {fact.payment_id: fact for fact in db.session.scalars(known)}
    for payment_id, payment in told.items():
        fact = found.setdefault(payment_id, PaymentFact(connection_id=connection_id, payment_id=payment_id))
        _update(fact, payment)
    db.session.add_all(found.values())
    return found


def _update(fact: PaymentFact, payment: Json) -> None:
    fact.created_at = str(payment["created_at"])
    fact.charge_date = _day(payment.get("charge_date")) or date.fromisoformat(fact.created_at[:10])
    fact.currency, fact.amount = str(payment["currency"])[:3], int(payment["amount"])
    fact.status = str(payment["status"])[:40]
    fact.payout_id = str((payment.get("links") or {}).get("payout") or "")[:64]


def _day(text: object) -> date | None:
    return date.fromisoformat(str(text)) if text else None


def apply_events(facts: Mapping[str, PaymentFact], events: Iterable[Json]) -> None:
    """Counts each event; they may come in any order, but every one only once."""
    for event in events:
        fact = facts.get(str((event.get("links") or {}).get("payment")))
        if fact is not None:
            _apply(fact, event)


def _apply(fact: PaymentFact, event: Json) -> None:
    if event["action"] == "resubmission_requested":
        fact.retries = (fact.retries or 0) + 1
    elif event["action"] in FAILURES:
        fact.failures = (fact.failures or 0) + 1
        if str(event["created_at"]) >= (fact.failed_at or ""):
            fact.failed_at = str(event["created_at"])
            fact.cause = str((event.get("details") or {}).get("cause") or "other")[:60]


def keep_payouts(connection_id: int, payouts: Iterable[Json]) -> None:
    told = {str(one["id"]): one for one in payouts}
    known = select(PayoutFact).where(PayoutFact.connection_id == connection_id, PayoutFact.payout_id.in_(told))
    found = {fact.payout_id: fact for fact in db.session.scalars(known)}
    for payout_id, payout in told.items():
        fact = found.setdefault(payout_id, PayoutFact(connection_id=connection_id, payout_id=payout_id))
        fact.created_at, fact.status = str(payout["created_at"]), str(payout["status"])[:40]
        fact.arrives_on = _day(payout.get("arrival_date"))
    db.session.add_all(found.values())

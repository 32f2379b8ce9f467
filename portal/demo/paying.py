"""Half a year of a merchant's payments, stored as the worker would have read them from the API."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import select

from portal import clock
from portal.demo.cast import Scene
from portal.demo.developing import app_of, connection_of
from portal.demo.tape import Tape
from portal.extensions import db
from portal.models.payment import PaymentReading
from portal.payments import storing
from portal.payments.summing import sum_up
from portal.status import ReadingStatus
from portal.transaction import writing

Json = dict[str, Any]
WEEKS = 25
TO_CHARGE, TO_FAIL, TO_RETRY, TO_PAYOUT = timedelta(days=4), timedelta(days=2), timedelta(days=6), timedelta(days=2)
NEVER = ((7, 23, "insufficient_funds"), (11, 41, "bank_account_closed"), (2, 37, "mandate_cancelled"))
"""Every so many-th payment fails for good, and why."""
LATER, DISPUTED = (3, 17), (5, 31)
"""Every so many-th is paid at the second try; every so many-th is charged back."""


def collect(scene: Scene) -> None:
    """What the merchant collected until this moment."""
    known = connection_of(scene, app_of(scene))
    tape = Tape({}, clock.now(), salt=known.key)
    told = [_payment(number, at, tape) for number, at in enumerate(_moments(clock.now()))]
    facts = storing.keep_payments(known.id, [payment for payment, _, _ in told])
    events = [event for _, some, _ in told for event in some]
    storing.apply_events(facts, events)
    storing.keep_payouts(known.id, [payout for _, _, payout in told if payout])
    until = max(event["created_at"] for event in events)
    done = PaymentReading(connection_id=known.id, status=ReadingStatus.READ, asked_at=clock.now(), finished_at=clock.now())
    done.read_until = done.newest = done.payouts_until = until
    done.events = len(events)
    db.session.add(done)


def sum_up_all() -> None:
    """The figures of all that was read; with no transaction open."""
    with writing():
        for connection_id in db.session.scalars(select(PaymentReading.connection_id)).all():
            sum_up(connection_id)


def _moments(until: datetime) -> Iterator[datetime]:
    """When payments were created: more of them every month."""
    for week in range(WEEKS, 0, -1):
        monday = until - timedelta(days=7 * week + until.weekday())
        for number in range(3 + (WEEKS - week) // 5):
            at = datetime.combine(monday + timedelta(days=number % 5), time(9 + number, 5 * number), until.tzinfo)
            if at < until:
                yield at


def _payment(number: int, at: datetime, tape: Tape) -> tuple[Json, list[Json], Json | None]:
    """One payment as the API shows it, the events of its failures, and its payout."""
    identity, charged = tape.play(f"PM{number:012d}"), at + TO_CHARGE
    events: list[Json] = []
    for first, every, cause in NEVER:
        if number % every == first:
            events = [_event(identity, "failed", charged + TO_FAIL, cause)]
    if not events and _is(number, LATER):
        events = [_event(identity, "failed", charged + TO_FAIL, "insufficient_funds")]
        charged += TO_RETRY
        events.append(_event(identity, "resubmission_requested", charged - TO_PAYOUT, "payment_retried"))
    if not events and _is(number, DISPUTED):
        events = [_event(identity, "charged_back", charged + TO_RETRY, "authorisation_disputed")]
    known = [event for event in events if event["created_at"] <= _stamp(tape.begun)]
    status = _status(charged, known, tape.begun)
    payout = tape.play(f"PO{charged:%Y%m%d}0000") if status == "paid_out" else ""
    payment = {
        "id": identity,
        "created_at": _stamp(at),
        "charge_date": charged.date().isoformat(),
        "amount": 1900 + 650 * (number * 37 % 19),
        "currency": "GBP",
        "status": status,
        "links": {"payout": payout},
    }
    created = {"action": "created", "created_at": _stamp(at), "links": {"payment": identity}}
    return payment, [created, *known], _payout(payout, charged) if payout else None


def _status(charged: datetime, events: list[Json], now: datetime) -> str:
    if events and events[-1]["action"] in ("failed", "charged_back"):
        return str(events[-1]["action"])
    if charged > now:
        return "pending_submission" if charged - now > TO_PAYOUT else "submitted"
    return "paid_out" if charged + TO_PAYOUT < now else "confirmed"


def _is(number: int, which: tuple[int, int]) -> bool:
    return number % which[1] == which[0]


def _event(payment: str, action: str, at: datetime, cause: str) -> Json:
    return {"action": action, "created_at": _stamp(at), "details": {"cause": cause}, "links": {"payment": payment}}


def _payout(identity: str, charged: datetime) -> Json:
    arrives = (charged + TO_PAYOUT).date()
    weekend = max(0, arrives.weekday() - 4)  # then on Monday
    arrives += timedelta(days=3 - weekend if weekend else 0)
    return {"id": identity, "created_at": _stamp(charged + TO_PAYOUT), "status": "paid", "arrival_date": arrives.isoformat()}


def _stamp(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")

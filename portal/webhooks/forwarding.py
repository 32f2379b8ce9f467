"""Passes webhooks on to the partner's own address: the same bytes, the same signature, tried again on a published schedule."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload, undefer

from portal import clock, outbox, transaction
from portal.extensions import db
from portal.models.delivery import Delivery, Forward
from portal.models.forwarding import Forwarding
from portal.models.outbox import Task
from portal.outbox import Job
from portal.status import ForwardKind, Signature
from portal.webhooks import attempts, schedule, switching
from portal.webhooks.attempts import Attempt, Outcome

GENUINE = frozenset({Signature.VALID, Signature.PREVIOUS})
"""Only what GoCardless signed goes on: the portal does not carry what strangers send to the partner's own product."""
_ON = select(Forwarding.app_id).where(Forwarding.on)
_ONE = (
    select(Delivery)
    .where(Delivery.id == bindparam("delivery_id"))
    .options(undefer(Delivery.headers), undefer(Delivery.body), joinedload(Delivery.app))
)


def follow(deliveries: Iterable[tuple[int, int, Signature]]) -> None:
    """Called in the transaction in which webhooks were read: what is to go on is on its way with its commit.

    Each is (delivery id, app id, what the signature said).
    """
    genuine = [(one, app_id) for one, app_id, said in deliveries if said in GENUINE]
    on = {*db.session.scalars(_ON)} if genuine else set()
    for delivery_id, app_id in genuine:
        if app_id in on:
            enqueue(delivery_id, kind=ForwardKind.AUTOMATIC)


def enqueue(
    delivery_id: int, *, kind: ForwardKind, number: int = 1, wait: timedelta = timedelta(), by_id: int | None = None
) -> None:
    """A try of one webhook, in the open transaction; `number` counts from 1."""
    payload = {"delivery_id": delivery_id, "kind": kind.value, "number": number, "by_id": by_id}
    row = outbox.enqueue(Task.FORWARD, payload, title=f"webhook {delivery_id}, try {number}")
    row.next_at = clock.now() + wait


@dataclass(frozen=True, slots=True)
class _Try:
    """One try as plain values, read before anything is sent."""

    delivery_id: int
    partner_id: int
    app_id: int
    kind: ForwardKind
    number: int
    by_id: int | None
    attempt: Attempt
    why_not: str


def deliver(job: Job) -> None:
    """One try. As a job it never fails: how it went is a row of its own, and the next try another job."""
    delivery = db.session.execute(_ONE, {"delivery_id": job.payload["delivery_id"]}).scalar_one_or_none()
    if delivery is None:
        return  # purged meanwhile
    this = _try(job, delivery)
    if this.kind is ForwardKind.AUTOMATIC and not _its_turn(this, delivery):
        return
    transaction.release()
    outcome = Outcome(error=this.why_not) if this.why_not else attempts.make(this.attempt)
    _settle(this, outcome)


def _try(job: Job, delivery: Delivery) -> _Try:
    app, kind = delivery.app, ForwardKind(job.payload["kind"])
    made = attempts.original if kind is ForwardKind.AUTOMATIC else attempts.signed_anew
    return _Try(
        delivery.id, delivery.partner_id, app.id, kind, job.payload["number"], job.payload["by_id"],
        attempt=made(delivery, app), why_not=switching.why_not(app),
    )  # fmt: skip


def _its_turn(this: _Try, delivery: Delivery) -> bool:
    """Whether passing on is still switched on; while nothing answers there, webhooks wait in line."""
    state = db.session.get(Forwarding, this.app_id)
    if state is None or not state.on or attempts.passed_on_before(delivery):
        return False
    if state.paused_until and state.paused_until > clock.now():
        enqueue(this.delivery_id, kind=this.kind, number=this.number, wait=state.paused_until - clock.now())
        return False
    return True


def _settle(this: _Try, outcome: Outcome) -> None:
    """A resend is tried once: whoever asked sees how it went, and may ask again."""
    gap = None if outcome.ok or this.kind is ForwardKind.RESENT else schedule.gap(this.number)
    db.session.add(
        Forward(
            partner_id=this.partner_id, delivery_id=this.delivery_id, kind=this.kind, attempt=this.number, to=this.attempt.url,
            status=outcome.status, error=outcome.error, milliseconds=outcome.milliseconds, by_id=this.by_id,
            next_at=clock.now() + gap if gap else None,
        )
    )  # fmt: skip
    if this.kind is ForwardKind.AUTOMATIC:
        switching.learn(this.app_id, outcome)
    if gap:
        enqueue(this.delivery_id, kind=this.kind, number=this.number + 1, wait=gap)

"""One try to deliver a status message, as Standard Webhooks 1.0 asks; what it answered, when it is tried again, when no longer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus

from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload

from portal import clock, outgoing, transaction
from portal.extensions import db
from portal.leads.crm import signature
from portal.models.notification import StatusHook, StatusMessage
from portal.notifications import stopping, telling
from portal.notifications.messages import TEST
from portal.outbox import Job
from portal.status import StatusState

SECONDS = 15.0
"""At the lower end of what Standard Webhooks recommends."""
GAPS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
)
"""After the first try, which is at once: the schedule that Standard Webhooks gives as an example, for a little over two days."""
WORDS = ("at once", "5 seconds", "5 minutes", "30 minutes", "2 hours", "5 hours", "10 hours", "14 hours", "20 hours")
MOST_ANSWER = 10_000
_ONE = (
    select(StatusMessage)
    .where(StatusMessage.key == bindparam("key"))
    .options(joinedload(StatusMessage.hook).joinedload(StatusHook.partner))
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a try went; no status when nothing answered."""

    status: int | None
    error: str
    milliseconds: float | None

    @property
    def ok(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def deliver(job: Job) -> None:
    """As a job it never fails: how it went is kept with the message, and the next try is another job."""
    key = str(job.payload["message"])
    message = _find(key)
    if message is None or message.state is not StatusState.WAITING:
        return
    if not message.hook.on and message.type != TEST:
        message.state, message.next_at = StatusState.LOST, None
        return
    url, body = message.hook.url, message.body.encode()
    head = headers(message, message.hook, at=clock.now())
    transaction.release()
    _settle(key, _try(url, head, body))


def _find(key: str) -> StatusMessage | None:
    return db.session.execute(_ONE, {"key": key}).unique().scalar_one_or_none()


def headers(message: StatusMessage, hook: StatusHook, *, at: datetime) -> Mapping[str, str]:
    """While a secret is rotated, a signature with each of the two: the receiver takes the one that it knows."""
    name, when, body = f"msg_{message.key}", int(at.timestamp()), message.body.encode()
    previous = hook.previous_secret if hook.previous_until and hook.previous_until > at else None
    signed = [signature(name, when, body, secret) for secret in (hook.secret, previous) if secret]
    return {
        "Content-Type": "application/json",
        "webhook-id": name,
        "webhook-timestamp": str(when),
        "webhook-signature": " ".join(signed),
    }


def _try(url: str, head: Mapping[str, str], body: bytes) -> Outcome:
    try:
        answer = outgoing.send("POST", url, headers=head, body=body, timeout=SECONDS, most_bytes=MOST_ANSWER, cut=True)
    except outgoing.NotSent as refused:
        return Outcome(None, refused.words, None)
    return Outcome(answer.status, _words(answer.status), answer.milliseconds)


def _words(status: int) -> str:
    if 200 <= status < 300:
        return ""
    if 300 <= status < 400:
        return "It answered with a redirect, which is not followed. Enter the address that it leads to."
    name = HTTPStatus(status).phrase if status in set(HTTPStatus) else "no success"
    return f"It answered {status} {name}; only 2xx counts as received."


def _settle(key: str, outcome: Outcome) -> None:
    message = _find(key)
    if message is None or message.state is not StatusState.WAITING:
        return  # removed, or another worker was quicker
    now = clock.now()
    tried = {"at": now.isoformat(), "status": outcome.status, "error": outcome.error, "milliseconds": outcome.milliseconds}
    message.tries, message.next_at = [*message.tries, tried], None
    if outcome.ok:
        message.state = StatusState.TAKEN
    else:
        _again_or_not(message)
    stopping.learn(message.hook, ok=outcome.ok, gone=outcome.status == HTTPStatus.GONE, error=outcome.error)


def _again_or_not(message: StatusMessage) -> None:
    """A test is tried once: whoever asked looks at how it went."""
    tries = len(message.tries)
    if message.type == TEST or tries > len(GAPS):
        message.state = StatusState.LOST
    else:
        telling.enqueue(message, wait=GAPS[tries - 1])

"""Reads the payments of a connection from the API, page by page, newest events first, and only what is new since the last time."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.exc import StaleDataError

from portal import clock, gocardless, outbox, transaction
from portal.connect import ending
from portal.extensions import db
from portal.models.outbox import Outbox, Task
from portal.models.partner_app import Connection, PartnerApp
from portal.models.payment import PaymentReading
from portal.outbox import Job
from portal.payments import storing
from portal.payments.problems import code_of
from portal.payments.summing import sum_up
from portal.status import ConnectionStatus, Environment, ReadingStatus

PAGE = 500
PAGES_A_JOB = 40
"""Then the next job goes on, so that no lease runs out and others have their turn."""
OVERLAP = timedelta(minutes=2)
"""Events this close to the last one are asked for again: one that was written late may carry an earlier time."""
PAYOUTS_AGAIN = timedelta(days=14)
"""A payout's status and arrival may still change for so long."""
PATIENCE = timedelta(minutes=30)
"""After that a reading that said nothing more may be asked for again."""
PAUSE = timedelta(seconds=60)
"""Until a rate limit has passed."""
READABLE = (Environment.EMBEDDED, Environment.GOCARDLESS)
"""The portal calls nothing live."""
_WITH_TOKEN = joinedload(PaymentReading.connection).joinedload(Connection.app)


def ask(connection: Connection) -> PaymentReading:
    """Have the payments read soon; nothing more when that was asked already."""
    db.session.execute(select(Connection.id).where(Connection.id == connection.id).with_for_update())
    known = select(PaymentReading).where(PaymentReading.connection_id == connection.id)
    reading = db.session.scalars(known).one_or_none()
    if reading is None:
        reading = PaymentReading(connection_id=connection.id, asked_at=clock.now())
        db.session.add(reading)
    elif _is_under_way(reading):
        return reading
    reading.status, reading.problem, reading.asked_at = ReadingStatus.WAITING, "", clock.now()
    db.session.flush()
    _enqueue(reading, connection.creditor_name)
    return reading


def _is_under_way(reading: PaymentReading) -> bool:
    busy = reading.status in (ReadingStatus.WAITING, ReadingStatus.RUNNING)
    return busy and clock.now() - reading.asked_at < PATIENCE


def _enqueue(reading: PaymentReading, name: str) -> Outbox:
    return outbox.enqueue(Task.INSIGHT, {"reading": reading.id}, title=f"Read the payments of {name or 'a connected account'}")


def ask_all() -> None:
    """Once an hour: every connection that can be read."""
    living = (
        select(Connection)
        .join(PartnerApp, PartnerApp.id == Connection.app_id)
        .where(Connection.status == ConnectionStatus.CONNECTED, PartnerApp.environment.in_(READABLE))
        .where(Connection.access_token.is_not(None), PartnerApp.retired_at.is_(None))
        .order_by(Connection.id)
    )
    for connection in db.session.scalars(living).all():
        ask(connection)


def go_on(job: Job) -> None:
    """The worker's part: reads until everything is read, or hands on to the next job."""
    reading = db.session.get(PaymentReading, job.payload["reading"], options=[_WITH_TOKEN])
    if reading is None or reading.connection.access_token is None:
        return
    try:
        _read(reading, reading.connection)
    except StaleDataError:  # another worker reads the same account and is further
        db.session.rollback()
    except gocardless.GoCardlessError as error:
        _failed(job.payload["reading"], error)


def _read(reading: PaymentReading, connection: Connection) -> None:
    client = gocardless.client(connection.app.environment, connection.access_token or "")
    reading.status, reading.problem = ReadingStatus.RUNNING, ""
    transaction.checkpoint()
    for _ in range(PAGES_A_JOB):
        if not _page(reading, client):
            _payouts(reading, client)
            return _finish(reading)
    _enqueue(reading, connection.creditor_name)
    return None


def _page(reading: PaymentReading, client: Any) -> bool:
    """One page of events with their payments, stored together with how far we are; False at the last."""
    asked = {"resource_type": "payments", "include": "payment", "limit": PAGE, **_since(reading)}
    if reading.cursor:
        asked["after"] = reading.cursor
    connection_id, version = reading.connection_id, reading.version
    transaction.release()
    body = client.events.list(params=asked).api_response.body
    if reading.version != version:
        raise StaleDataError("another worker is further")
    facts = storing.keep_payments(connection_id, (body.get("linked") or {}).get("payments") or ())
    fresh = _fresh(reading, body["events"])
    storing.apply_events(facts, fresh)
    reading.events += len(fresh)
    reading.cursor = body["meta"]["cursors"]["after"] or ""
    if not reading.cursor:
        reading.read_until, reading.seen, reading.seen_now = reading.newest, reading.seen_now, []
    going_on = bool(reading.cursor)
    transaction.checkpoint()
    return going_on


def _since(reading: PaymentReading) -> dict[str, str]:
    return {"created_at[gte]": _earlier(reading.read_until, OVERLAP)} if reading.read_until else {}


def _earlier(stamp: str, by: timedelta) -> str:
    return (datetime.fromisoformat(stamp) - by).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _fresh(reading: PaymentReading, events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those that were not counted before; notes which of them the next reading will meet again."""
    if not reading.cursor:
        reading.newest = str(events[0]["created_at"]) if events else reading.read_until
        reading.seen_now = []
    if reading.newest:
        edge = _earlier(reading.newest, OVERLAP)
        reading.seen_now = [*reading.seen_now, *_close(events, edge)]
    seen = set(reading.seen)
    return [one for one in events if one["id"] not in seen]


def _close(events: Iterable[dict[str, Any]], edge: str) -> list[str]:
    return [str(one["id"]) for one in events if str(one["created_at"]) >= edge]


def _payouts(reading: PaymentReading, client: Any) -> None:
    asked: dict[str, Any] = {"limit": PAGE}
    if reading.payouts_until:
        asked["created_at[gte]"] = _earlier(reading.payouts_until, PAYOUTS_AGAIN)
    connection_id = reading.connection_id
    while True:
        transaction.release()
        page = client.payouts.list(params=asked)
        storing.keep_payouts(connection_id, page.api_response.body["payouts"])
        transaction.checkpoint()
        if not page.after:
            return
        asked["after"] = page.after


def _finish(reading: PaymentReading) -> None:
    """The figures first, so that a page never says "read until" of older ones."""
    sum_up(reading.connection_id)
    reading.status, reading.finished_at, reading.payouts_until = ReadingStatus.READ, clock.now(), reading.read_until


def _failed(reading_id: int, error: gocardless.GoCardlessError) -> None:
    """What was stored stays; the next reading goes on after it."""
    db.session.rollback()
    reading = db.session.get(PaymentReading, reading_id, options=[_WITH_TOKEN], populate_existing=True)
    if reading is None:
        return
    if isinstance(error, gocardless.TooManyCalls):
        _enqueue(reading, reading.connection.creditor_name).next_at = clock.now() + PAUSE
        reading.problem = code_of(error)
        return
    if isinstance(error, gocardless.TokenRevoked):
        ending.disconnected(reading.connection, cause=ending.REFUSED)
    reading.status, reading.problem = ReadingStatus.FAILED, code_of(error)

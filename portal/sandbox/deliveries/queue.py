"""The rows behind deliveries: events gathered into webhooks, webhooks claimed for sending, results written down."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from portal.sandbox import ids
from portal.sandbox.api import faults
from portal.sandbox.deliveries.signature import sign
from portal.sandbox.settings import Settings
from portal.sandbox.store import documents
from portal.sandbox.store.documents import Doc
from portal.sandbox.store.tables import endpoints, outbox, sends
from portal.sandbox.store.tables import faults as faults_table
from portal.sandbox.store.world import World

AT_ONCE = 20
AGENT = "gocardless-webhook-service/1.2"
LONGEST_ANSWER = 5000


@dataclass(frozen=True)
class Result:
    """What came of one attempt; no ``code`` when nothing was answered."""

    webhook: str
    organisation: str
    code: int | None
    body: str
    headers: dict[str, str] = field(default_factory=dict)
    error: str = ""

    @property
    def successful(self) -> bool:
        return self.code is not None and 200 <= self.code < 300


def gather(conn: Connection, settings: Settings, stamp: str) -> int:
    """Makes webhooks of the outbox rows that have waited long enough. Returns how many webhooks were made."""
    oldest = conn.execute(select(outbox).order_by(outbox.c.seq).limit(1).with_for_update(skip_locked=True)).first()
    if oldest is None or oldest.written_at > time.time() - settings.webhook_batch_seconds:
        return 0
    same = select(outbox).where(outbox.c.endpoint == oldest.endpoint, outbox.c.organisation == oldest.organisation)
    rows = conn.execute(same.order_by(outbox.c.seq).limit(settings.webhook_batch_size * AT_ONCE)).all()
    endpoint = conn.execute(select(endpoints).where(endpoints.c.id == oldest.endpoint)).first()
    made = 0
    if endpoint is not None and endpoint.enabled:
        batches = list(_batches(conn, rows, settings.webhook_batch_size, oldest.organisation))
        _store(conn, settings, endpoint, oldest.organisation, batches, stamp)
        made = len(batches)
    conn.execute(delete(outbox).where(outbox.c.seq.in_([row.seq for row in rows])))
    return made or -1


def claim(conn: Connection, limit: int, lease: float, busy: Sequence[str] = ()) -> list[Row[Any]]:
    """The webhooks that are due and nobody is sending; they are ours until the lease runs out. ``busy`` endpoints wait."""
    now = time.time()
    ready = (
        select(sends)
        .where(sends.c.next_at <= now, sends.c.lease_until < now, sends.c.endpoint.not_in(busy))
        .order_by(sends.c.next_at, sends.c.webhook)
    )
    rows = list(conn.execute(ready.limit(limit).with_for_update(skip_locked=True)).all())
    if rows:
        mine = update(sends).where(sends.c.webhook.in_([row.webhook for row in rows]))
        conn.execute(mine.values(lease_until=now + lease))
    return rows


def release(conn: Connection, webhooks: Sequence[str] | None = None) -> None:
    """Lets these, or all that are claimed, be sent by whoever comes next."""
    mine = sends.c.lease_until > 0 if webhooks is None else sends.c.webhook.in_(webhooks)
    conn.execute(update(sends).where(mine).values(lease_until=0.0))


def record(conn: Connection, settings: Settings, results: Sequence[Result]) -> None:
    """Keeps each attempt with its webhook and sets when to try again; after the last try it rests."""
    for result in results:
        doc = documents.find(conn, "webhooks", result.organisation, result.webhook)
        mine = (sends.c.webhook == result.webhook, sends.c.organisation == result.organisation)
        row = conn.execute(select(sends.c.attempts).where(*mine)).first()
        if doc is None or row is None:
            continue
        _note(doc, result)
        documents.save(conn, doc)
        attempts = row.attempts + 1
        wait = _wait(settings, attempts) if not result.successful else None
        conn.execute(update(sends).where(*mine).values(attempts=attempts, next_at=wait and time.time() + wait, lease_until=0.0))


def again(world: World, doc: Doc) -> None:
    """Sends a webhook once more at the merchant's wish, without starting its retries over."""
    here = update(sends).where(sends.c.webhook == doc.id, sends.c.organisation == world.organisation)
    world.conn.execute(here.values(next_at=time.time(), lease_until=0.0))


def waiting(conn: Connection) -> bool:
    """Whether anything still has to be gathered or is due to be sent."""
    due_now = select(sends.c.webhook).where(sends.c.next_at <= time.time()).limit(1)
    return bool(conn.execute(select(outbox.c.seq).limit(1)).first() or conn.execute(due_now).first())


def _batches(
    conn: Connection, rows: Sequence[Row[Any]], size: int, organisation: str
) -> list[tuple[list[str], faults.Fault | None]]:
    pile = select(faults_table.c.seq).where(faults_table.c.organisation == organisation, faults_table.c.target == "webhook")
    has_faults = conn.execute(pile.limit(1)).first()
    made = []
    for start in range(0, len(rows), size):
        part = rows[start : start + size]
        fault = faults.take(conn, organisation, "webhook") if has_faults else None
        events = [row.event for row in part]
        made.append((events[::-1] if fault and fault.kind == "reordered" else events, fault))
    return made


def _store(conn: Connection, settings: Settings, endpoint: Row[Any], organisation: str, batches: Any, stamp: str) -> None:
    now = time.time()
    rows = []
    for number, (events, fault) in enumerate(batches):
        doc = _webhook(settings, endpoint, organisation, events, fault, stamp)
        documents.add(conn, doc)
        wait = fault.seconds if fault and fault.kind == "delayed" else 1.0 if fault and fault.kind == "reordered" else 0.0
        copies = 2 if fault and fault.kind == "duplicated" else 1
        signature = doc.body["request_headers"]["Webhook-Signature"]
        row = {
            "webhook": doc.id,
            "organisation": organisation,
            "endpoint": endpoint.id,
            "url": endpoint.url,
            "signature": signature,
        }
        rows.append(row | {"payload": doc.body["request_body"], "copies": copies, "next_at": now + wait + number * 1e-6})
    conn.execute(insert(sends), [row | {"attempts": 0, "lease_until": 0.0} for row in rows])


def _webhook(
    settings: Settings, endpoint: Row[Any], organisation: str, events: list[str], fault: faults.Fault | None, stamp: str
) -> Doc:
    identity = ids.resource_id("WB")
    payload = f'{{"events":[{",".join(events)}],"meta":{{"webhook_id":"{identity}"}}}}'
    secret = "a wrong secret" if fault and fault.kind == "wrongly_signed" else endpoint.secret
    headers = {"Origin": settings.origin, "User-Agent": AGENT, "Content-Type": "application/json"}
    body = {
        "id": identity,
        "created_at": stamp,
        "url": endpoint.url,
        "request_headers": headers | {"Webhook-Signature": sign(payload.encode(), secret)},
        "request_body": payload,
        "response_code": None,
        "response_body": None,
        "response_body_truncated": False,
        "response_headers": {},
        "response_headers_content_truncated": False,
        "response_headers_count_truncated": False,
        "is_test": False,
        "successful": False,
    }
    return Doc("webhooks", organisation, body, {"attempts": []})


def _note(doc: Doc, result: Result) -> None:
    truncated = len(result.body) > LONGEST_ANSWER
    doc.body |= {
        "response_code": result.code,
        "response_body": result.body[:LONGEST_ANSWER] if result.code is not None else result.error,
        "response_body_truncated": truncated,
        "response_headers": result.headers,
        "successful": result.successful,
    }
    doc.inner["attempts"].append({"at": time.time(), "code": result.code, "error": result.error})


def _wait(settings: Settings, attempts: int) -> float | None:
    minutes = settings.webhook_retry_minutes
    return minutes[attempts - 1] * 60 if attempts <= len(minutes) else None

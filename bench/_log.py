"""A webhook log of any length, filled by the database itself, and who reads it."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, text

from bench._hooks import ACTIONS, an_app, name_of
from bench._portal import FIRST, cookie, crowd
from portal import assets
from portal.extensions import db
from portal.transaction import writing
from portal.web import Portal
from portal.webhooks.values import Kind, number

WORDS = ("payments", "gocardless", "payment", "the", "has", "been")
"""That every body holds."""
RARE, SEEN = "needle", 3
"""A word and a payment that so many of the webhooks hold, however many there are."""
PAYMENT = "PM000000NEEDLE"
MERCHANTS, PER_PAYMENT = 8, 4

_NUMBERS = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :many)",
    "postgresql": "WITH n AS (SELECT generate_series(1, :many) AS i)",
}
_MOMENT = {
    "sqlite": "datetime('2026-01-01', i || ' seconds') || '.000000'",
    "postgresql": "timestamptz '2026-01-01 00:00:00+00' + i * interval '1 second'",
}
_BODY = {"sqlite": "CAST(:body || i AS BLOB)", "postgresql": "convert_to(CAST(:body AS text) || i, 'UTF8')"}
_EMPTY = {"sqlite": "x''", "postgresql": "''::bytea"}


@dataclass(frozen=True)
class Log:
    """Whose it is, and what signs its reader in."""

    partner_id: int
    app_id: int
    cookie: str


def filled(app: Portal, many: int) -> Log:
    """A partner with so many webhooks of one event each, as the worker would have left them."""
    if not assets.built():
        assets.build()
    crowd(app, partners=1, waiting=0)
    partner_id, app_id, _ = an_app(app, FIRST)
    with app.app_context(), writing():
        connection = db.session.connection()
        first = connection.execute(text("SELECT coalesce(max(id), 0) FROM delivery")).scalar_one()
        _deliveries(connection, partner_id, app_id, many)
        _values(connection, partner_id, app_id, many, first)
    with app.app_context(), db.engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
        connection.commit()
    return Log(partner_id, app_id, cookie(app, f"u{FIRST}"))


COLUMNS = (
    "key", "partner_id", "app_id", "received_at", "signature", "reason", "answer", "milliseconds", "size", "parsed_at", "problem",
    "events", "summary", "headers", "body", "found_by",
)  # fmt: skip
BODY = (
    '{"events":[{"id":"EV0123456789","created_at":"2026-01-01T12:00:00.000Z","resource_type":"payments","action":"confirmed",'
    '"metadata":{},"details":{"origin":"gocardless","cause":"payment_confirmed","description":"The payment has been confirmed."},'
    '"links":{"payment":"PM0123456789","organisation":"OR0001"},"resource_metadata":{}}],"meta":{"webhook_id":"WB0123456789"}}'
)
SUMMARY = (
    '{"event": "payments.confirmed", "resource": "PM0123456789", "organisation": "OR0001", "cause": "payment_confirmed", '
    '"names": {"payments.confirmed": 1}, "webhook": "WB0123456789"}'
)
HEADERS = f'[["Accept", "*/*"], ["Webhook-Signature", "{"0" * 64}"]]'


def _deliveries(connection: Connection, partner_id: int, app_id: int, many: int) -> None:
    """One a second, every tenth of them forged."""
    name = connection.dialect.name
    json = ":{}" if name == "sqlite" else "CAST(:{} AS json)"
    chosen = (
        "'bench-' || CAST(:partner AS text) || '-' || i", ":partner", ":app", _MOMENT[name],
        "CASE WHEN i % 10 = 0 THEN 'invalid' ELSE 'valid' END", "CASE WHEN i % 10 = 0 THEN 'unknown' ELSE '' END",
        "CASE WHEN i % 10 = 0 THEN 498 ELSE 204 END", "1.5", "450", _MOMENT[name], "''", "1", json.format("summary"),
        json.format("headers"), _BODY[name], _EMPTY[name],
    )  # fmt: skip
    statement = f"INSERT INTO delivery ({', '.join(COLUMNS)}) {_NUMBERS[name]} SELECT {', '.join(chosen)} FROM n"
    given = {"many": many, "partner": partner_id, "app": app_id, "body": BODY, "summary": SUMMARY, "headers": HEADERS}
    connection.execute(text(statement), given)


def _values(connection: Connection, partner_id: int, app_id: int, many: int, first: int) -> None:
    """What they are found by: a dozen values that many have, and three that each has for itself or with few others."""
    for kind, value, some in _shared(app_id):
        connection.execute(
            text(f"INSERT INTO delivery_value SELECT :value, id FROM delivery WHERE partner_id = :partner AND {some}"),
            {"value": number(partner_id, kind, value), "partner": partner_id, "first": first},
        )
    own = sorted(_own(partner_id, many, first))
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("INSERT INTO delivery_value VALUES (?, ?)", own)
        return
    with connection.connection.cursor().copy("COPY delivery_value FROM STDIN") as copy:  # type: ignore[attr-defined]  # psycopg's own
        for pair in own:
            copy.write_row(pair)


def _shared(app_id: int) -> Iterator[tuple[Kind, object, str]]:
    yield from ((kind, value, "true") for kind, value in ((Kind.APP, app_id), (Kind.RESOURCE_TYPE, "payments")))
    yield from ((Kind.WORD, word, "true") for word in WORDS)
    for kind, good, bad in ((Kind.VERDICT, "valid", "invalid"), (Kind.ANSWER, 204, 498)):
        yield kind, good, "(id - :first) % 10 <> 0"
        yield kind, bad, "(id - :first) % 10 = 0"
    yield Kind.REASON, "unknown", "(id - :first) % 10 = 0"
    for place, action in enumerate(ACTIONS):
        yield Kind.EVENT, f"payments.{action}", f"(id - :first) % {len(ACTIONS)} = {place}"
        yield Kind.WORD, action, f"(id - :first) % {len(ACTIONS)} = {place}"
    for merchant in range(MERCHANTS):
        yield Kind.ORGANISATION, f"OR{merchant:04}", f"(id - :first) % {MERCHANTS} = {merchant}"


def _own(partner_id: int, many: int, first: int) -> Iterator[tuple[int, int]]:
    """Ids of events and payments; and the few that are looked for, spread over the whole log."""
    chance = random.Random(1)
    for place in range(1, many + 1):
        if place % PER_PAYMENT == 1:
            payment = name_of("PM", chance)
            about, word = number(partner_id, Kind.RESOURCE, payment), number(partner_id, Kind.WORD, payment.lower())
        yield about, first + place
        yield word, first + place
        yield chance.getrandbits(63), first + place  # as good as the number of an event's id
    for part in range(1, SEEN + 1):
        place = first + many * part // (SEEN + 1)
        yield number(partner_id, Kind.RESOURCE, PAYMENT), place
        yield number(partner_id, Kind.WORD, RARE), place

"""The audit log: its pages and every filter with a hundred happenings against a million."""

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from sqlalchemy import Connection, insert, text

from bench._portal import cookie, copied, environment, with_demo
from bench._serving import Served
from bench.figures import Figure
from portal.extensions import db
from portal.models.partner import Partner
from portal.models.people import User
from portal.timeline.finding import BY_ITSELF, number
from portal.transaction import writing
from portal.web import Portal

FEW, MANY = 400, 1_000_000
"""The few fill a page of every filter."""
ROUNDS, TIMES = 7, 12
GROWTH = 1.2
KINDS = ("message_posted", "security_event", "draft_saved", "invited")
PAYLOADS = (
    '{"text": "every word of it", "mentions": []}',
    '{"what": "every sign-in is noted"}',
    '{"before": {}, "after": {"oauth_only": "every"}}',
    '{"name": "every", "role": "admin"}',
)
"""One in four each; who, partner and kind go together, so that all filters together fill a page as well."""
FIRST = 1_000_000
"""Ids of the bulk begin here."""
PAGES = {
    "newest": "",
    "middle": "?before={middle}",
    "who": "?who=robin1",
    "portal": "?who=-",
    "partner": "?partner=Bulk+1",
    "kind": "?kind=security_event",
    "days": "?from=2026-01-01&to=2026-01-01",
    "word": "?q=every",
    "words": "?q=every+fourth",
    "who_and_kind": "?who=robin1&kind=security_event",
    "all": "?who=robin1&partner=Bulk+1&kind=security_event&q=every&from=2026-01-01",
}
NEVER = "?who=robin1&partner=Bulk+2"
"""They never meet: a page looks at so many and says so."""
_NUMBERS = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :many)",
    "postgresql": "WITH n AS (SELECT generate_series(1, :many) AS i)",
}
_MOMENT = {
    "sqlite": "datetime('2026-01-01', i || ' seconds') || '.000000'",
    "postgresql": "timestamptz '2026-01-01 00:00:00+00' + i * interval '1 second'",
}


def run() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder, ExitStack() as stack:
        yield Figure("audit.load", os.getloadavg()[0], "average in the last minute")
        few = with_demo(Path(folder) / "few")
        apps = {FEW: few, MANY: copied(Path(folder) / "few", Path(folder) / "many")}
        asking: dict[tuple[str, int], tuple[Served, str, str]] = {}
        for size, app in apps.items():
            filled(app, size)
            served = stack.enter_context(Served("portal:create_app()", environment(app.settings.instance)))
            worn, middle = cookie(app, "ada"), FIRST + size // 2
            asking |= {
                (page, size): (served, "/staff/audit" + query.format(middle=middle), worn) for page, query in PAGES.items()
            }
            asking["never", size] = served, "/staff/audit" + NEVER, worn
        measured: dict[tuple[str, int], list[float]] = {one: [] for one in asking}
        for turn in range(-1, ROUNDS):
            for one in list(asking)[:: -1 if turn % 2 else 1]:
                served, path, worn = asking[one]
                took = served.milliseconds(path, TIMES, cookie=worn)
                if turn >= 0:
                    measured[one].append(took)
        for page in (*PAGES, "never"):
            growth = median(many / few for many, few in zip(measured[page, MANY], measured[page, FEW], strict=True))
            bound = ("<=", GROWTH) if page in PAGES else ()
            yield Figure(f"audit.{page}", median(measured[page, MANY]), "ms CPU a request")
            yield Figure(f"audit.{page}.growth", growth, f"x {FEW} happenings", *bound)


def filled(app: Portal, many: int) -> None:
    """So many happenings of people and partners of their own, in place of the demo's; the oldest first."""
    with app.app_context(), writing():
        connection = db.session.connection()
        connection.execute(text("DELETE FROM event_word"))
        connection.execute(text("UPDATE outbox SET event_id = NULL"))
        connection.execute(text("DELETE FROM event"))
        _around(connection)
        _events(connection, many)
        _words(connection, many)
    with app.app_context(), db.engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
        connection.commit()


def _around(connection: Connection) -> None:
    names = [(FIRST + n, f"robin{n}", f"Robin {n}") for n in range(4)]
    people = [
        {"id": n, "email": f"{short}@mail.example", "username": short, "name": name, "fs_uniquifier": short}
        for n, short, name in names
    ]
    connection.execute(insert(User), people)
    connection.execute(insert(Partner), [{"id": FIRST + n, "key": f"bulk-{n}", "name": f"Bulk {n}"} for n in range(4)])


def _events(connection: Connection, many: int) -> None:
    """One a second; every fourth by the portal itself."""
    name = connection.dialect.name
    payload = _cases(PAYLOADS) if name == "sqlite" else f"CAST({_cases(PAYLOADS)} AS json)"
    columns = "id, at, kind, audience, partner_id, actor_id, actor_name, payload, request_id"
    chosen = (
        f"{FIRST} + i", _MOMENT[name], _cases(KINDS), "'staff'", f"{FIRST} + i % 4",
        f"CASE WHEN i % 4 = 0 THEN NULL ELSE {FIRST} + i % 4 END", "CASE WHEN i % 4 = 0 THEN '' ELSE 'Robin ' || i % 4 END", payload, "''",
    )  # fmt: skip
    statement = f"INSERT INTO event ({columns}) {_NUMBERS[name]} SELECT {', '.join(chosen)} FROM n"
    connection.execute(text(statement.replace('": ', '"\\: ')), {"many": many})


def _cases(values: Sequence[str]) -> str:
    whens = " ".join(f"WHEN {place} THEN '{value}'" for place, value in enumerate(values))
    return f"CASE i % {len(values)} {whens} END"


def _words(connection: Connection, many: int) -> None:
    """As portal.timeline.finding keeps them: some that each happening has, one of every fourth, one that each has for itself."""
    for word, rest in (("every", None), ("robin", None), ("fourth", 1), (BY_ITSELF, 0)):
        which = "" if rest is None else f" AND (id - {FIRST}) % 4 = {rest}"
        statement = f"INSERT INTO event_word (word, event_id) SELECT :word, id FROM event WHERE id > {FIRST}{which} ORDER BY id"
        connection.execute(text(statement), {"word": number(word)})
    own = f"INSERT INTO event_word (word, event_id) SELECT id, id FROM event WHERE id > {FIRST} ORDER BY id"
    connection.execute(text(own))

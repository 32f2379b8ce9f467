"""The public directory: CPU time of each filter with 10,000 listings against 100, its statements, and a page against the floor."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import event, insert
from sqlalchemy.engine import Engine

from bench._portal import application, copied, environment
from bench._serving import Served
from bench.figures import Figure
from bench.pages import GROWTH, STATEMENTS, Measured, Target, _floor, _ratio
from portal import assets, clock
from portal.commands.init import prepare
from portal.extensions import Base, db
from portal.launch.directory import ALL, facets_of
from portal.launch.fields import FIELDS
from portal.search import folded
from portal.transaction import writing
from portal.web import Portal

MANY, FEW = 10_000, 100
THROUGHPUT = 0.7
"""Of the floor's, at least, with an empty cache."""
ROUNDS, WARM_UP, TIMES = 7, 30, 25
PAGES = {
    "all": "/directory",
    "next": "/directory?after=p00030",
    "category": "/directory?category=membership",
    "scheme": "/directory?scheme=sepa_core",
    "country": "/directory?country=DE",
    "feature": "/directory?feature=refunds",
    "together": "/directory?scheme=sepa_core&country=DE",
    "words": "/directory?q=invoices",
    "words_and_feature": "/directory?q=reminders%20kindly&feature=one_off",
    "partner": "/directory/p00050",
}
"""Every filter finds more than one page among a hundred listings, too, so that both draw as much."""
CHUNK = 5_000


def run() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        few = _empty(Path(folder) / "few")
        many = copied(Path(folder) / "few", Path(folder) / "many")
        for app, listings in ((few, FEW), (many, MANY)):
            _fill(app, listings)
        measured = _measure(Path(folder), few, many)
        yield Figure("directory.load", os.getloadavg()[0], "average in the last minute")
        for name, path in PAGES.items():
            yield Figure(f"directory.{name}", min(measured[f"{name}.many"]), "ms CPU a request")
            growth = _ratio(measured[f"{name}.many"], measured[f"{name}.few"])
            yield Figure(f"directory.{name}.growth", growth, f"x {FEW} listings", "<=", GROWTH)
            yield Figure(f"directory.{name}.statements", _statements(many, path), "statements", "<=", STATEMENTS)
        throughput = _ratio(measured["floor"], measured["all.many"])
        yield Figure("directory.floor", throughput, "of the floor's throughput", ">=", THROUGHPUT)


def _empty(instance: Path) -> Portal:
    if not assets.built():
        assets.build()
    app = application(instance)
    prepare(app)
    return app


def _fill(app: Portal, listings: int) -> None:
    ids = range(1, listings + 1)
    numbers: dict[tuple[str, str], int] = {ALL: listings}
    for n in ids:
        for pair in facets_of(_version(n)):
            numbers[pair] = numbers.get(pair, 0) + 1
    with app.app_context(), writing():
        for name, rows in (
            ("partner", ({"id": n, "key": f"p{n}", "name": f"Partner {n}"} for n in ids)),
            ("listing", (_listing(n) for n in ids)),
            ("directory_entry", (_entry(n) for n in ids)),
            ("directory_facet", (row for n in ids for row in _facets(n))),
            ("directory_count", ({"kind": kind, "code": code, "number": number} for (kind, code), number in numbers.items())),
        ):
            waiting = iter(rows)
            while chunk := list(islice(waiting, CHUNK)):
                db.session.execute(insert(Base.metadata.tables[name]), chunk)


def _version(n: int) -> dict[str, Any]:
    half = n % 2 == 0
    return {
        **{field.name: [] if field.several else "" for field in FIELDS},
        "name": f"Product {n:05d}",
        "summary": f"Sends invoices and reminders for firms of kind {n % 7}, and collects them by Direct Debit.",
        "description": "It writes invoices, reminds people kindly and collects what is due. " * 6,
        "category": ("membership", "invoicing", "charity")[n % 3],
        "schemes": ["bacs", "sepa_core"] if half else ["bacs"],
        "countries": ["GB", "DE"] if half else ["GB", "IE"],
        "features": ["one_off", "refunds"] if n % 3 else ["one_off"],
        "logo": f"l{n}",
        "documents": [],
        "landing_url": "https://partner.example/",
        "support_contact": "help@partner.example",
    }


def _listing(n: int) -> dict[str, Any]:
    return {"id": n, "key": f"l{n}", "partner_id": n, "status": "published", "slug": f"p{n:05d}", "draft": {}}


def _entry(n: int) -> dict[str, Any]:
    version = _version(n)
    return {
        "id": n, "listing_id": n, "slug": f"p{n:05d}", "name": version["name"], "sort_name": folded(version["name"]),
        "summary": version["summary"], "body": folded(f"{version['summary']} {version['description']}"), "content": version,
        "logo_key": version["logo"], "certificate_key": f"c{n}", "valid_until": clock.now() + 300 * clock.DAY, "published_at": clock.now(),
    }  # fmt: skip


def _facets(n: int) -> Iterator[dict[str, Any]]:
    version = _version(n)
    for kind, code in set(facets_of(version)):
        yield {"kind": kind, "code": code, "sort_name": folded(version["name"]), "entry_id": n}


def _measure(folder: Path, few: Portal, many: Portal) -> Measured:
    """CPU milliseconds by target, one for each round; every second round asks them backwards."""
    with ExitStack() as stack:
        targets = {"floor": _floor(folder, stack)}
        for size, app in (("few", few), ("many", many)):
            served = stack.enter_context(Served("portal:create_app()", environment(app.settings.instance)))
            targets |= {f"{name}.{size}": Target(served, path, "") for name, path in PAGES.items()}
        for target in targets.values():
            target.milliseconds(WARM_UP)
        measured: Measured = {name: [] for name in targets}
        for number in range(ROUNDS):
            for name in list(targets)[:: -1 if number % 2 else 1]:
                measured[name].append(targets[name].milliseconds(TIMES))
    return measured


def _statements(app: Portal, path: str) -> int:
    ran: list[str] = []
    note = lambda connection, cursor, statement, *rest: ran.append(statement)  # noqa: E731 - removed below by its name
    event.listen(Engine, "before_cursor_execute", note)
    answer = app.test_client().get(path)
    event.remove(Engine, "before_cursor_execute", note)
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status_code}")
    return len(ran)

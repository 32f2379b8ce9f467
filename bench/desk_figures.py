"""The figures of the staff desk with ten thousand partners: the page that reads them, and the worker that counts them."""

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from statistics import median

from sqlalchemy import insert, update

from bench._portal import FIRST, cookie, copied, crowd, environment, with_demo
from bench._serving import Served
from bench.figures import Figure
from portal import clock
from portal.extensions import db
from portal.models.event import Audience, Event
from portal.models.integration import Integration
from portal.models.review import Round
from portal.staff import counting
from portal.status import RoundStatus
from portal.transaction import writing
from portal.web import Portal

MANY = 10_000
ROUNDS, TIMES = 7, 12
GROWTH, COUNT = 1.2, 5.0
PATH = "/staff/figures?period=year"


def run() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder, ExitStack() as stack:
        yield Figure("figures.load", os.getloadavg()[0], "average in the last minute")
        few = with_demo(Path(folder) / "few")
        many = copied(Path(folder) / "few", Path(folder) / "many")
        crowd(many, partners=MANY, waiting=MANY // 2)
        _journeys(many)
        yield Figure("figures.count", _counted(many), "s of the worker, 10,000 partners", "<=", COUNT)
        asked = {name: _asked(app, stack) for name, app in (("few", few), ("many", many))}
        taken: dict[str, list[float]] = {"few": [], "many": []}
        for turn in range(-1, ROUNDS):
            for name in list(asked)[:: -1 if turn % 2 else 1]:
                served, worn = asked[name]
                took = served.milliseconds(PATH, TIMES, cookie=worn)
                if turn >= 0:
                    taken[name].append(took)
        yield Figure("figures.page", median(taken["many"]), "ms CPU a request")
        growth = median(one / other for one, other in zip(taken["many"], taken["few"], strict=True))
        yield Figure("figures.page.growth", growth, "x the demo's partners", "<=", GROWTH)


def _asked(app: Portal, stack: ExitStack) -> tuple[Served, str]:
    served = stack.enter_context(Served("portal:create_app()", environment(app.settings.instance)))
    return served, cookie(app, "ada")


def _counted(app: Portal) -> float:
    begun = time.process_time()
    with app.app_context(), writing():
        counting.count()
    return time.process_time() - begun


def _journeys(app: Portal) -> None:
    """Each of the crowd came some way; half of them are certified, and their rounds were answered."""
    now = clock.now()
    steps = (("joined", 90), ("account_completed", 80), ("section_approved", 20))
    with app.app_context(), writing():
        happened = [
            {
                "kind": kind,
                "audience": Audience.PARTNER,
                "partner_id": n,
                "integration_id": n,
                "at": now - timedelta(days=days + n % 90),
                "payload": {},
            }
            for n in range(FIRST, FIRST + MANY)
            for kind, days in steps
        ]
        db.session.execute(insert(Event), happened)
        mine = (Integration.id >= FIRST, Integration.id % 2 == 0)
        reached = {"submitted_at": now - timedelta(days=30), "certified_at": now - timedelta(days=15)}
        db.session.execute(update(Integration).where(*mine).values(**reached))
        answered = {"status": RoundStatus.CLOSED, "stopped_at": now - timedelta(days=10), "minutes_left": 60, "days_taken": 3}
        db.session.execute(update(Round).where(Round.id >= FIRST, Round.id % 3 == 0).values(**answered))

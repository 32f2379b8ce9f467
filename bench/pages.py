"""Home, section page, review queue: CPU time against the floor, with few and with many partners, and their statements."""

import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from sqlalchemy import event
from sqlalchemy.engine import Engine

from bench import floor
from bench._portal import EVENTS, cookie, copied, crowd, environment, with_demo
from bench._serving import Served
from bench.figures import Figure
from portal.web import Portal

MANY, FEW, WAITING = 10_000, 100, (1_500, 60)
PAGES = {"home": ("jonas", "/"), "section": ("mira", "/build/payments"), "queue": ("tom", "/staff/queue")}
"""Who asks for what: a home with feedback, a section half way with files and messages, a queue of many rounds."""
ROUNDS, WARM_UP, TIMES = 9, 40, 40
AGAINST_FLOOR, GROWTH, STATEMENTS = 1.6, 1.2, 10
Measured = dict[str, list[float]]


def run() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        few = with_demo(Path(folder) / "few")
        many = copied(Path(folder) / "few", Path(folder) / "many")
        crowd(few, partners=FEW, waiting=WAITING[1])
        crowd(many, partners=MANY, waiting=WAITING[0])
        measured = _measure(Path(folder), few, many)
        yield Figure("pages.load", os.getloadavg()[0], "average in the last minute")
        yield Figure("pages.floor", median(measured["floor"]), "ms CPU a request")
        for name in PAGES:
            yield from _figures(name, measured)
        for name, (person, path) in PAGES.items():
            yield Figure(f"pages.{name}.statements", _statements(many, person, path), "statements", "<=", STATEMENTS)


def _figures(name: str, measured: Measured) -> Iterator[Figure]:
    many, few = measured[f"{name}.many"], measured[f"{name}.few"]
    yield Figure(f"pages.{name}", median(many), "ms CPU a request")
    yield Figure(f"pages.{name}.floor", _ratio(many, measured["floor"]), "x the floor", "<=", AGAINST_FLOOR)
    yield Figure(f"pages.{name}.growth", _ratio(many, few), f"x {FEW} partners", "<=", GROWTH)


def _ratio(one: list[float], other: list[float]) -> float:
    """The median of the ratios within each round: what disturbs a round disturbs both."""
    return median(a / b for a, b in zip(one, other, strict=True))


@dataclass(frozen=True)
class Target:
    """A page of a server, as somebody."""

    served: Served
    path: str
    cookie: str

    def milliseconds(self, times: int) -> float:
        return self.served.milliseconds(self.path, times, cookie=self.cookie)


def _measure(folder: Path, few: Portal, many: Portal) -> Measured:
    """CPU milliseconds by target, one for each round; every round asks all of them in turn, every second one backwards."""
    with ExitStack() as stack:
        targets = {"floor": _floor(folder, stack)}
        for size, app in (("few", few), ("many", many)):
            served = stack.enter_context(Served("portal:create_app()", environment(app.settings.instance)))
            targets |= {f"{name}.{size}": Target(served, path, cookie(app, person)) for name, (person, path) in PAGES.items()}
        for target in targets.values():
            target.milliseconds(WARM_UP)
        measured: Measured = {name: [] for name in targets}
        for number in range(ROUNDS):
            for name in list(targets)[:: -1 if number % 2 else 1]:
                measured[name].append(targets[name].milliseconds(TIMES))
    return measured


def _floor(folder: Path, stack: ExitStack) -> Target:
    settings = {"FLOOR_DATABASE": str(folder / "floor.sqlite"), "FLOOR_SECRET": secrets.token_urlsafe(48)}
    os.environ.update(settings)
    app = floor.create_floor()
    probe = floor.fill(app, users=MANY, entries=MANY * EVENTS)
    session = app.session_interface.get_signing_serializer(app).dumps({"_user_id": str(probe), "_fresh": True})
    return Target(stack.enter_context(Served("bench.floor:create_floor()", settings)), "/", f"session={session}")


def _statements(app: Portal, person: str, path: str) -> int:
    """What this page asks of the database."""
    ran: list[str] = []
    note = lambda connection, cursor, statement, *rest: ran.append(statement)  # noqa: E731 - removed below by its name
    client = app.test_client()
    client.set_cookie("portal_session", cookie(app, person).partition("=")[2], domain="localhost")
    event.listen(Engine, "before_cursor_execute", note)
    answer = client.get(path)
    event.remove(Engine, "before_cursor_execute", note)
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status_code}")
    return len(ran)

"""Webhooks: receiving beside a minimal receiver, a log of a million, verdicts while a hundred a second come, and kill -9."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from sqlalchemy import create_engine, text

from bench import _dying, _hooks, _log, _reading
from bench._portal import application, environment
from bench._sandbox import nanoseconds
from bench._serving import Served
from bench.figures import Figure
from portal.commands.init import prepare

ROUNDS = 7
SIZES = {1: (2_000, 0.8), 250: (400, 0.6)}
"""How many webhooks a round, by events in each, and the bound against the minimal receiver."""
FEW, MANY, GROWTH, POLL, VISIBLE = 1_000, 1_000_000, 1.2, 0.5, 3.0
UNLIMITED = {"PORTAL_WEBHOOK_RATE": "1000000"}
POSTGRES = "PORTAL_TEST_POSTGRES_URL"


def run() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="webhooks-bench-") as folder:
        yield Figure("webhooks.load", os.getloadavg()[0], "average in the last minute")
        yield from _receiving(Path(folder))
        yield from _visible(Path(folder))
        yield from _killed(Path(folder))
        yield from _growth(Path(folder))
        if os.environ.get(POSTGRES):
            yield from _growth_on_postgres(Path(folder))
        else:
            print(f"bench webhooks.postgres left out: {POSTGRES} names no server", flush=True)


def _receiving(folder: Path) -> Iterator[Figure]:
    """Both servers in turn, on the same disk; the worker, which reads later, does not run."""
    app = application(folder / "receiving")
    prepare(app)
    key = _hooks.an_app(app)[2]
    minimal = {"RECEIVER_DATABASE": str(folder / "receiver.sqlite"), "RECEIVER_SECRET": _hooks.SECRET}
    with ExitStack() as stack:
        bare = stack.enter_context(Served("bench.receiver:create_receiver()", minimal))
        ours = stack.enter_context(Served("portal:create_app()", environment(app.settings.instance) | UNLIMITED))
        for events, (times, bound) in SIZES.items():
            beside = _Beside(bare, ours, key, events)
            beside.measure(times)
            name = f"webhooks.receive.{events}"
            yield Figure(f"{name}.bare", median(beside.bare), "webhooks a second by the minimal receiver")
            yield Figure(name, median(beside.ours), "webhooks a second")
            yield Figure(f"{name}.against", beside.ratio(), "x the minimal receiver", ">=", bound)
            yield Figure(f"{name}.cpu", median(beside.cpu), "ms CPU a webhook")


class _Beside:
    """Rates of both receivers, round by round."""

    def __init__(self, bare: Served, ours: Served, key: str, events: int) -> None:
        self._bare, self._ours = bare, ours
        self._to_bare, self._to_ours = _hooks.some("/hooks", events), _hooks.some(f"/hooks/{key}", events)
        self.bare: list[float] = []
        self.ours: list[float] = []
        self.cpu: list[float] = []

    def measure(self, times: int) -> None:
        """A warm-up, then every round asks both, every second one the other way round."""
        self._round(times // 4, backwards=False)
        for rates in (self.bare, self.ours, self.cpu):
            rates.clear()
        for number in range(ROUNDS):
            self._round(times, backwards=bool(number % 2))

    def ratio(self) -> float:
        return median(ours / bare for ours, bare in zip(self.ours, self.bare, strict=True))

    def _round(self, times: int, *, backwards: bool) -> None:
        turns = (self._ask_bare, self._ask_ours)
        for turn in turns[:: -1 if backwards else 1]:
            turn(times)

    def _ask_bare(self, times: int) -> None:
        self.bare.append(_hooks.per_second(self._bare.port, self._to_bare, times))

    def _ask_ours(self, times: int) -> None:
        before = nanoseconds(self._ours.workers())
        self.ours.append(_hooks.per_second(self._ours.port, self._to_ours, times))
        self.cpu.append((nanoseconds(self._ours.workers()) - before) / times / 1e6)


def _visible(folder: Path) -> Iterator[Figure]:
    seen = _reading.seconds_until_read(folder / "visible", per_second=100, seconds=10)
    unit = "s from a webhook to its verdict and events in an open log, at 100 a second"
    yield Figure("webhooks.read", max(seen), "s until the slowest of them was read")
    yield Figure("webhooks.visible", max(seen) + _reading.OPEN_LOG, unit, "<=", VISIBLE)


def _killed(folder: Path) -> Iterator[Figure]:
    died = _dying.sent_while_dying(folder / "killed", webhooks=10_000, kills=20)
    yield Figure("webhooks.killed", died.kills, "times the process was killed", ">=", 20)
    yield Figure("webhooks.killed.answered", died.answered, "webhooks answered 204", ">=", 10_000)
    yield Figure("webhooks.killed.repeated", died.repeated, "webhooks stored more than once, because their answer was lost")
    yield Figure("webhooks.killed.lost", died.lost, "webhooks answered 204 and not in the log", "<=", 0)


def _growth(folder: Path) -> Iterator[Figure]:
    apps = {}
    for size, many in (("few", FEW), ("many", MANY)):
        apps[size] = application(folder / size)
        prepare(apps[size])
        apps[size] = (apps[size], _log.filled(apps[size], many))
    yield from _reading.pages("webhooks.sqlite", apps, {}, growth=GROWTH, poll=POLL)


def _growth_on_postgres(folder: Path) -> Iterator[Figure]:
    """The database works in processes of its own, so what is measured is the time until the answer."""
    server = os.environ[POSTGRES].replace("postgresql://", "postgresql+psycopg://")
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    names = {size: f"portal_bench_{os.getpid()}_{size}" for size in ("few", "many")}
    try:
        apps, more = {}, {}
        for size, many in (("few", FEW), ("many", MANY)):
            with admin.connect() as connection:
                connection.execute(text(f'CREATE DATABASE "{names[size]}"'))
            more[size] = {"PORTAL_DATABASE_URL": f"{server.rsplit('/', 1)[0]}/{names[size]}"}
            os.environ.update(more[size])
            app = application(folder / f"postgres-{size}")
            prepare(app)
            apps[size] = (app, _log.filled(app, many))
        del os.environ["PORTAL_DATABASE_URL"]
        yield from _reading.pages("webhooks.postgresql", apps, more, growth=GROWTH, poll=POLL)
    finally:
        os.environ.pop("PORTAL_DATABASE_URL", None)
        with admin.connect() as connection:
            for name in names.values():
                connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        admin.dispose()

"""The sandbox against a bare inserting route, with few and with a million payments, and under ten thousand webhooks."""

import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench import _localstripe
from bench._load import per_second, prepared
from bench._sandbox import SECRET, Merchant, Receiver, Sandbox, fill_outbox, multiply_payments, nanoseconds
from bench._serving import Served
from bench.figures import Figure

FEW, MANY = 100, 1_000_000
WEBHOOKS, EVENTS = 10_000, 10
ROUNDS, TIMES, WARM_UP, AFTERWARDS = 9, 200, 200, 0.15
AGAINST_BARE, GROWTH = 0.5, 1.3
START, MEMORY, PATIENCE = 2.0, 150, 600
PERSON = {"given_name": "Frank", "family_name": "Osborne", "email": "frank@example.com", "metadata": {"order": "1"}}
Measured = dict[str, list[float]]


def run() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="sandbox-bench-") as folder:
        yield Figure("sandbox.load", os.getloadavg()[0], "average in the last minute")
        yield _start(Path(folder))
        yield from _calls(Path(folder))
        yield from _deliveries(Path(folder))


def _start(folder: Path) -> Figure:
    """From the command to the first answer, with a database to make; the best of five, which others disturbed least."""
    seconds = []
    for number in range(5):
        with Sandbox(folder / f"start{number}") as sandbox:
            seconds.append(sandbox.seconds)
    return Figure("sandbox.start", min(seconds), "s to the first answer", "<=", START)


@dataclass(frozen=True)
class Target:
    """A request to a server, sent many times; to a slow one only a ``share`` of them."""

    port: int
    request: bytes
    status: int
    nanoseconds: Callable[[], int] = int
    share: float = 1

    def measure(self, times: int) -> tuple[float, float]:
        """Answers a second, and CPU milliseconds of the server for one of them, with what it does shortly after."""
        sent, before = int(times * self.share), self.nanoseconds()
        rate = per_second(self.port, self.request, sent, status=self.status)
        time.sleep(AFTERWARDS)
        return rate, (self.nanoseconds() - before) / sent / 1e6


def _calls(folder: Path) -> Iterator[Figure]:
    with ExitStack() as stack:
        targets = {"bare": _bare(folder, stack)}
        sandboxes = {}
        for size, payments in (("few", FEW), ("many", MANY)):
            sandboxes[size] = stack.enter_context(Sandbox(folder / size))
            targets |= {f"{name}.{size}": target for name, target in _targets(sandboxes[size], payments).items()}
        if _localstripe.program():
            targets["localstripe"] = Target(*stack.enter_context(_localstripe.running(folder)), 200, share=0.1)
        rates, costs = _measure(targets)
        yield from _against_bare(rates, costs)
        for name in ("list_payments", "create_payment"):
            growth = _ratio(costs, f"{name}.many", f"{name}.few")
            yield Figure(f"sandbox.{name}.growth", growth, f"x the CPU, {FEW} to {MANY} payments", "<=", GROWTH)
        yield from _beside_localstripe(rates)
        yield Figure("sandbox.memory", max(one.megabytes() for one in sandboxes.values()), "MB", "<=", MEMORY)


def _against_bare(rates: Measured, costs: Measured) -> Iterator[Figure]:
    """Throughput, which has the bound, and the server's CPU alone, which others disturb less."""
    yield Figure("sandbox.bare", median(rates["bare"]), "rows a second")
    for name in ("create_customer", "list_payments"):
        yield Figure(f"sandbox.{name}", median(rates[f"{name}.few"]), "calls a second")
        against = _ratio(rates, f"{name}.few", "bare")
        yield Figure(f"sandbox.{name}.bare", against, "x the bare route", ">=", AGAINST_BARE)
        yield Figure(f"sandbox.{name}.cpu", _ratio(costs, "bare", f"{name}.few"), "x the bare route by CPU")


def _beside_localstripe(rates: Measured) -> Iterator[Figure]:
    if "localstripe" not in rates:
        print("bench sandbox.localstripe left out: LOCALSTRIPE does not name its program", flush=True)
        return
    yield Figure("sandbox.localstripe", median(rates["localstripe"]), "customers a second")
    yield Figure("sandbox.localstripe.bare", _ratio(rates, "localstripe", "bare"), "x the bare route")


def _ratio(measured: Measured, one: str, other: str) -> float:
    """The median of the ratios within each round: what disturbs a round disturbs both."""
    return median(a / b for a, b in zip(measured[one], measured[other], strict=True))


def _measure(targets: dict[str, Target]) -> tuple[Measured, Measured]:
    """Rates and costs by target, one for each round; every round asks all of them in turn, every second one backwards."""
    for target in targets.values():
        target.measure(WARM_UP)
    rates: Measured = {name: [] for name in targets}
    costs: Measured = {name: [] for name in targets}
    for number in range(ROUNDS):
        for name in list(targets)[:: -1 if number % 2 else 1]:
            rate, cost = targets[name].measure(TIMES)
            rates[name].append(rate)
            costs[name].append(cost)
    return rates, costs


def _bare(folder: Path, stack: ExitStack) -> Target:
    served = stack.enter_context(Served("bench.bare:create_bare()", {"BARE_DATABASE": str(folder / "bare.sqlite")}))
    body = json.dumps({"customers": PERSON}).encode()
    request = prepared("POST", "/rows", headers={"Content-Type": "application/json"}, body=body)
    return Target(served.port, request, 201, lambda: nanoseconds(served.workers()))


def _targets(sandbox: Sandbox, payments: int) -> dict[str, Target]:
    """The calls that are measured, of a merchant who has so many payments."""
    merchant = sandbox.merchant()
    payment = {"amount": 1000, "currency": "GBP", "links": {"mandate": merchant.mandate()}}
    merchant.create("payments", payment)
    multiply_payments(sandbox.folder, payments)
    listing = prepared("GET", "/payments?limit=50", headers=merchant.headers)
    return {
        "create_customer": _creating(merchant, "customers", PERSON),
        "create_payment": _creating(merchant, "payments", payment),
        "list_payments": Target(sandbox.port, listing, 200, sandbox.nanoseconds),
    }


def _creating(merchant: Merchant, kind: str, values: Mapping[str, object]) -> Target:
    body, sandbox = json.dumps({kind: values}).encode(), merchant.sandbox
    return Target(sandbox.port, prepared("POST", f"/{kind}", headers=merchant.headers, body=body), 201, sandbox.nanoseconds)


def _deliveries(folder: Path) -> Iterator[Figure]:
    """All events wait already; webhooks of ten each are made of them, signed, sent and written down."""
    settings = {"webhook_batch_size": EVENTS, "webhook_batch_seconds": 0.1}
    with Receiver() as receiver:
        with Sandbox(folder / "deliveries", **settings) as sandbox:
            merchant = sandbox.merchant(webhook_url=receiver.url, webhook_secret=SECRET)
            receiver.until(1, 1)
            before = len(receiver.events), receiver.webhooks
            fill_outbox(sandbox.folder, merchant.organisation, WEBHOOKS * EVENTS)
            seconds = receiver.until(before[0] + WEBHOOKS * EVENTS, PATIENCE)
            memory = sandbox.megabytes()
        webhooks, events = receiver.webhooks - before[1], len(receiver.events) - before[0]
        yield Figure("sandbox.webhooks", webhooks, f"webhooks of {EVENTS} events delivered", ">=", WEBHOOKS)
        yield Figure("sandbox.webhooks.lost", WEBHOOKS * EVENTS - events, "events lost", "<=", 0)
        yield Figure("sandbox.webhooks.forged", receiver.forged, "wrong signatures", "<=", 0)
        yield Figure("sandbox.webhooks.rate", webhooks / seconds, "webhooks a second")
        yield Figure("sandbox.webhooks.memory", memory, "MB while delivering", "<=", MEMORY)

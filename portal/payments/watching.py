"""Looks at what a run has made: each resource as it is now, and every event of it."""

from collections.abc import Callable, Mapping
from typing import Any

from portal.models.run import Run
from portal.payments import calling, facts

Json = Mapping[str, Any]
EVENTS_OF = ("billing_request", "mandate", "payment", "payout", "creditor")
_READ: tuple[tuple[str, str, Callable[[Json], dict[str, Any]]], ...] = (
    ("billing_request", "billing_requests", facts.billing_request),
    ("mandate", "mandates", facts.mandate),
    ("payment", "payments", facts.payment),
    ("payout", "payouts", facts.payout),
    ("creditor", "creditors", facts.creditor),
)


def look(run: Run, *kinds: str) -> bool:
    """Read these resources again, or all that the run has; whether one of them has changed."""
    changed = False
    for kind, service, keep in _READ:
        if kind in (kinds or EVENTS_OF) and run.facts.get(kind):
            changed |= _look(run, kind, service, keep)
    return changed


def _look(run: Run, kind: str, service: str, keep: Callable[[Json], dict[str, Any]]) -> bool:
    id_ = run.facts[kind]["id"]
    answer = calling.ask(run, lambda client: getattr(client, service).get(id_))
    return facts.learn(run, **{kind: keep(answer.body)})


def look_at_events(run: Run) -> calling.Answer | None:
    """Read the events of every resource; the answer about the one that was made last."""
    answer = None
    for kind in EVENTS_OF:
        if kind != "creditor" and run.facts.get(kind):
            answer = _events(run, kind, run.facts[kind]["id"])
    return answer


def _events(run: Run, kind: str, id_: str) -> calling.Answer:
    answer = calling.ask(run, lambda client: client.events.list(params={kind: id_, "limit": 100}))
    facts.learn(run, events=facts.events(run.facts.get("events", ()), answer.body["events"]))
    return answer


def everything(run: Run) -> None:
    look(run)
    look_at_events(run)

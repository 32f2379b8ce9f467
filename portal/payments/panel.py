"""What a billing request run adds to the page of all runs: the payer's link, simulators that fit now, and the time line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from portal.models.people import User
from portal.models.run import Run
from portal.payments import line, simulators
from portal.payments.choices import BANK, SCHEMES, Ask, Scheme
from portal.payments.simulators import Simulator
from portal.status import RunStatus

KINDS = {
    "billing_request": "billing request",
    "mandate": "mandate",
    "payment": "payment",
    "payout": "payout",
    "creditor": "merchant",
}


@dataclass(frozen=True, slots=True)
class Panel:
    """All that templates/payments/panel.html shows beside the steps."""

    link: str
    """For the payer; empty when there is nothing to do there."""
    scheme: Scheme
    instant: bool
    bank: str
    may_act: bool
    may_look: bool
    simulators: Sequence[tuple[str, str, str, list[Simulator]]]
    """Kind in words, id, status, and what can be simulated."""
    mandate_first: bool
    unverified: bool
    moments: list[line.Moment]


def of(run: Run, me: User) -> Panel:
    """One statement, for the webhooks."""
    known, mine = run.facts, me.membership is not None
    stopped = run.status is RunStatus.STOPPED
    waiting = (known.get("billing_request") or {}).get("status") in ("pending", "ready_to_fulfil") and not stopped
    return Panel(
        link=_link(known) if waiting else "",
        scheme=SCHEMES[run.parameters["scheme"]],
        instant=run.parameters["ask"] != Ask.MANDATE,
        bank=BANK,
        may_act=mine and not stopped,
        may_look=mine and not stopped and run.status is not RunStatus.RUNNING,
        simulators=_grouped(run),
        mandate_first=simulators.wanted_first(known),
        unverified=(known.get("creditor") or {}).get("status", "successful") not in ("", "successful"),
        moments=line.moments(run),
    )


def _link(known: Mapping[str, Any]) -> str:
    """What GoCardless named as the payer's address; only what a browser opens as a page."""
    url = str((known.get("flow") or {}).get("url", ""))
    return url if url.startswith(("https://", "http://")) else ""


def _grouped(run: Run) -> list[tuple[str, str, str, list[Simulator]]]:
    fitting = simulators.fitting(run.facts)
    return [
        (KINDS[kind], run.facts[kind]["id"], str(run.facts[kind]["status"]).replace("_", " "), list(of_kind))
        for kind, of_kind in groupby(fitting, key=lambda one: one.kind)
    ]

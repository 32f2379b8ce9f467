"""How partners come along: when each reached which step, how long the stages took, and where they stand."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import func, select

from portal.extensions import rows
from portal.models.columns import among
from portal.models.event import Event
from portal.models.integration import Integration
from portal.models.partner import Partner
from portal.staff.counting.periods import Span
from portal.staff.workdays import Workdays, half

STEPS = ("accepted", "joined", "account", "submitted", "answered", "certified", "published")
"""In the order in which a partner takes them."""
CERTIFIED = STEPS.index("certified")
SLOW = 20
"""Working days on one step after which a partner is called stopped."""
NINETY = 0.9
KINDS = {
    "joined": "joined",
    "account_completed": "account",
    "attention_needed": "answered",
    "section_approved": "answered",
    "listing_published": "published",
}
"""Which happening marks which step, the first of its kind."""
_PARTNERS = (
    select(Partner.id, Partner.created_at, Integration.submitted_at, Integration.certified_at)
    .join(Integration, Integration.partner_id == Partner.id)
    .order_by(Partner.id)
)
_FIRST = (
    select(func.min(Event.id))
    .where(among(Event.kind, KINDS), Event.partner_id.is_not(None))
    .group_by(Event.partner_id, Event.kind)
)
_HAPPENINGS = select(Event.partner_id, Event.kind, Event.at).where(Event.id.in_(_FIRST))
Marks = Mapping[str, datetime]
"""When a partner reached a step; what it did not reach is left out."""


def marks() -> list[Marks]:
    """Of every partner. Two statements."""
    first: dict[int, dict[str, datetime]] = {}
    for row in rows(_HAPPENINGS, {}):
        known, step = first.setdefault(row.partner_id, {}), KINDS[row.kind]
        known[step] = min(row.at, known.get(step, row.at))
    return [_marks(row, first.get(row.id, {})) for row in rows(_PARTNERS, {})]


def _marks(row: Any, first: Mapping[str, datetime]) -> Marks:
    known = {**first, "accepted": row.created_at, "submitted": row.submitted_at, "certified": row.certified_at}
    return {step: known[step] for step in STEPS if known.get(step) is not None}


def certification(over: Span) -> dict[str, Any]:
    """Of partners certified in the period: `partners`, `half` and `ninety` working days from acceptance, and `stages`, each a
    list of the step reached, partners measured, half, nine in ten. A stage begins where the step before it was reached."""
    known = marks()
    chosen = [one for one in known if "certified" in one and over.since <= one["certified"] <= over.now]
    days = _calendar(over, chosen)
    whole = [days.between(one["accepted"], one["certified"]) for one in chosen]
    return {
        "partners": len(chosen),
        "half": half(whole),
        "ninety": half(whole, NINETY),
        "stages": [_stage(step, chosen, days) for step in STEPS[1 : CERTIFIED + 1]],
    }


def _stage(step: str, chosen: Sequence[Marks], days: Workdays) -> list[Any]:
    took = [days.between(begin, end) for one in chosen for at, begin, end in _stages(one) if at == step]
    return [step, len(took), half(took), half(took, NINETY)]


def _stages(one: Marks) -> Iterator[tuple[str, datetime, datetime]]:
    """The steps that were reached, each with the moment of the one reached before it."""
    for (_, begin), (step, end) in pairwise(one.items()):
        yield step, begin, end


def stops(over: Span) -> dict[str, Any]:
    """Of partners accepted in the period: `partners`, `slow` (the working days), and `steps`, each a list of the step, how many
    reached it, how many stand there now, how many of them for longer than `slow`."""
    chosen = [one for one in marks() if over.since <= one["accepted"] <= over.now]
    days = _calendar(over, chosen)
    stand: dict[str, list[int]] = {step: [] for step in STEPS}
    for one in chosen:
        last = [step for step in STEPS if step in one][-1]
        stand[last].append(days.between(one[last], over.now))
    return {
        "partners": len(chosen),
        "slow": SLOW,
        "steps": [[step, _reached(step, chosen), len(stand[step]), _slow(step, stand[step])] for step in STEPS],
    }


def _reached(step: str, chosen: Sequence[Marks]) -> int:
    """This step or a later one: who is certified was accepted, whatever was written down."""
    later = STEPS[STEPS.index(step) :]
    return sum(any(name in one for name in later) for one in chosen)


def _slow(step: str, standing: Sequence[int]) -> int:
    """Nobody is stopped at the end."""
    return 0 if step == STEPS[-1] else sum(took > SLOW for took in standing)


def _calendar(over: Span, chosen: Sequence[Marks]) -> Workdays:
    first = min((one["accepted"] for one in chosen), default=over.now) - timedelta(days=1)
    return Workdays(over.place, first.date(), over.now.date() + timedelta(days=1))

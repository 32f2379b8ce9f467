"""Counts the figures of the staff desk out of all rows, for a page that reads a handful: the worker does it by the clock.

Each figure is a plain JSON value; the docstring of its function says what is in it.
"""

from collections.abc import Callable, Mapping
from typing import Any

from portal import clock, office, outbox, transaction
from portal.extensions import db
from portal.models.desk_figure import DeskFigure
from portal.models.outbox import Outbox, Task
from portal.staff.counting import desk, journeys, reviews
from portal.staff.counting.periods import Period, Span, span

Counted = dict[str, Any]

FIGURES: Mapping[str, Callable[[Span], Counted]] = {
    "certification": journeys.certification,
    "stops": journeys.stops,
    "flagged": reviews.flagged,
    "clock": reviews.kept,
    "queue": reviews.queue,
    "cases": desk.cases,
    "leads": desk.leads,
}


def count() -> None:
    """All figures of all periods. Stores what was changed before; holds no write transaction while it counts."""
    with transaction.reading():
        place, now = office.current(), clock.now()
        found = {(period, name): of(span(period, now, place)) for period in Period for name, of in FIGURES.items()}
    for (period, name), data in found.items():
        db.session.merge(DeskFigure(period=period.value, name=name, data=data, counted_at=now))


def ask() -> Outbox:
    """Have the worker count now."""
    return outbox.enqueue(Task.FIGURES, {}, title="Figures of the staff desk")


__all__ = ["FIGURES", "Period", "ask", "count", "span"]

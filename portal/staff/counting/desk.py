"""Cases and leads: how many came, how many were answered in time, what became of them."""

from collections import Counter
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, or_, select

from portal.extensions import rows
from portal.models.case import Case
from portal.models.columns import Utc, among
from portal.models.lead import Lead, LeadUpdate
from portal.staff.counting.periods import Span
from portal.status import LeadStatus

_SINCE = bindparam("since", type_=Utc)
_CASES = select(Case.created_at, Case.first_due_at, Case.first_answered_at, Case.ended_at).where(
    or_(Case.created_at >= _SINCE, Case.ended_at >= _SINCE, Case.first_answered_at >= _SINCE)
)
_BROUGHT = select(Lead.submitted_at).where(Lead.submitted_at >= _SINCE)
ENDS = {
    LeadStatus.WON: "won",
    LeadStatus.LOST: "lost",
    LeadStatus.REJECTED: "lost",
    LeadStatus.WITHDRAWN: "lost",
}
_ENDED = (
    select(LeadUpdate.at, LeadUpdate.after)
    .join(Lead, Lead.id == LeadUpdate.lead_id)
    .where(among(LeadUpdate.after, ENDS), LeadUpdate.at >= _SINCE, Lead.submitted_at.is_not(None))
)


class _Tally:
    """Counts by name, in all and by column."""

    def __init__(self, over: Span) -> None:
        self._over = over
        self._in: Counter[tuple[date | None, str]] = Counter()
        self.all: Counter[str] = Counter()

    def add(self, name: str, at: datetime | None) -> None:
        """What happened at another time is not counted."""
        if at is not None and self._over.since <= at <= self._over.now:
            self.all[name] += 1
            self._in[self._over.column(at), name] += 1

    def columns(self, *names: str) -> list[list[Any]]:
        return [[column.isoformat(), *(self._in[column, name] for name in names)] for column in self._over.columns]


def cases(over: Span) -> dict[str, Any]:
    """`opened`, `in_time` and `late` (first answers), `ended` in all, and `columns`, each a list of the day it begins and these."""
    tally = _Tally(over)
    for row in rows(_CASES, {"since": over.since}):
        tally.add("opened", row.created_at)
        tally.add("ended", row.ended_at)
        if row.first_answered_at is not None:
            tally.add("in_time" if row.first_answered_at <= row.first_due_at else "late", row.first_answered_at)
    names = ("opened", "in_time", "late", "ended")
    return {**{name: tally.all[name] for name in names}, "columns": tally.columns(*names)}


def leads(over: Span) -> dict[str, Any]:
    """`brought`, `won` and `lost` (rejected and withdrawn ones, too) in all, and `columns`, each a list of the day it begins and these."""
    tally = _Tally(over)
    for row in rows(_BROUGHT, {"since": over.since}):
        tally.add("brought", row.submitted_at)
    for row in rows(_ENDED, {"since": over.since}):
        tally.add(ENDS[LeadStatus(row.after)], row.at)
    names = ("brought", "won", "lost")
    return {**{name: tally.all[name] for name in names}, "columns": tally.columns(*names)}

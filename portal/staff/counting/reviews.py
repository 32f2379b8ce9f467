"""What reviewers do: what they flag, whether the clock is kept, how long the queue has waited."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

from sqlalchemy import bindparam, distinct, func, select

from portal.extensions import rows
from portal.models.columns import Utc
from portal.models.review import Remark, Round, Verdict
from portal.staff.counting.periods import Span
from portal.staff.workdays import Workdays, half
from portal.status import RemarkKind, RoundStatus

SHOWN = 15
OLD = 6
"""Working days of waiting from which on rounds are counted together."""
_SINCE, _NOW = bindparam("since", type_=Utc), bindparam("now", type_=Utc)
_FLAGGED = (
    select(Remark.question_key, func.count().label("remarks"), func.count(distinct(Remark.integration_id)).label("partners"))
    .where(Remark.kind == RemarkKind.BLOCKING, Remark.question_key.is_not(None), Remark.withdrawn_at.is_(None))
    .where(Remark.sent_at >= _SINCE, Remark.sent_at <= _NOW)
    .group_by(Remark.question_key)
    .order_by(func.count(distinct(Remark.integration_id)).desc(), func.count().desc(), Remark.question_key)
    .limit(SHOWN)
)
_REVIEWED = (
    select(func.count(distinct(Round.integration_id)))
    .select_from(Verdict)
    .join(Round, Round.id == Verdict.round_id)
    .where(Verdict.sent_at >= _SINCE, Verdict.sent_at <= _NOW)
)
_CLOSED = select(Round.stopped_at, Round.minutes_left, Round.days_taken).where(
    Round.status == RoundStatus.CLOSED, Round.stopped_at >= _SINCE, Round.stopped_at <= _NOW
)
_WAITING = select(Round.status, Round.submitted_at, Round.due_at).where(Round.status != RoundStatus.CLOSED)


def flagged(over: Span) -> dict[str, Any]:
    """`reviewed` partners got feedback in the period; `questions`, each a list of its key, the partners that had to correct it,
    and how often it was asked for."""
    values = {"since": over.since, "now": over.now}
    return {
        "reviewed": rows(_REVIEWED, values).scalar_one(),
        "questions": [[row.question_key, row.partners, row.remarks] for row in rows(_FLAGGED, values)],
    }


def kept(over: Span) -> dict[str, Any]:
    """Of reviews answered in the period: `kept` and `missed` in all, `half` and `ninety` working days, and `columns`, each a list
    of the day it begins, kept, missed, half. A round is kept when it had working time left."""
    counts: Counter[tuple[date | None, bool]] = Counter()
    days: dict[date | None, list[int]] = {}
    for row in rows(_CLOSED, {"since": over.since, "now": over.now}):
        column = over.column(row.stopped_at)
        counts[column, (row.minutes_left or 0) >= 0] += 1
        days.setdefault(column, []).append(row.days_taken or 0)
    taken = [one for some in days.values() for one in some]
    return {
        "kept": sum(number for (_, in_time), number in counts.items() if in_time),
        "missed": sum(number for (_, in_time), number in counts.items() if not in_time),
        "half": half(taken),
        "ninety": half(taken, 0.9),
        "columns": [
            [column.isoformat(), counts[column, True], counts[column, False], half(days.get(column, ()))]
            for column in over.columns
        ],
    }


def queue(over: Span) -> dict[str, Any]:
    """As it stands now, whatever the period: `running`, `overdue`, `paused`, `oldest` in working days, and `ages`, each a list of
    the working days since it was sent (the last one: so many or more), rounds in time, rounds overdue."""
    waiting = rows(_WAITING, {}).all()
    first = min((row.submitted_at for row in waiting), default=over.now) - timedelta(days=1)
    days = Workdays(over.place, first.date(), over.now.date() + timedelta(days=1))
    running = [row for row in waiting if row.status == RoundStatus.OPEN]
    ages = [days.between(row.submitted_at, over.now) for row in running]
    counts = Counter((min(age, OLD), row.due_at < over.now) for age, row in zip(ages, running, strict=True))
    return {
        "running": len(running),
        "overdue": sum(number for (_, late), number in counts.items() if late),
        "paused": len(waiting) - len(running),
        "oldest": max(ages, default=None),
        "ages": [[age, counts[age, False], counts[age, True]] for age in range(OLD + 1)],
    }

"""The figures of the payment insight, added up from cells of payments that are alike; docs/insight.md says what each means."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from portal.models.payment import Unit

WEEK = timedelta(days=7)


class Outcome(StrEnum):
    """What became of a payment, as far as the figures care."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CHARGED_BACK = "charged_back"
    OPEN = "open"
    """On its way: nobody knows yet."""
    LEFT_OUT = "left_out"
    """Cancelled, or never approved: it was not tried, so it is neither success nor failure."""


OUTCOMES: Mapping[str, Outcome] = {
    "confirmed": Outcome.SUCCEEDED,
    "paid_out": Outcome.SUCCEEDED,
    "failed": Outcome.FAILED,
    "charged_back": Outcome.CHARGED_BACK,
    "cancelled": Outcome.LEFT_OUT,
    "customer_approval_denied": Outcome.LEFT_OUT,
}


def outcome_of(status: str) -> Outcome:
    """Of the API's status of a payment; one that is not known yet decides nothing."""
    return OUTCOMES.get(status, Outcome.OPEN)


@dataclass(frozen=True, slots=True)
class Cell:
    """Payments of one period and one currency that are alike. `cause` is empty for those that never failed."""

    starts_on: date
    outcome: Outcome
    cause: str
    retried: bool
    days: int | None
    payments: int
    retries: int
    amount: int


@dataclass(frozen=True, slots=True)
class Tally:
    """How many payments came to which end, and the amount that succeeded in minor units."""

    succeeded: int = 0
    failed: int = 0
    charged_back: int = 0
    open: int = 0
    left_out: int = 0
    amount: int = 0

    @property
    def payments(self) -> int:
        return self.decided + self.open + self.left_out

    @property
    def decided(self) -> int:
        return self.succeeded + self.failed + self.charged_back

    @property
    def rate(self) -> float | None:
        """Successes in a hundred decided payments; None while none is decided."""
        return 100 * self.succeeded / self.decided if self.decided else None


@dataclass(frozen=True, slots=True)
class Retries:
    """What became of payments that were tried again: they succeeded, failed once more, or are on their way."""

    payments: int = 0
    attempts: int = 0
    recovered: int = 0
    lost: int = 0
    open: int = 0
    amount: int = 0
    """Recovered, in minor units."""


@dataclass(frozen=True, slots=True)
class ToPayout:
    """Days from the charge date to the arrival of the payout; None while nothing was paid out."""

    payments: int = 0
    median: int | None = None
    ninety: int | None = None


@dataclass(frozen=True, slots=True)
class Cause:
    """Payments whose last failure or chargeback had this cause."""

    code: str
    failed: int
    charged_back: int
    succeeded: int
    """In the end: tried again, or the chargeback was cancelled."""
    open: int
    """On their way again."""
    lost: int
    """Amount that did not come, in minor units."""

    @property
    def payments(self) -> int:
        return self.failed + self.charged_back + self.succeeded + self.open


@dataclass(frozen=True, slots=True)
class Period:
    """One week or month."""

    starts_on: date
    tally: Tally
    retries: Retries
    to_payout: ToPayout


def tally(cells: Iterable[Cell]) -> Tally:
    counts: Counter[str] = Counter()
    for cell in cells:
        counts[cell.outcome.value] += cell.payments
        counts["amount"] += cell.amount if cell.outcome is Outcome.SUCCEEDED else 0
    return Tally(**counts)


def retries(cells: Iterable[Cell]) -> Retries:
    counts: Counter[str] = Counter()
    for cell in (one for one in cells if one.retried):
        counts["payments"] += cell.payments
        counts["attempts"] += cell.retries
        counts[_AFTER_RETRY.get(cell.outcome, "lost")] += cell.payments
        counts["amount"] += cell.amount if cell.outcome is Outcome.SUCCEEDED else 0
    return Retries(**counts)


_AFTER_RETRY = {Outcome.SUCCEEDED: "recovered", Outcome.OPEN: "open"}


def to_payout(cells: Iterable[Cell]) -> ToPayout:
    counts: Counter[int] = Counter()
    for cell in cells:
        if cell.days is not None:
            counts[cell.days] += cell.payments
    return ToPayout(counts.total(), quantile(counts, 50), quantile(counts, 90))


def quantile(counts: Mapping[int, int], percent: int) -> int | None:
    """By nearest rank: the smallest value that at least so many in a hundred do not exceed."""
    wanted = -(-sum(counts.values()) * percent // 100)
    for value in sorted(counts):
        wanted -= counts[value]
        if wanted <= 0:
            return value
    return None


def causes(cells: Iterable[Cell]) -> list[Cause]:
    """Most frequent first."""
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for cell in (one for one in cells if one.cause and one.outcome is not Outcome.LEFT_OUT):
        found[cell.cause][cell.outcome.value] += cell.payments
        if cell.outcome in (Outcome.FAILED, Outcome.CHARGED_BACK):
            found[cell.cause]["lost"] += cell.amount
    made = [Cause(code, *(counts[name] for name in _CAUSE)) for code, counts in found.items()]
    return sorted(made, key=lambda one: (-one.payments, one.code))


_CAUSE = ("failed", "charged_back", "succeeded", "open", "lost")


def periods(cells: Sequence[Cell], unit: Unit) -> list[Period]:
    """Every period from the first to the last of the cells, the empty ones between them too."""
    of: defaultdict[date, list[Cell]] = defaultdict(list)
    for cell in cells:
        of[cell.starts_on].append(cell)
    return [Period(start, tally(of[start]), retries(of[start]), to_payout(of[start])) for start in _starts(of, unit)]


def _starts(known: Iterable[date], unit: Unit) -> list[date]:
    first, last = min(known, default=None), max(known, default=None)
    found: list[date] = []
    while first is not None and last is not None and first <= last:
        found.append(first)
        first = following(first, unit)
    return found


def start_of(day: date, unit: Unit) -> date:
    """The Monday of its week, or the first of its month."""
    return day - timedelta(days=day.weekday()) if unit is Unit.WEEK else day.replace(day=1)


def following(start: date, unit: Unit) -> date:
    return start + WEEK if unit is Unit.WEEK else (start + timedelta(days=31)).replace(day=1)


def back(start: date, unit: Unit, count: int) -> date:
    """The start of the period so many before this one."""
    if unit is Unit.WEEK:
        return start - count * WEEK
    months = start.year * 12 + start.month - 1 - count
    return date(months // 12, months % 12 + 1, 1)

"""The tables of the insight page, each under a question; a script draws the columns that have a series."""

from collections.abc import Callable, Sequence

from portal import clock
from portal.charts import Cell, Row, Table
from portal.models.payment import Unit
from portal.payments import causes
from portal.payments.figures import Period
from portal.payments.insight import Insight
from portal.payments.wording import money, number, percent, period

HEADINGS = {Unit.WEEK: "Week from", Unit.MONTH: "Month"}


def of(told: Insight) -> list[Table]:
    return [make(told) for make in (_success, _causes, _retries, _payouts)]


def _success(told: Insight) -> Table:
    columns = (
        ("Succeeded", "good"),
        ("Failed", "bad"),
        ("Charged back", "back"),
        ("On their way", "open"),
        ("Success rate", ""),
        ("Collected", ""),
    )

    def cells(one: Period) -> list[Cell]:
        tally = one.tally
        counts = _counts(tally.succeeded, tally.failed, tally.charged_back, tally.open)
        return [*counts, (percent(tally.rate), tally.rate), (money(tally.amount, told.currency), None)]

    return Table(
        "success",
        "How many payments succeed?",
        "stacked",
        HEADINGS[told.unit],
        columns,
        _rows(told, told.periods, cells),
        "payments",
    )


def _causes(told: Insight) -> Table:
    columns = (
        ("Failed", "bad"),
        ("Charged back", "back"),
        ("Succeeded in the end", "good"),
        ("On their way again", "open"),
        ("Lost", ""),
    )
    rows = [
        (
            causes.words(one.code),
            [*_counts(one.failed, one.charged_back, one.succeeded, one.open), (money(one.lost, told.currency), None)],
        )
        for one in told.causes
    ]
    return Table("causes", "Why do payments fail?", "bars", "Cause", columns, rows, "payments")


def _retries(told: Insight) -> Table:
    columns = (
        ("Recovered", "good"),
        ("Not recovered", "bad"),
        ("On their way", "open"),
        ("Retries", ""),
        ("Recovered amount", ""),
    )

    def cells(one: Period) -> list[Cell]:
        tried = one.retries
        amount = money(tried.amount, told.currency)
        return [*_counts(tried.recovered, tried.lost, tried.open, tried.attempts), (amount, None)]

    tried = [one for one in told.periods if one.retries.payments]
    question = "What do retries bring back?"
    return Table("retries", question, "stacked", HEADINGS[told.unit], columns, _rows(told, tried, cells), "payments")


def _payouts(told: Insight) -> Table:
    columns = (("Half took at most", "first"), ("Nine in ten took at most", "second"), ("Payments", ""))

    def cells(one: Period) -> list[Cell]:
        return _counts(one.to_payout.median, one.to_payout.ninety, one.to_payout.payments)

    paid = [one for one in told.periods if one.to_payout.payments]
    question = "How long until the money arrives?"
    return Table("payouts", question, "lines", HEADINGS[told.unit], columns, _rows(told, paid, cells), "days")


def _counts(*counts: int | None) -> list[Cell]:
    return [(number(count), count) for count in counts]


def _rows(told: Insight, periods: Sequence[Period], cells: Callable[[Period], list[Cell]]) -> list[Row]:
    today = clock.now().date()
    return [(period(one.starts_on, told.unit, today), cells(one)) for one in periods]

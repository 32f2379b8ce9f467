"""What the figures say, checked against counting by hand."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.models.payment import Unit
from portal.payments import figures
from portal.payments.figures import Cell, Outcome
from portal.payments.summing import days_to_payout

MONDAY = date(2026, 11, 2)


def cell(outcome=Outcome.SUCCEEDED, *, cause="", retried=False, days=None, payments=1, retries=0, amount=100, starts_on=MONDAY):
    return Cell(starts_on, outcome, cause, retried, days, payments, retries or int(retried), amount)


def test_open_and_cancelled_payments_are_neither_success_nor_failure():
    told = figures.tally(
        [
            cell(payments=6, amount=600),
            cell(Outcome.FAILED, payments=1),
            cell(Outcome.CHARGED_BACK, payments=1),
            cell(Outcome.OPEN, payments=40),
            cell(Outcome.LEFT_OUT, payments=40),
        ]
    )
    assert (told.rate, told.decided, told.payments, told.amount) == (75, 8, 88, 600)


def test_no_rate_while_nothing_is_decided():
    assert figures.tally([cell(Outcome.OPEN)]).rate is None


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("confirmed", Outcome.SUCCEEDED),
        ("paid_out", Outcome.SUCCEEDED),
        ("failed", Outcome.FAILED),
        ("charged_back", Outcome.CHARGED_BACK),
        ("cancelled", Outcome.LEFT_OUT),
        ("customer_approval_denied", Outcome.LEFT_OUT),
        ("pending_submission", Outcome.OPEN),
        ("a status of next year", Outcome.OPEN),
    ],
)
def test_outcomes(status, outcome):
    assert figures.outcome_of(status) is outcome


def test_only_retried_payments_are_recovered():
    told = figures.retries(
        [
            cell(retried=True, payments=3, retries=4, amount=300),
            cell(Outcome.FAILED, cause="insufficient_funds", retried=True, payments=2, retries=6),
            cell(Outcome.OPEN, cause="insufficient_funds", retried=True),
            cell(payments=50, amount=5000),
        ]
    )
    assert told == figures.Retries(payments=6, attempts=11, recovered=3, lost=2, open=1, amount=300)


def test_causes_come_most_frequent_first_and_say_what_was_lost():
    told = figures.causes(
        [
            cell(Outcome.FAILED, cause="insufficient_funds", payments=2, amount=200),
            cell(Outcome.SUCCEEDED, cause="insufficient_funds", payments=3, amount=300, retried=True),
            cell(Outcome.CHARGED_BACK, cause="authorisation_disputed", amount=70),
            cell(),
        ]
    )
    assert [(one.code, one.payments, one.failed, one.succeeded, one.lost) for one in told] == [
        ("insufficient_funds", 5, 2, 3, 200),
        ("authorisation_disputed", 1, 0, 0, 70),
    ]


@given(st.lists(st.integers(0, 30), min_size=1), st.integers(1, 100))
def test_quantiles_are_those_of_the_sorted_list(days, percent):
    counts = {day: days.count(day) for day in days}
    assert figures.quantile(counts, percent) == sorted(days)[-(-len(days) * percent // 100) - 1]


def test_days_to_payout_are_counted_once_for_each_payment():
    told = figures.to_payout([cell(days=2, payments=8), cell(days=5, payments=2), cell()])
    assert told == figures.ToPayout(10, 2, 5)
    assert figures.to_payout([cell()]) == figures.ToPayout(0, None, None)


def test_a_payout_before_the_charge_date_took_no_day():
    assert days_to_payout("paid_out", date(2026, 11, 20), date(2026, 11, 2)) == 0
    assert days_to_payout("paid_out", date(2026, 11, 2), date(2026, 11, 5)) == 3
    assert days_to_payout("charged_back", date(2026, 11, 2), date(2026, 11, 5)) is None


def test_periods_without_payments_are_there_too():
    told = figures.periods([cell(), cell(starts_on=date(2026, 11, 23))], Unit.WEEK)
    assert [one.starts_on.day for one in told] == [2, 9, 16, 23]
    assert [one.tally.payments for one in told] == [1, 0, 0, 1]
    assert figures.periods([], Unit.MONTH) == []


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.sampled_from(Unit), st.integers(0, 60))
def test_going_back_and_forth_between_periods(day, unit, count):
    start = figures.start_of(day, unit)
    assert start <= day < figures.following(start, unit)
    earlier = figures.back(start, unit, count)
    for _ in range(count):
        earlier = figures.following(earlier, unit)
    assert earlier == start

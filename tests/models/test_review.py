from datetime import UTC, datetime, timedelta

import pytest

from portal.extensions import db
from portal.models.review import COUNTED, Place, Round, place_in_queue, usual_days, waiting_rounds
from portal.status import RoundStatus
from tests.reviews.rows import FIRST_DUE, add_closed, add_rounds
from tests.reviews.sent import trying

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def stored(app):
    with trying(app):
        yield


def test_the_place_counts_all_running_rounds_oldest_due_first(stored):
    reviews = add_rounds(5)
    assert [place_in_queue(review) for review in reviews] == [Place(number, 5) for number in range(1, 6)]


def test_what_stands_has_no_place_and_takes_none(stored):
    first, second, third = add_rounds(3)
    first.status, second.status = RoundStatus.PAUSED, RoundStatus.CLOSED
    assert [place_in_queue(review) for review in (first, second, third)] == [None, None, Place(1, 1)]


def test_rounds_that_are_due_together_keep_an_order(stored):
    reviews = add_rounds(3, step=timedelta())
    assert [place_in_queue(review).place for review in reviews] == [1, 2, 3]


def test_a_long_queue_is_not_counted_to_its_end(stored):
    reviews = add_rounds(COUNTED + 5, sections=())
    last = place_in_queue(reviews[-1])
    assert (last.of, last.more) == (COUNTED + 1, True)
    assert place_in_queue(reviews[0]).place == 1


def test_usual_days_are_hidden_until_there_are_ten(stored):
    add_closed([2] * 9, stopped_at=NOW)
    assert usual_days(NOW, first=True) is None
    add_closed([2], stopped_at=NOW)
    assert usual_days(NOW, first=True) == 2


@pytest.mark.parametrize(
    ("days", "most"),
    [([1] * 8 + [9] * 2, 1), ([1] * 7 + [3] * 3, 3), (list(range(1, 11)), 8), ([0] * 10, 1), ([5] * 100 + [90] * 20, 5)],
)
def test_most_are_four_in_five(stored, days, most):
    add_closed(days, stopped_at=NOW)
    assert usual_days(NOW, first=True) == most


def test_only_such_rounds_of_the_last_year_count(stored):
    add_closed([1] * 10, stopped_at=NOW - timedelta(days=366))
    add_closed([4] * 10, stopped_at=NOW, number=2)
    assert usual_days(NOW, first=True) is None
    assert usual_days(NOW, first=False) == 4


def test_waiting_rounds_of_one_integration_only(stored):
    mine, other = add_rounds(2)
    later = Round(integration_id=mine.integration_id, number=2, catalog_version="x", due_at=FIRST_DUE - timedelta(days=1))
    done = Round(integration_id=mine.integration_id, number=3, catalog_version="x", due_at=FIRST_DUE, status=RoundStatus.CLOSED)
    db.session.add_all([later, done])
    db.session.flush()
    assert waiting_rounds(mine.integration_id) == [later, mine]
    assert waiting_rounds(other.integration_id) == [other]

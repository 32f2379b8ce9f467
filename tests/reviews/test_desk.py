from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from portal.extensions import db
from portal.models.event import Event
from portal.models.people import User
from portal.models.review import Round
from portal.refusals import Invalid
from portal.reviews import service
from portal.reviews.refusals import TakenAlready
from portal.status import RoundStatus
from portal.transaction import writing
from tests.reviews.rows import add_rounds
from tests.reviews.sent import submit, trying


def test_take_next_takes_what_is_due_first(app, world):
    with trying(app):
        later = submit(world, "acme")
        sooner = submit(world, "birch")
        sooner.due_at, later.due_at = later.due_at, sooner.due_at.replace(year=2031)
        assert service.take_next(world.user("rita")) is sooner
        assert sooner.assigned_to.username == "rita"
        assert service.take_next(world.user("ruth")) is later
        assert service.take_next(world.user("rita")) is None


@pytest.mark.parametrize("status", [RoundStatus.PAUSED, RoundStatus.CLOSED])
def test_what_does_not_run_is_not_taken(review, se, status):
    review.status = status
    assert service.take_next(se) is None


def test_a_taken_round_is_not_taken_again(review, se, other_se):
    service.take(review, by=se)
    service.take(review, by=se)
    with pytest.raises(TakenAlready) as refused:
        service.take(review, by=other_se)
    assert "Rita Example" in refused.value.words
    assert db.session.query(Event).filter_by(kind="round_assigned").count() == 1


def test_handing_over_and_giving_back(review, se, other_se):
    service.assign(review, to=other_se, by=se)
    assert review.assigned_to_id == other_se.id
    service.release(review, by=other_se)
    service.release(review, by=other_se)
    assert review.assigned_to_id is None
    said = [event.payload["to"] for event in db.session.query(Event).filter_by(kind="round_assigned").order_by(Event.id)]
    assert said == ["Ruth Example", ""]


@pytest.mark.parametrize("name", ["alice", "pam", "sam"])
def test_only_reviewers_are_given_reviews(world, review, se, name):
    with pytest.raises(Invalid):
        service.assign(review, to=world.user(name), by=se)


def test_somebody_who_left_is_not_given_reviews(review, se, other_se):
    other_se.active = False
    with pytest.raises(Invalid):
        service.assign(review, to=other_se, by=se)


def test_two_at_once_never_get_the_same(app, world):
    """Real threads with connections of their own, on whichever database the tests run on."""
    with app.app_context(), writing():
        add_rounds(12)
    start = Barrier(4)

    def work(name):
        taken = []
        with app.app_context():
            me = world.users[name]
            start.wait()
            while True:
                with writing():
                    review = service.take_next(db.session.get(User, me))
                    if review is None:
                        return taken
                    taken.append(review.id)

    with ThreadPoolExecutor(4) as pool:
        taken = [round_id for got in pool.map(work, ["rita", "ruth", "rita", "ruth"]) for round_id in got]
    assert sorted(taken) == sorted(set(taken))
    assert len(taken) == 12
    with app.app_context():
        assert db.session.query(Round).filter(Round.assigned_to_id.is_(None)).count() == 0

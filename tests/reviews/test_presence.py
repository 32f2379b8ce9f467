from datetime import UTC, datetime, timedelta

import time_machine

from portal.extensions import db
from portal.models.review import Presence
from portal.reviews import service
from portal.reviews.presence import LOOKING, looking

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def test_a_colleague_sees_that_somebody_is_looking(review, se, other_se):
    service.seen(review, by=se)
    service.seen(review, by=se)
    assert looking([review.id], besides=other_se) == {review.id: ["Rita Example"]}
    assert looking([review.id], besides=se) == {}
    assert db.session.query(Presence).count() == 1


def test_looking_away_is_seen_at_once_and_forgetting_to_after_a_while(review, se, other_se):
    with time_machine.travel(NOON, tick=False) as traveller:
        service.seen(review, by=se)
        traveller.move_to(NOON + LOOKING - timedelta(seconds=1))
        assert looking([review.id], besides=other_se)
        traveller.move_to(NOON + LOOKING)
        assert not looking([review.id], besides=other_se)
        service.seen(review, by=se)
        assert looking([review.id], besides=other_se)
        service.left(review, by=se)
        assert not looking([review.id], besides=other_se)


def test_no_rounds_is_nobody(review, se):
    assert looking([], besides=se) == {}

import json
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from portal import clock, office
from portal.build import submission
from portal.extensions import db
from portal.models.event import Event
from portal.models.outbox import Outbox
from portal.models.review import Round
from portal.refusals import Invalid
from portal.reviews import service
from portal.reviews.clock import days_taken
from portal.reviews.refusals import ClockStands
from portal.reviews.rounds import part_of
from portal.reviews.verdicts import without_remarks
from portal.status import RemarkKind, RoundStatus, SectionStatus
from portal.transaction import writing
from tests.reviews.sent import SIMPLE, submit

MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
"""A working day in England; five later is Monday the 30th, 17:00."""


@pytest.fixture
def frozen():
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def sent(frozen, app, world):
    with app.app_context(), writing():
        return submit(world, "acme").key


def at(day, hour, minute=0):
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def subjects():
    db.session.flush()
    return [json.loads(row.payload)["subject"] for row in db.session.query(Outbox).order_by(Outbox.id)]


def finish(review, by):
    service.approve_remaining(review, without_remarks(review), by=by)
    service.send_feedback(review, by=by)


def test_five_working_days_until_five(review):
    assert review.due_at == at(30, 17)


def test_a_pause_keeps_the_minutes_and_resuming_goes_on_with_them(frozen, review, se, world):
    frozen.move_to(at(24, 12))
    service.pause(review, "webhooks", reason="Which plan do you use?", by=se)
    assert (review.status, review.paused_for, review.stopped_at) == (RoundStatus.PAUSED, "webhooks", at(24, 12))
    left = review.minutes_left
    assert left == 5 * 60 + 4 * 8 * 60
    frozen.move_to(at(26, 12))
    service.partner_answered(review.integration, ["webhooks"], by=world.user("bob"))
    assert (review.status, review.minutes_left, review.paused_for) == (RoundStatus.OPEN, None, None)
    assert review.due_at == datetime(2026, 12, 2, 17, 0, tzinfo=UTC)
    assert clock.remaining(at(26, 12), review.due_at, office.current()) == left


def test_the_pause_is_asked_in_the_feed_and_by_mail(review, se):
    service.pause(review, "webhooks", reason="Which plan do you use?", by=se)
    event = db.session.query(Event).filter_by(kind="round_paused").one()
    assert (event.section_key, event.payload["reason"]) == ("webhooks", "Which plan do you use?")
    assert subjects() == ["Rita Example asks before the review can go on"] * 2


@pytest.mark.parametrize("reason", ["", "   ", "x" * 1001])
def test_a_pause_says_why(review, se, reason):
    with pytest.raises(Invalid):
        service.pause(review, "webhooks", reason=reason, by=se)
    assert review.status is RoundStatus.OPEN


def test_pausing_twice_keeps_the_first_minutes(frozen, review, se):
    service.pause(review, "webhooks", reason="Why?", by=se)
    left = review.minutes_left
    frozen.move_to(at(25, 12))
    with pytest.raises(ClockStands):
        service.pause(review, "oauth", reason="Why?", by=se)
    assert (review.minutes_left, review.paused_for) == (left, "webhooks")


def test_an_answer_elsewhere_or_of_a_colleague_does_not_start_the_clock(review, se, world):
    service.pause(review, "webhooks", reason="Why?", by=se)
    service.partner_answered(review.integration, ["oauth"], by=world.user("bob"))
    service.partner_answered(review.integration, ["webhooks"], by=se)
    assert review.status is RoundStatus.PAUSED


def test_resuming_twice_is_resuming_once(review, se):
    service.pause(review, "webhooks", reason="Why?", by=se)
    assert service.resume(review, by=se)
    due = review.due_at
    assert not service.resume(review, by=se)
    assert review.due_at == due
    assert db.session.query(Event).filter_by(kind="round_resumed").count() == 1


@pytest.mark.parametrize(
    ("day", "hour", "days"), [(23, 16, 0), (23, 18, 0), (24, 10, 1), (27, 17, 4), (28, 12, 4), (30, 16, 5)]
)
def test_working_days_taken_are_counted_from_day_zero(frozen, review, se, day, hour, days):
    frozen.move_to(at(day, hour))
    finish(review, se)
    assert (review.status, review.days_taken) == (RoundStatus.CLOSED, days)


def test_pauses_do_not_count_as_days_taken(frozen, review, se):
    frozen.move_to(at(24, 12))
    service.pause(review, "webhooks", reason="Why?", by=se)
    frozen.move_to(datetime(2026, 12, 8, 12, tzinfo=UTC))
    service.resume(review, by=se)
    finish(review, se)
    assert review.days_taken == 1


def test_a_late_submission_counts_from_the_next_working_day(review):
    friday_night = Round(submitted_at=at(27, 18), minutes_left=5 * 8 * 60)
    assert days_taken(friday_night, office.current()) == 0


def test_a_paused_round_that_is_answered_keeps_the_minutes_of_its_pause(frozen, review, se):
    service.pause(review, "webhooks", reason="Why?", by=se)
    left = review.minutes_left
    frozen.move_to(at(26, 12))
    finish(review, se)
    assert (review.status, review.minutes_left) == (RoundStatus.CLOSED, left)


def test_undoing_reopens_a_closed_round_with_the_minutes_it_had(frozen, review, se):
    frozen.move_to(at(25, 12))
    finish(review, se)
    left = review.minutes_left
    frozen.move_to(datetime(2026, 12, 10, 9, tzinfo=UTC))
    service.undo_verdict(review, "webhooks", by=se)
    assert (review.status, review.days_taken, review.stopped_at) == (RoundStatus.OPEN, None, None)
    assert clock.remaining(clock.now(), review.due_at, office.current()) == left


def test_a_section_that_left_by_itself_does_not_keep_its_round_open(review, se):
    for section in review.integration.sections[1:]:
        service.approve_section(review, section.key, by=se)
    service.send_feedback(review, by=se)
    assert review.status is RoundStatus.OPEN
    review.integration.sections[0].status = SectionStatus.ATTENTION_NEEDED
    service.settle(review.integration, by=se)
    assert review.status is RoundStatus.CLOSED
    part = part_of(review, review.integration.sections[0].key)
    part.status = review.integration.sections[0].status = SectionStatus.UNDER_REVIEW
    service.settle(review.integration, by=se)
    assert review.status is RoundStatus.OPEN


def test_sending_a_section_again_starts_the_clock_that_waits_for_it(review, se, world):
    remark = {"kind": RemarkKind.BLOCKING, "text": "Show it.", "question_key": SIMPLE["webhooks"]}
    service.write_remark(review, "webhooks", by=se, **remark)
    service.send_feedback(review, by=se)
    service.pause(review, "webhooks", reason="See the remark.", by=se)
    submission.resubmit(review.integration, ["webhooks"], by=world.user("bob"))
    assert review.status is RoundStatus.PAUSED
    service.settle(review.integration, by=world.user("bob"))
    assert review.status is RoundStatus.OPEN


class TestReminder:
    @pytest.fixture
    def remind(self, app, sent):
        def run(now):
            with app.app_context(), writing():
                return service.remind_due(now)

        return run

    @staticmethod
    def recipients(app):
        with app.app_context():
            return [json.loads(row.payload)["to"] for row in db.session.query(Outbox).order_by(Outbox.id)]

    def test_not_before_one_working_day_is_left(self, app, remind):
        assert remind(at(27, 16, 59)) == 0
        assert self.recipients(app) == []

    def test_everybody_who_reviews_while_nobody_has_it_and_only_once(self, app, remind):
        assert remind(at(27, 17)) == 1
        assert remind(at(27, 17, 1)) == 0
        assert remind(at(30, 18)) == 0
        assert self.recipients(app) == ["rita@example.com", "ruth@example.com"]

    @pytest.mark.parametrize("name", ["ruth", "ada"])
    def test_only_the_one_who_has_it(self, app, world, sent, remind, name):
        with app.app_context(), writing():
            service.assign(db.session.query(Round).one(), to=world.user(name), by=world.user("rita"))
        assert remind(at(27, 17)) == 1
        assert self.recipients(app) == [f"{name}@example.com"]

    def test_everybody_when_the_one_who_had_it_left(self, app, world, sent, remind):
        with app.app_context(), writing():
            service.assign(db.session.query(Round).one(), to=world.user("ruth"), by=world.user("rita"))
            world.user("ruth").active = False
        assert remind(at(27, 17)) == 1
        assert self.recipients(app) == ["rita@example.com"]

    def test_an_overdue_round_that_was_missed_is_still_reminded_of(self, remind):
        assert remind(at(30, 17) + timedelta(days=3)) == 1

    @pytest.mark.parametrize("status", [RoundStatus.PAUSED, RoundStatus.CLOSED])
    def test_no_reminder_while_the_clock_stands(self, app, sent, remind, status):
        with app.app_context(), writing():
            db.session.query(Round).one().status = status
        assert remind(at(30, 12)) == 0

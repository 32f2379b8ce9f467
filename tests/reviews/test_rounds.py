"""Whatever reviewers and partners do in whatever order, rounds stay true."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal import clock, office
from portal.build import submission
from portal.extensions import db
from portal.models.integration import Integration, Section
from portal.models.review import Remark, Round, RoundSection, Verdict
from portal.refusals import Refusal
from portal.reviews import service
from portal.status import IntegrationStatus, RemarkKind, RoundStatus, SectionStatus
from tests.reviews.sent import SIMPLE, answer, submit, trying

BEGIN = datetime(2026, 12, 21, 15, 30, tzinfo=UTC)
"""Just before Christmas, so that days off lie between the steps."""
SECTIONS = ["readiness", "webhooks"]

sections = st.sampled_from(SECTIONS)
which = st.integers(0, 2)
steps = st.one_of(
    st.tuples(st.just("decide"), which, st.sampled_from(["approve", "ask"]), st.sampled_from(["approve", "ask"])),
    st.tuples(st.just("undo"), which, sections),
    st.tuples(st.just("pause"), which, sections),
    st.tuples(st.just("resume"), which),
    st.tuples(st.just("resubmit"), sections),
    st.tuples(st.sampled_from(["approve", "ask", "suggest", "withdraw"]), which, sections),
    st.tuples(st.just("send"), which),
    st.tuples(st.just("correct"), sections),
    st.tuples(st.just("wait"), st.integers(1, 60 * 24 * 6)),
)


class Desk:
    """Plays steps as a reviewer and a partner would, refusals included."""

    def __init__(self, world):
        self.se, self.partner = world.user("rita"), world.user("alice")
        self.integration = submit_only(world)
        self.used = defaultdict(int)
        self.given = {}
        self.note_new()

    def note_new(self):
        for review in rounds():
            if review.id not in self.given:
                self.given[review.id] = clock.remaining(clock.now(), review.due_at, office.current())

    def wait(self, minutes, traveller):
        before = clock.now()
        traveller.shift(timedelta(minutes=minutes))
        worked = clock.working_minutes_between(before, clock.now(), office.current())
        for review in rounds():
            if review.status is RoundStatus.OPEN:
                self.used[review.id] += worked

    def review(self, number):
        found = rounds()
        return found[number % len(found)]

    def play(self, step, traveller):
        if step[0] == "wait":
            return self.wait(step[1], traveller)
        self.attempt(getattr(self, step[0]), *step[1:])
        return self.note_new()

    def decide(self, number, *verdicts):
        """A whole round at once, and send it."""
        for section, verdict in zip(SECTIONS, verdicts, strict=True):
            self.attempt(getattr(self, verdict), number, section)
        self.send(number)

    def attempt(self, verb, *of):
        try:
            with db.session.begin_nested():
                verb(*of)
        except Refusal:
            db.session.expire_all()

    def approve(self, number, section):
        service.approve_section(self.review(number), section, by=self.se)

    def ask(self, number, section):
        service.write_remark(
            self.review(number), section, by=self.se, kind=RemarkKind.BLOCKING, text="Show it.", question_key=SIMPLE[section]
        )

    def suggest(self, number, section):
        service.write_remark(self.review(number), section, by=self.se, kind=RemarkKind.SUGGESTION, text="Log it.")

    def withdraw(self, number, section):
        review = self.review(number)
        for remark in db.session.query(Remark).filter_by(round_id=review.id, section_key=section):
            service.withdraw_remark(remark, review, by=self.se)

    def undo(self, number, section):
        service.undo_verdict(self.review(number), section, by=self.se)

    def pause(self, number, section):
        service.pause(self.review(number), section, reason="Why?", by=self.se)

    def send(self, number):
        service.send_feedback(self.review(number), by=self.se)

    def resume(self, number):
        service.resume(self.review(number), by=self.se)

    def correct(self, section):
        """Only what is open: saving is refused everywhere else."""
        if SIMPLE[section] in row(self.integration, section).open_questions:
            answer(self.integration, SIMPLE[section], "yes", by=self.partner)

    def resubmit(self, section):
        submission.resubmit(self.integration, [section], by=self.partner)
        service.settle(self.integration, by=self.partner)


def submit_only(world):
    review = submit(world, "acme", sections=SECTIONS)
    for section in review.integration.sections:
        if section.key not in SECTIONS:
            db.session.delete(section)
    db.session.flush()
    db.session.expire(review.integration)
    return review.integration


def rounds():
    db.session.flush()
    return db.session.query(Round).order_by(Round.number).all()


def row(integration, key):
    db.session.flush()
    return db.session.query(Section).filter_by(integration_id=integration.id, key=key).one()


def check(desk):
    db.session.flush()
    db.session.expire_all()
    statuses_agree(desk.integration)
    waits_in_one_round_at_most()
    for review in rounds():
        closed_exactly_when_decided(review)
        no_minute_is_gained_or_lost(review, desk)
        at_most_one_verdict_stands(review)
    the_integration_follows_its_sections(db.session.get(Integration, desk.integration.id))


def statuses_agree(integration):
    """A section is what its latest round made of it."""
    for section in db.session.query(Section).filter_by(integration_id=integration.id):
        latest = (
            db.session.query(RoundSection)
            .join(Round, Round.id == RoundSection.round_id)
            .filter(RoundSection.section_key == section.key)
            .order_by(Round.number.desc())
            .first()
        )
        assert latest.status is section.status
        assert bool(section.open_questions) == (section.status is SectionStatus.ATTENTION_NEEDED)


def waits_in_one_round_at_most():
    waiting = [part.section_key for part in db.session.query(RoundSection).filter_by(status=SectionStatus.UNDER_REVIEW)]
    assert len(waiting) == len(set(waiting))


def closed_exactly_when_decided(review):
    waiting = [part for part in review.sections if part.status is SectionStatus.UNDER_REVIEW]
    assert (review.status is RoundStatus.CLOSED) == (not waiting)
    assert (review.days_taken is not None) == (review.status is RoundStatus.CLOSED)
    assert (review.stopped_at is None) == (review.status is RoundStatus.OPEN)
    assert (review.paused_for is not None) == (review.status is RoundStatus.PAUSED)


def no_minute_is_gained_or_lost(review, desk):
    running = review.status is RoundStatus.OPEN
    left = clock.remaining(clock.now(), review.due_at, office.current()) if running else review.minutes_left
    assert desk.used[review.id] + left == desk.given[review.id]


def at_most_one_verdict_stands(review):
    standing = [verdict.section_key for verdict in db.session.query(Verdict).filter_by(round_id=review.id, undone_at=None)]
    assert len(standing) == len(set(standing))


def the_integration_follows_its_sections(integration):
    statuses = {section.status for section in integration.sections}
    asked = SectionStatus.ATTENTION_NEEDED in statuses
    assert integration.status is (IntegrationStatus.CHANGES_REQUESTED if asked else IntegrationStatus.SUBMITTED)


@pytest.mark.timeout(600)  # many statements a step, and a server's are slower than a file's
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(steps, min_size=8, max_size=18))
def test_rounds_stay_true_whatever_happens(app, world, played):
    with trying(app), time_machine.travel(BEGIN, tick=False) as traveller:
        desk = Desk(world)
        for step in played:
            desk.play(step, traveller)
            check(desk)

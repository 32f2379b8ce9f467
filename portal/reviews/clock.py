"""The clock of a round: it stops when the round is paused or answered, keeps its working minutes, and reminds once."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from portal import clock, mail, office, timeline
from portal.catalog import certification
from portal.clock import Office
from portal.extensions import db
from portal.models.integration import Integration
from portal.models.people import StaffRole, User
from portal.models.review import Round
from portal.reviews.refusals import ClockStands
from portal.reviews.rounds import in_later_round, let_go, lock, part_of, still_open
from portal.reviews.typed import clean
from portal.status import ROUND_MOVES, RoundStatus, move
from portal.timeline.build import RoundPaused, RoundResumed

LONGEST_WEEKEND = timedelta(days=14)
"""Calendar days that surely hold one working day."""
REASON = 1000
"""Characters."""
AT_ONCE = 200


def stop(review: Round, status: RoundStatus, *, at: datetime) -> None:
    """Pause or close; a paused round that closes keeps the minutes that it stored."""
    if review.status is RoundStatus.OPEN:
        review.minutes_left = clock.pause(at, review.due_at, office.current())
        review.stopped_at = at
    review.status = move(review.status, status, ROUND_MOVES)


def start(review: Round, *, at: datetime) -> None:
    """Run again with exactly the minutes that were left."""
    review.status = move(review.status, RoundStatus.OPEN, ROUND_MOVES)
    if review.minutes_left is not None:
        review.resumed_at, review.resumed_with = at, review.minutes_left
        review.due_at = review.due_in(office.current(), office.review_days())
    review.minutes_left = review.stopped_at = review.days_taken = review.paused_for = None


def close_if_answered(review: Round) -> bool:
    """Closed as soon as none of its sections waits for a decision."""
    if review.status is RoundStatus.CLOSED or still_open(review):
        return False
    stop(review, RoundStatus.CLOSED, at=clock.now())
    review.paused_for = None
    review.days_taken = days_taken(review, office.current())
    return True


def days_taken(review: Round, place: Office) -> int:
    """Working days after day zero, as if the pauses had not been: 0 is an answer on the day of submission."""
    given = clock.remaining(review.submitted_at, clock.due(review.submitted_at, place, office.review_days()), place)
    answered = clock.add_working_minutes(review.submitted_at, given - (review.minutes_left or 0), place)
    zero = clock.day_zero(review.submitted_at, place)
    return clock.working_days_left(datetime.combine(zero, time(), ZoneInfo(place.zone)), answered, place)


def pause(review: Round, section_key: str, *, reason: str, by: User) -> None:
    """The ball is with the partner: the reason is asked in that section's feed and mailed.

    Raises ClockStands when the round is paused or answered already, Invalid without a reason.
    """
    words = clean(reason, field="reason", most=REASON)
    lock(review)
    part_of(review, section_key)
    if review.status is not RoundStatus.OPEN:
        raise ClockStands
    stop(review, RoundStatus.PAUSED, at=clock.now())
    review.paused_for = section_key
    event = timeline.record(RoundPaused(words), by=by, integration=review.integration, section_key=section_key)
    mail.send(
        "review_paused",
        to=mail.team(review.integration.partner_id),
        subject=f"{by.name} asks before the review can go on",
        event=event,
        reviewer=by.name,
        reason=words,
        section=certification(review.catalog_version).section(section_key),
    )


def resume(review: Round, *, by: User) -> bool:
    """The clock runs again; False when it was running already."""
    lock(review)
    if review.status is not RoundStatus.PAUSED:
        return False
    section_key = review.paused_for
    start(review, at=clock.now())
    timeline.record(RoundResumed(), by=by, integration=review.integration, section_key=section_key)
    return True


def partner_answered(integration: Integration, section_keys: Iterable[str], *, by: User) -> None:
    """A message of the partner in one of these sections starts the clocks that wait for it."""
    if by.is_staff:
        return
    waiting = select(Round).where(Round.integration_id == integration.id, Round.status == RoundStatus.PAUSED)
    for review in db.session.scalars(waiting.where(Round.paused_for.in_(list(section_keys))).order_by(Round.id)):
        resume(review, by=by)


def settle(integration: Integration, *, by: User) -> None:
    """After sections moved by themselves (sent again, reopened by another answer, or closed again): each round is answered
    exactly when none of its sections waits for a decision, and a pause ends when its section is sent again."""
    rounds = select(Round).where(Round.integration_id == integration.id).order_by(Round.id)
    for review in db.session.scalars(rounds).all():
        let_go(review)
        if review.paused_for and in_later_round(review, review.paused_for):
            resume(review, by=by)
        if review.status is RoundStatus.CLOSED and still_open(review):
            start(review, at=clock.now())
        close_if_answered(review)


_DUE_SOON = (
    select(Round)
    .where(Round.status == RoundStatus.OPEN, Round.reminded_at.is_(None))
    .options(joinedload(Round.integration).joinedload(Integration.partner), joinedload(Round.assigned_to))
    .order_by(Round.due_at, Round.id)
)


def remind_due(now: datetime) -> int:
    """Mail each reviewer whose round is due within one working day, once; without a reviewer all of them. The number sent."""
    soon = db.session.scalars(_DUE_SOON.where(Round.due_at <= now + LONGEST_WEEKEND).limit(AT_ONCE)).unique().all()
    due = [review for review in soon if clock.reminder_at(review.due_at, office.current()) <= now]
    return sum(_remind(review, now) for review in due)


def _remind(review: Round, now: datetime) -> bool:
    mine = update(Round).where(Round.id == review.id, Round.reminded_at.is_(None)).values(reminded_at=now)
    if db.session.connection().execute(mine).rowcount != 1:
        return False  # another worker has it
    db.session.expire(review, ["reminded_at"])
    mail.send(
        "review_reminder",
        to=_reviewers(review),
        subject=f"The review of {review.integration.partner.name} is due in one working day",
        review=review,
        partner=review.integration.partner.name,
    )
    return True


def _reviewers(review: Round) -> list[mail.Recipient]:
    mine = review.assigned_to
    if mine is not None and mine.active:
        return [mail.Recipient(mine.email, mine.name, mine.time_zone)]
    return mail.staff(StaffRole.SOLUTIONS_ENGINEER)

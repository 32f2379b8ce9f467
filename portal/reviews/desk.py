"""Who reviews what: take the next round, take or hand over a certain one, give it back."""

from sqlalchemy import select, update

from portal import timeline
from portal.extensions import db
from portal.models.people import StaffRole, User
from portal.models.review import Round
from portal.refusals import Invalid
from portal.reviews.refusals import TakenAlready
from portal.reviews.rounds import lock
from portal.status import RoundStatus
from portal.timeline.build import RoundAssigned

REVIEWERS = (StaffRole.SOLUTIONS_ENGINEER, StaffRole.ADMINISTRATOR)
_NEXT = (
    select(Round.id)
    .where(Round.status == RoundStatus.OPEN, Round.assigned_to_id.is_(None))
    .order_by(Round.due_at, Round.id)
    .limit(1)
    .with_for_update(skip_locked=True)
)
"""SQLite has one writer at a time; on PostgreSQL a row that somebody is taking is passed over."""


def take_next(by: User) -> Round | None:
    """The round that is due first and has no reviewer, now this person's; None when there is none. Two never get the same."""
    while (round_id := db.session.scalar(_NEXT)) is not None:
        if _claim(round_id, by):
            return _taken(round_id, by)
    return None


def take(review: Round, *, by: User) -> None:
    """Raises TakenAlready when a colleague has it."""
    lock(review)
    if review.assigned_to_id == by.id:
        return
    if not _claim(review.id, by):
        raise TakenAlready(review.assigned_to.name if review.assigned_to else "A colleague")
    _taken(review.id, by)


def assign(review: Round, *, to: User, by: User) -> None:
    """Hand the round to a reviewer. Raises Invalid for somebody who does not review."""
    if not reviews(to):
        raise Invalid({"reviewer": "Choose one of the solutions engineers."})
    lock(review)
    if review.assigned_to_id == to.id:
        return
    review.assigned_to = to
    timeline.record(RoundAssigned(to.name), by=by, integration=review.integration)


def reviews(person: User) -> bool:
    """Whether somebody can be given a review."""
    return person.active and person.staff_role in REVIEWERS


def release(review: Round, *, by: User) -> None:
    """Give the round back to the queue."""
    lock(review)
    if review.assigned_to_id is None:
        return
    review.assigned_to = None
    timeline.record(RoundAssigned(""), by=by, integration=review.integration)


def _claim(round_id: int, by: User) -> bool:
    free = update(Round).where(Round.id == round_id, Round.assigned_to_id.is_(None)).values(assigned_to_id=by.id)
    return db.session.connection().execute(free).rowcount == 1


def _taken(round_id: int, by: User) -> Round:
    fresh = select(Round).where(Round.id == round_id).execution_options(populate_existing=True)
    review = db.session.execute(fresh).scalar_one()
    timeline.record(RoundAssigned(by.name), by=by, integration=review.integration)
    return review

"""When the calendar of the office changes: the due dates of all running rounds, laid out anew by the one rule."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import joinedload

from portal import clock, office
from portal.clock import Office
from portal.extensions import db
from portal.models.columns import Utc
from portal.models.integration import Integration
from portal.models.review import Round
from portal.status import RoundStatus

_RUNNING = (
    select(Round)
    .where(Round.status == RoundStatus.OPEN)
    .options(joinedload(Round.integration).joinedload(Integration.partner))
    .order_by(Round.due_at, Round.id)
)
_MOVE = (
    update(Round.__table__)  # type: ignore[arg-type]  # a table of its own; many rows at once
    .where(Round.__table__.c.id == bindparam("round"), Round.__table__.c.status == RoundStatus.OPEN)
    .where(Round.__table__.c.due_at == bindparam("was", type_=Utc))  # nobody paused and resumed it meanwhile
    .values(due_at=bindparam("due", type_=Utc), reminded_at=bindparam("reminded", type_=Utc))
)


@dataclass(frozen=True, slots=True)
class Moved:
    """A round whose feedback is due at another time."""

    review: Round
    due_at: datetime

    @property
    def later(self) -> bool:
        return self.due_at > self.review.due_at


def moved_by(place: Office) -> list[Moved]:
    """What would be due at another time if this were the office. One statement."""
    running: Sequence[Round] = db.session.scalars(_RUNNING).all()
    laid_out = ((review, review.due_in(place, office.review_days())) for review in running)
    return [Moved(review, due_at) for review, due_at in laid_out if due_at != review.due_at]


def move_due_dates() -> int:
    """Store what the calendar now says, and the number of rounds that moved. Safe to do again: it moves nothing twice."""
    moved = moved_by(office.current())
    if moved:
        db.session.flush()
        db.session.connection().execute(_MOVE, [_values(one) for one in moved])
        for one in moved:
            db.session.expire(one.review, ["due_at", "reminded_at"])
    return len(moved)


def _values(one: Moved) -> dict[str, object]:
    """Reviewers are reminded again when the moment for it lies ahead once more."""
    early = clock.reminder_at(one.due_at, office.current()) > clock.now()
    return {
        "round": one.review.id,
        "was": one.review.due_at,
        "due": one.due_at,
        "reminded": None if early else one.review.reminded_at,
    }

"""Someone else is looking: who had a review open in the last two minutes."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.exc import IntegrityError

from portal import clock
from portal.extensions import db, rows
from portal.models.people import User
from portal.models.review import Presence, Round

LOOKING = timedelta(minutes=2)
"""Pages say so every 45 seconds while they are visible."""

_LOOKING = (
    select(Presence.round_id, User.name)
    .join(User, User.id == Presence.user_id)
    .where(
        Presence.round_id.in_(bindparam("rounds", expanding=True)),
        Presence.user_id != bindparam("me"),
        Presence.seen_at > bindparam("since"),
    )
    .order_by(User.name, User.id)
)


def seen(review: Round, *, by: User) -> None:
    """This person looks at the review now."""
    now = clock.now()
    mine = update(Presence).where(Presence.round_id == review.id, Presence.user_id == by.id).values(seen_at=now)
    if db.session.connection().execute(mine).rowcount:
        return
    try:
        with db.session.begin_nested():
            db.session.add(Presence(round_id=review.id, user_id=by.id, seen_at=now))
    except IntegrityError:
        db.session.connection().execute(mine)  # the same person, in two tabs at once


def left(review: Round, *, by: User) -> None:
    """This person looks away."""
    db.session.execute(delete(Presence).where(Presence.round_id == review.id, Presence.user_id == by.id))


def looking(round_ids: Iterable[int], *, besides: User) -> Mapping[int, list[str]]:
    """The names of the others who look at each of these rounds; rounds that nobody looks at are left out."""
    values = {"rounds": list(round_ids), "me": besides.id, "since": clock.now() - LOOKING}
    found: dict[int, list[str]] = {}
    for round_id, name in rows(_LOOKING, values):
        found.setdefault(round_id, []).append(name)
    return found

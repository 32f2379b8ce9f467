"""Around a review: who looks at it now, who hears of it, who can take it, and its other rounds."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, bindparam, literal, select, union_all

from portal import clock, office
from portal.extensions import db
from portal.models.columns import Utc
from portal.models.partner import Contact
from portal.models.people import Membership, StaffRole, User
from portal.models.review import Presence, Round
from portal.reviews.presence import LOOKING


@dataclass(frozen=True, slots=True)
class Around:
    """The people around a review: colleagues who look at it now, and who hears of the feedback."""

    looking: tuple[str, ...]
    team: tuple[str, ...]


_AROUND = union_all(
    select(literal("looking").label("part"), User.name, User.id.label("place"))
    .join(Presence, Presence.user_id == User.id)
    .where(
        Presence.round_id == bindparam("round"),
        Presence.user_id != bindparam("me"),
        Presence.seen_at > bindparam("since", type_=Utc),
    ),
    select(literal("team"), User.name, User.id)
    .join(Membership, Membership.user_id == User.id)
    .where(Membership.partner_id == bindparam("partner"), User.active),
    select(literal("team"), Contact.first_name + literal(" ") + Contact.last_name, Contact.id).where(
        Contact.partner_id == bindparam("partner"),
        Contact.review_mails,
        Contact.email.not_in(
            select(User.email)
            .join(Membership, Membership.user_id == User.id)
            .where(Membership.partner_id == bindparam("partner"), User.active)
        ),
    ),
    office.BESIDE,
)
_ROUNDS = (
    select(Round.key, Round.number, Round.status, Round.submitted_at, Round.days_taken)
    .where(Round.integration_id == bindparam("integration"))
    .order_by(Round.number.desc())
    .limit(50)
)
_REVIEWERS = (
    select(User.key, User.name)
    .where(User.staff_role.in_([StaffRole.SOLUTIONS_ENGINEER, StaffRole.ADMINISTRATOR]), User.active)
    .order_by(User.name, User.id)
)


def around(review: Round, *, me: User) -> Around:
    """Also brings the office's calendar, which the clock beside them needs: one statement for both."""
    values = {
        "round": review.id,
        "me": me.id,
        "partner": review.integration.partner_id,
        "since": clock.now() - LOOKING,
    }
    rows = sorted(db.session.execute(_AROUND, values), key=lambda row: row.place)
    office.adopt((row.name, row.place) for row in rows if row.part == "office")
    names = {part: tuple(row.name.strip() for row in rows if row.part == part) for part in ("looking", "team")}
    return Around(names["looking"], names["team"])


def rounds_of(review: Round) -> Sequence[Row[Any]]:
    """All rounds of the same integration, the latest first."""
    return db.session.execute(_ROUNDS, {"integration": review.integration_id}).all()


def reviewers() -> list[tuple[str, str]]:
    """Who can be given a review: keys and names."""
    return [(row.key, row.name) for row in db.session.execute(_REVIEWERS)]

"""Signed-in devices: one row each, found by the hash of a random token in the session cookie; ending the row signs the device out."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import joinedload

from portal import clock
from portal.extensions import db
from portal.models.people import Membership, User, UserSession

LONGEST = timedelta(days=30)
"""A device signs in again after that, used or not."""
NEWS = timedelta(minutes=10)
"""How exactly `seen_at` is kept."""

_SIGNED_IN = (
    select(User, UserSession.id, UserSession.seen_at)
    .join(UserSession, UserSession.user_id == User.id)
    .where(User.fs_uniquifier == bindparam("uniquifier"), User.active)
    .where(UserSession.token_hash == bindparam("token_hash"), UserSession.ended_at.is_(None))
    .where(UserSession.created_at > bindparam("since"))
    .options(joinedload(User.membership).joinedload(Membership.partner))
)
_OPEN = (
    select(UserSession)
    .where(
        UserSession.user_id == bindparam("user"), UserSession.ended_at.is_(None), UserSession.created_at > bindparam("since")
    )
    .order_by(UserSession.seen_at.desc(), UserSession.id.desc())
)


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def signed_in(uniquifier: str, token: str) -> tuple[User, int, datetime] | None:
    """The person with the team, the row of this device and when it was last seen: one statement."""
    values = {"uniquifier": uniquifier, "token_hash": hashed(token), "since": clock.now() - LONGEST}
    row = db.session.execute(_SIGNED_IN, values).one_or_none()
    return (row[0], row[1], row[2]) if row else None


def start(user: User, *, address: str, agent: str) -> str:
    """A new signed-in device; returns the token for its cookie, which is stored nowhere else."""
    token = secrets.token_urlsafe(32)
    db.session.add(UserSession(user_id=user.id, token_hash=hashed(token), address=address, agent=agent[:400]))
    return token


def seen(session_id: int) -> None:
    db.session.execute(update(UserSession).where(UserSession.id == session_id).values(seen_at=clock.now()))


def open_ones(user: User) -> Sequence[UserSession]:
    """The devices signed in now, the one seen last first."""
    return db.session.execute(_OPEN, {"user": user.id, "since": clock.now() - LONGEST}).scalars().all()


def end_token(token: str) -> None:
    _end(UserSession.token_hash == hashed(token))


def end_one(user: User, key: str) -> None:
    """Only one's own: another person's key matches nothing."""
    _end(UserSession.user_id == user.id, UserSession.key == key)


def end_all(user: User, *, but: str = "") -> None:
    """Sign this person out everywhere; `but` is the token of the one device that stays."""
    _end(UserSession.user_id == user.id, UserSession.token_hash != hashed(but))


def _end(*which: object) -> None:
    ending = update(UserSession).where(UserSession.ended_at.is_(None), *which)  # type: ignore[arg-type]  # column expressions
    db.session.execute(ending.values(ended_at=clock.now()))

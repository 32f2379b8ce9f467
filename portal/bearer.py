"""Who calls with an API key: the token of the Authorization header, counted, looked up by its hash, its use noted."""

from datetime import timedelta

from flask import request
from limits import RateLimitItemPerMinute
from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import OperationalError

from portal import clock, transaction
from portal.extensions import db, limiter
from portal.models.api_key import ApiKey, digest
from portal.refusals import TooMany

CALLS = RateLimitItemPerMinute(1200)
"""With one key. A listener asks and reports at most four times a second each."""
MISSES = RateLimitItemPerMinute(300)
"""Wrong keys from one address."""
NOTED = timedelta(minutes=1)
LONGEST = 200
"""Characters of a header that is worth hashing."""
_KEY = select(ApiKey).where(ApiKey.token_hash == bindparam("token_hash"), ApiKey.revoked_at.is_(None))


class KeyRefused(Exception):
    """No key, a wrong one or a revoked one: they all hear the same."""


def caller() -> ApiKey:
    """The key of this request. Raises KeyRefused, or TooMany when it is used too often."""
    token_hash = digest(_token())
    _count(CALLS, token_hash)
    key = db.session.execute(_KEY, {"token_hash": token_hash}).scalar_one_or_none()
    if key is None:
        _count(MISSES, request.remote_addr or "")
        raise KeyRefused
    if key.used_at is None or clock.now() - key.used_at > NOTED:
        return _note(key.id)
    return key


def _token() -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not 0 < len(token) <= LONGEST:
        _count(MISSES, request.remote_addr or "")
        raise KeyRefused
    return token.strip()


def _count(limit: RateLimitItemPerMinute, whose: str) -> None:
    if limiter.enabled and not limiter.limiter.hit(limit, "api", whose):
        raise TooMany("There were too many calls. Wait a minute, then try again.", seconds=60)


def _note(key_id: int) -> ApiKey:
    """A short write of its own; when the database is busy the next call notes it."""
    transaction.release()
    try:
        with transaction.writing():
            db.session.execute(update(ApiKey).where(ApiKey.id == key_id).values(used_at=clock.now()))
    except OperationalError:
        pass
    return db.session.execute(select(ApiKey).where(ApiKey.id == key_id)).scalar_one()

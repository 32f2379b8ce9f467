"""API keys: made and shown once, listed, revoked."""

import secrets
from collections.abc import Sequence

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import joinedload

from portal import clock, timeline
from portal.extensions import db
from portal.models.api_key import ApiKey, digest
from portal.models.partner import Partner
from portal.models.people import User
from portal.refusals import IllegalMove, Invalid
from portal.timeline.developers import ApiKeyCreated, ApiKeyRevoked

PREFIX = "pk_"
"""So that people, and programs that search code for secrets, recognise a key."""
BYTES = 32
SHOWN = 10
"""Characters that tell keys apart in a list; 42 bits of 256."""
NAME = 120
MOST = 50
"""Keys in use at one partner."""
LISTED = 200
_LIST = (
    select(ApiKey)
    .where(ApiKey.partner_id == bindparam("partner"))
    .options(joinedload(ApiKey.created_by))
    .order_by(ApiKey.revoked_at.is_not(None), ApiKey.id.desc())
    .limit(LISTED)
)
_IN_USE = select(func.count()).where(ApiKey.partner_id == bindparam("partner"), ApiKey.revoked_at.is_(None))


def listing(partner: Partner) -> Sequence[ApiKey]:
    """Those in use first, newest first."""
    return db.session.scalars(_LIST, {"partner": partner.id}).all()


def create(partner: Partner, *, name: str, by: User) -> tuple[ApiKey, str]:
    """The key and its token, which is not stored and cannot be shown again. Raises Invalid, or IllegalMove at too many."""
    if not name or len(name) > NAME:
        raise Invalid({"name": f"Give the key a name of at most {NAME} characters." if name else "Give the key a name."})
    if db.session.execute(_IN_USE, {"partner": partner.id}).scalar_one() >= MOST:
        raise IllegalMove(f"There are {MOST} keys in use. Revoke one that nobody needs first.")
    token = PREFIX + secrets.token_urlsafe(BYTES)
    key = ApiKey(partner_id=partner.id, name=name, prefix=token[:SHOWN], token_hash=digest(token), created_by_id=by.id)
    db.session.add(key)
    timeline.record(ApiKeyCreated(name), by=by, partner=partner)
    return key, token


def revoke(key: ApiKey, *, partner: Partner, by: User) -> None:
    """It opens nothing from now on; revoking twice is the same as once."""
    if key.revoked_at is None:
        key.revoked_at = clock.now()
        timeline.record(ApiKeyRevoked(key.name), by=by, partner=partner)

"""The secret address of a partner's feed: made, renewed, revoked, and looked up."""

import secrets

from sqlalchemy import bindparam, select

from portal import clock, timeline
from portal.build import rows
from portal.extensions import db
from portal.models.api_key import digest
from portal.models.content import FeedKey
from portal.models.integration import Integration
from portal.models.people import User
from portal.timeline.content import FeedKeyMade, FeedKeyRevoked

BYTES = 24
_IN_USE = select(FeedKey).where(FeedKey.partner_id == bindparam("partner"), FeedKey.revoked_at.is_(None)).order_by(FeedKey.id)
_BY_TOKEN = select(FeedKey).where(FeedKey.token_hash == bindparam("digest"))


def current(partner_id: int) -> FeedKey | None:
    return db.session.scalars(_IN_USE, {"partner": partner_id}).first()


def by_token(token: str) -> FeedKey | None:
    """Also a revoked one."""
    return db.session.scalars(_BY_TOKEN, {"digest": digest(token)}).one_or_none()


def renew(integration: Integration, *, by: User) -> FeedKey:
    """A new address; the old one is gone at once."""
    _revoke(integration)
    token = secrets.token_urlsafe(BYTES)
    key = FeedKey(partner_id=integration.partner_id, token=token, token_hash=digest(token), made_by_name=by.name)
    db.session.add(key)
    timeline.record(FeedKeyMade(), by=by, integration=integration)
    return key


def revoke(integration: Integration, *, by: User) -> None:
    """The feed is gone until somebody makes a new address; revoking twice is the same as once."""
    if _revoke(integration):
        timeline.record(FeedKeyRevoked(), by=by, integration=integration)


def _revoke(integration: Integration) -> bool:
    rows.take(integration)
    known = db.session.scalars(_IN_USE, {"partner": integration.partner_id}).all()
    for key in known:
        key.revoked_at, key.token = clock.now(), None
    return bool(known)

"""The link in each digest that ends it with one click and without signing in (RFC 8058)."""

from collections.abc import Mapping

from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import select

from portal.extensions import db
from portal.mail.links import link
from portal.models.people import User


class _Current:
    signer = URLSafeSerializer("not configured", salt="digest")


def configure(secret: str) -> None:
    _Current.signer = URLSafeSerializer(secret, salt="digest")


def token(user: User) -> str:
    """It does not end: an old digest must be able to end the next one too. It can do nothing else."""
    return str(_Current.signer.dumps(user.key))


def reader(token: str) -> User | None:
    """Whose digest it is; None for what we never wrote."""
    try:
        key = _Current.signer.loads(token)
    except BadSignature:
        return None
    return db.session.scalars(select(User).where(User.key == key)).one_or_none() if isinstance(key, str) else None


def headers(user: User) -> Mapping[str, str]:
    """What mail programs show as "unsubscribe"."""
    url = link("notifications.unsubscribe", digest_token=token(user))
    return {"List-Unsubscribe": f"<{url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}

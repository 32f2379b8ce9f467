"""What each recipient chose for a kind of mail: at once, in the daily digest, or not at all."""

from collections.abc import Iterable, Mapping

from sqlalchemy import bindparam, select

from portal.extensions import db
from portal.mail.address import Recipient
from portal.mail.kinds import BY_TEMPLATE
from portal.models.notification import Choice
from portal.status import MailChoice

_CHOICES = select(Choice.user_id, Choice.choice).where(
    Choice.kind == bindparam("kind"), Choice.user_id.in_(bindparam("users", expanding=True))
)


def chosen(template: str, recipients: Iterable[Recipient]) -> Mapping[int, MailChoice]:
    """By user id, where a choice was made; nothing for what cannot be chosen. One statement at most."""
    kind = BY_TEMPLATE.get(template)
    users = [one.user_id for one in recipients if one.user_id is not None]
    if kind is None or kind.always or not users:
        return {}
    return dict(db.session.execute(_CHOICES, {"kind": kind.code, "users": users}).tuples().all())

"""The daily digest: at eight in the morning where the person is, everything that waited for it in one mail."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, delete, func, select

from portal import clock, mail
from portal.extensions import db
from portal.mail.kinds import KINDS
from portal.models.notification import DigestItem
from portal.models.people import User
from portal.notifications import unsubscribing

HOUR = time(8)
MOST = 100
"""Messages that one digest quotes; of the others it says how many there are."""
_WORDS = {kind.code: kind.words for kind in KINDS}
_WAITING = select(DigestItem.user_id, func.min(DigestItem.at)).group_by(DigestItem.user_id).order_by(DigestItem.user_id)
_TAKEN = (
    delete(DigestItem)
    .where(DigestItem.user_id == bindparam("user"), DigestItem.at < bindparam("before", type_=DigestItem.at.type))
    .returning(DigestItem.id, DigestItem.kind, DigestItem.at, DigestItem.subject, DigestItem.text)
    .execution_options(synchronize_session=False)
)


def send_due() -> int:
    """To everybody whose eight o'clock has passed since something came; says how many. Safe to do twice, or by two at once."""
    now, sent = clock.now(), 0
    for user_id, oldest in db.session.execute(_WAITING).all():
        user = db.session.get(User, user_id)
        if user is not None and oldest < (before := _cut(now, user.time_zone)):
            sent += _send(user, before)
    return sent


def _cut(now: datetime, zone: str) -> datetime:
    """The last eight o'clock in this zone."""
    here = now.astimezone(ZoneInfo(zone))
    at = datetime.combine(here.date(), HOUR, here.tzinfo)
    return at if at <= here else datetime.combine(here.date() - timedelta(days=1), HOUR, here.tzinfo)


def _send(user: User, before: datetime) -> bool:
    """What is taken is gone for every other worker."""
    items = sorted(db.session.execute(_TAKEN, {"user": user.id, "before": before}).all(), key=lambda item: item.id)
    if not items or not user.active:
        return False
    count = len(items)
    mail.send(
        "digest", to=[mail.person(user)], subject=f"Your digest: {count} message{'s' if count != 1 else ''}",
        headers=unsubscribing.headers(user), items=_told(items[:MOST]), more=max(0, count - MOST),
        url=mail.link("notifications.settings"),
    )  # fmt: skip
    return True


def _told(items: Sequence[object]) -> list[dict[str, object]]:
    return [{"kind": _WORDS.get(one.kind, ""), "at": one.at, "subject": one.subject, "text": one.text} for one in items]  # type: ignore[attr-defined]  # rows of the statement above

"""A partner's own addresses for status changes: added, changed, tested, their secrets rotated."""

import base64
import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, func, select, update

from portal import clock, outgoing, timeline
from portal.extensions import db
from portal.leads.crm import PREFIX
from portal.mail.links import address
from portal.models.notification import StatusHook, StatusMessage
from portal.models.partner import Partner
from portal.models.people import User
from portal.notifications import telling
from portal.notifications.messages import TEST, TYPES
from portal.notifications.stopping import host
from portal.refusals import IllegalMove, Invalid
from portal.status import StatusState
from portal.timeline.exports import StatusHookChanged

MOST = 5
LISTED = 50
KEPT = timedelta(days=30)
"""How long messages are listed."""
_LIST = select(StatusHook).where(StatusHook.partner_id == bindparam("partner")).order_by(StatusHook.id).limit(MOST * 2)
_COUNT = select(func.count()).where(StatusHook.partner_id == bindparam("partner"))
_MESSAGES = (
    select(StatusMessage).where(StatusMessage.hook_id == bindparam("hook")).order_by(StatusMessage.id.desc()).limit(LISTED)
)


def listing(partner: Partner) -> Sequence[StatusHook]:
    return db.session.scalars(_LIST, {"partner": partner.id}).all()


def messages(hook: StatusHook) -> Sequence[StatusMessage]:
    """The newest."""
    return db.session.scalars(_MESSAGES, {"hook": hook.id}).all()


def add(partner: Partner, *, url: str, types: Iterable[str], by: User) -> tuple[StatusHook, str]:
    """The address and its secret, which is not shown again. Raises Invalid, or IllegalMove at too many."""
    db.session.execute(select(Partner.id).where(Partner.id == partner.id).with_for_update())
    if db.session.execute(_COUNT, {"partner": partner.id}).scalar_one() >= MOST:
        raise IllegalMove(f"There are {MOST} addresses already. Remove one that nobody needs first.")
    secret, chosen = _new_secret(), _checked(url, types)
    hook = StatusHook(partner_id=partner.id, url=url, types=chosen, secret=secret, created_by_id=by.id)
    db.session.add(hook)
    db.session.flush()
    _record(hook, "added an address", by)
    return hook, secret


def change(hook: StatusHook, *, url: str, types: Iterable[str], by: User) -> None:
    """Raises Invalid."""
    hook.types = _checked(url, types)
    if url != hook.url:
        hook.url, hook.failing_since = url, None
    _record(hook, "changed the address", by)


def _checked(url: str, types: Iterable[str]) -> list[str]:
    """The types in our order; none when all are wanted. Raises Invalid."""
    wanted, problems = set(types), {}
    if fault := _fault(url):
        problems["url"] = fault
    if wanted - set(TYPES):
        problems["types"] = "Choose from the list."
    if problems:
        raise Invalid(problems)
    return [] if wanted == set(TYPES) else [one for one in TYPES if one in wanted]


def _fault(url: str) -> str:
    if f"{url}/".startswith(address()):
        return "This is the portal's own address. Enter one of yours."
    try:
        outgoing.check(url)
    except outgoing.NotSent as refused:
        return refused.words
    return ""


def _new_secret() -> str:
    """32 random bytes; Standard Webhooks asks for 24 to 64."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def rotate(hook: StatusHook, *, hours: int, by: User) -> str:
    """The new secret. For some hours messages are signed with both."""
    hook.previous_secret, hook.previous_until = hook.secret, clock.now() + timedelta(hours=hours)
    hook.secret = _new_secret()
    _record(hook, "gave a new secret to the address", by)
    return hook.secret


def switch(hook: StatusHook, *, on: bool, by: User) -> None:
    if hook.on is not on:
        hook.on, hook.why_off, hook.failing_since = on, "", None
        _record(hook, f"switched {'on' if on else 'off'} the address", by)


def remove(hook: StatusHook, *, by: User) -> None:
    """With its messages; what waits is not sent."""
    _record(hook, "removed the address", by)
    db.session.delete(hook)


def test(hook: StatusHook, *, by: User) -> StatusMessage:
    """A message of its own type, also where the address is switched off. Raises IllegalMove while one is on its way."""
    waits = select(StatusMessage.id).where(
        StatusMessage.hook_id == hook.id, StatusMessage.type == TEST, StatusMessage.state == StatusState.WAITING
    )
    if db.session.scalars(waits.limit(1)).first() is not None:
        raise IllegalMove("A test is on its way. Look at how it went first.")
    return telling.write(hook, TEST, {"asked_by": by.name}, at=clock.now())


def resend(message: StatusMessage, *, hook: StatusHook) -> None:
    """Once more, with the same webhook-id. Raises IllegalMove while it waits, or to what is switched off."""
    if message.state is StatusState.WAITING:
        raise IllegalMove("It is on its way already.")
    if not hook.on:
        raise IllegalMove("Switch the address on first.")
    message.state = StatusState.WAITING
    telling.enqueue(message)


def _record(hook: StatusHook, what: str, by: User) -> None:
    partner = db.session.get_one(Partner, hook.partner_id)
    timeline.record(StatusHookChanged(host(hook), what), by=by, partner=partner)


def tidy(now: datetime) -> None:
    """Forget secrets whose overlap is over, and messages that nobody looks at any more."""
    over = update(StatusHook).where(StatusHook.previous_until <= now).values(previous_secret=None, previous_until=None)
    old = delete(StatusMessage).where(StatusMessage.created_at < now - KEPT)
    for statement in (over, old):
        db.session.execute(statement.execution_options(synchronize_session=False))

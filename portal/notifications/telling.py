"""Writes a message for every address of a partner that wants to hear of a happening, in the transaction of the happening."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select

from portal import clock, outbox
from portal.extensions import db
from portal.models.columns import new_key
from portal.models.event import Audience, Event
from portal.models.notification import StatusHook, StatusMessage
from portal.models.outbox import Task
from portal.models.partner import Partner
from portal.notifications.messages import message_of
from portal.timeline import Happening

_HOOKS = (
    select(StatusHook, Partner.key)
    .join(Partner, Partner.id == StatusHook.partner_id)
    .where(StatusHook.partner_id == bindparam("partner"), StatusHook.on)
    .order_by(StatusHook.id)
)


def heard(happening: Happening, event: Event) -> None:
    """Called with every happening that is stored. One statement, and only for those that have a message."""
    message = message_of(happening)
    if message is None or event.partner_id is None or event.audience is not Audience.PARTNER:
        return
    for hook, partner_key in db.session.execute(_HOOKS, {"partner": event.partner_id}).tuples():
        if not hook.types or message.type in hook.types:
            write(hook, message.type, {"partner": partner_key, **message.data(happening, event)}, at=event.at)


def write(hook: StatusHook, type_: str, data: Mapping[str, Any], *, at: datetime) -> StatusMessage:
    """A message in the open transaction; the body is kept as it is signed and sent."""
    body = json.dumps({"type": type_, "timestamp": at.isoformat(), "data": data}, ensure_ascii=False)
    made = StatusMessage(key=new_key(), partner_id=hook.partner_id, hook_id=hook.id, type=type_, body=body, tries=[])
    db.session.add(made)
    enqueue(made)
    return made


def enqueue(message: StatusMessage, *, wait: timedelta = timedelta()) -> None:
    """The next try, after this wait."""
    message.next_at = clock.now() + wait
    title = f"status message {message.key}, try {len(message.tries) + 1}"
    row = outbox.enqueue(Task.STATUS, {"message": message.key}, title=title, partner_id=message.partner_id)
    row.next_at = message.next_at

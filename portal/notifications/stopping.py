"""What tries say about an address; after long failure, or when it says that it is gone, nothing goes there any more."""

from datetime import timedelta
from urllib.parse import urlsplit

from portal import clock, mail, timeline
from portal.models.notification import StatusHook
from portal.timeline.exports import StatusHookChanged

PATIENCE = timedelta(days=5)
"""Without one success."""


def host(hook: StatusHook) -> str:
    """What happenings say of an address: its path may hold a key."""
    return urlsplit(hook.url).netloc


def learn(hook: StatusHook, *, ok: bool, gone: bool, error: str) -> None:
    if ok:
        hook.failing_since = None
        return
    now = clock.now()
    hook.failing_since = hook.failing_since or now
    if not hook.on:
        return
    if gone:
        stop(hook, "the address answered 410 Gone", error)
    elif now - hook.failing_since > PATIENCE:
        stop(hook, f"nothing was taken there since {hook.failing_since:%d %B, %H:%M} UTC", error)


def stop(hook: StatusHook, reason: str, error: str) -> None:
    """Off, and the team is told."""
    hook.on, hook.why_off = False, reason
    happening = StatusHookChanged(host(hook), "switched off the address", reason)
    event = timeline.record(happening, by=None, partner=hook.partner)
    mail.send(
        "status_hook_stopped", to=mail.team(hook.partner_id), subject=f"Status changes are no longer sent to {host(hook)}",
        event=event, host=host(hook), reason=reason, error=error, url=mail.link("notifications.hook", status_hook_key=hook.key),
    )  # fmt: skip

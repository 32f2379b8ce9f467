"""Whether an app's webhooks are passed on: switched by a person, paused while nothing answers, switched off after long failure."""

from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal import clock, mail, outgoing, timeline
from portal.extensions import db
from portal.mail.links import address
from portal.models.forwarding import Forwarding
from portal.models.partner_app import PartnerApp
from portal.models.people import User
from portal.refusals import IllegalMove
from portal.status import Environment
from portal.timeline.developers import ForwardingSwitched
from portal.webhooks.attempts import Outcome

PATIENCE = timedelta(days=3)
"""After so long without one success, passing on is switched off and the team is told."""
SHORTEST_PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(minutes=15)
OWN = "/hooks/"


class App(Protocol):
    """What must be known of an app: the noun itself, or a row of a list."""

    @property
    def webhook_url(self) -> str: ...
    @property
    def environment(self) -> Environment: ...
    @property
    def retired_at(self) -> datetime | None: ...


def why_not(app: App) -> str:
    """Why nothing can be passed on to this app's own address, in words; empty when it can."""
    if app.retired_at:
        return "The app is retired."
    if not app.webhook_url:
        return "The app has no webhook URL of its own yet."
    if app.webhook_url.startswith(address().rstrip("/") + OWN):
        return "The app's webhook URL is this portal's own: webhooks would go round in circles."
    try:
        outgoing.check(app.webhook_url, plain=app.environment is not Environment.LIVE)
    except outgoing.NotSent as refused:
        return refused.words
    return ""


def switch(app: PartnerApp, *, on: bool, by: User) -> None:
    """Raises IllegalMove when the app has no address that may be called."""
    if on and (words := why_not(app)):
        raise IllegalMove(words)
    row = db.session.get(Forwarding, app.id) or Forwarding(app_id=app.id, on=False)
    db.session.add(row)
    if row.on is not on:
        row.on, row.switched_at, row.switched_by_id = on, clock.now(), by.id
        row.failing_since = row.paused_until = None
        timeline.record(ForwardingSwitched(app.name, on), by=by, partner=app.partner)


def learn(app_id: int, outcome: Outcome) -> None:
    """What a try says about the address: it works, it answers badly, nothing answers; and whether it is enough now."""
    state = db.session.get(Forwarding, app_id)
    if state is None or (outcome.ok and state.failing_since is None):
        return
    if outcome.ok:
        state.failing_since = state.paused_until = None
        return
    now = clock.now()
    state.failing_since = state.failing_since or now
    state.paused_until = now + _pause(now - state.failing_since) if outcome.silent else None
    if state.on and now - state.failing_since > PATIENCE:
        _give_up(state, state.failing_since, outcome)


def _pause(failing: timedelta) -> timedelta:
    """Longer the longer it lasts, so that an address that is gone costs nearly nothing."""
    return max(SHORTEST_PAUSE, min(failing / 4, LONGEST_PAUSE))


def _give_up(state: Forwarding, since: datetime, outcome: Outcome) -> None:
    app = db.session.execute(
        select(PartnerApp).where(PartnerApp.id == state.app_id).options(joinedload(PartnerApp.partner))
    ).scalar_one()
    state.on, state.switched_at, state.switched_by_id = False, clock.now(), None
    reason = f"not one of the tries since {since:%d %B, %H:%M} UTC succeeded"
    event = timeline.record(ForwardingSwitched(app.name, on=False, reason=reason), by=None, partner=app.partner)
    mail.send(
        "forwarding_stopped", to=mail.team(app.partner_id), subject=f"Webhooks of {app.name} are no longer passed on",
        event=event, app=app.name, url=app.webhook_url, since=since, error=outcome.error,
    )  # fmt: skip

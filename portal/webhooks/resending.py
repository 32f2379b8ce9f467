"""Sends webhooks to the partner's own address once more: the same bytes, signed anew, because a person asked."""

from collections.abc import Sequence

from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload

from portal import timeline
from portal.extensions import db
from portal.models.delivery import Delivery
from portal.models.partner import Partner
from portal.models.people import User
from portal.refusals import Refusal
from portal.status import ForwardKind, Signature
from portal.timeline.developers import WebhooksResent
from portal.webhooks import forwarding, switching
from portal.webhooks.switching import App

MOST = 50
"""At once: as many as a page of the log shows."""
FORGED = "its signature did not fit, and the portal signs nothing that GoCardless did not sign"
TOO_LARGE = "its body was too large and was not kept"
UNSIGNED = "its app has no webhook secret to sign it with"
_CHOSEN = (
    select(Delivery)
    .where(Delivery.partner_id == bindparam("partner"), Delivery.key.in_(bindparam("keys", expanding=True)))
    .options(joinedload(Delivery.app))
    .order_by(Delivery.id)
)


class NotThere(Refusal):
    """One of them is not there, or not theirs."""

    status = 404


class TooManyChosen(Refusal):
    """More than can be sent at once."""

    status = 422


def resend(partner: Partner, keys: Sequence[str], *, by: User) -> tuple[int, list[str]]:
    """How many are on their way, and why others are not, each reason once. Raises NotThere or TooManyChosen."""
    wanted = sorted(set(keys))
    if len(wanted) > MOST:
        raise TooManyChosen(f"Choose at most {MOST} webhooks at once.")
    found = db.session.scalars(_CHOSEN, {"partner": partner.id, "keys": wanted}).all() if wanted else ()
    if len(found) < len(wanted):
        raise NotThere("One of these webhooks is not here any more.")
    reasons = {one: why_not(one, one.app, has_secret=bool(one.app.webhook_secret)) for one in found}
    going = [one for one in found if not reasons[one]]
    for one in going:
        forwarding.enqueue(one.id, kind=ForwardKind.RESENT, by_id=by.id)
    if going:
        timeline.record(WebhooksResent(len(going)), by=by, partner=partner)
    return len(going), list(dict.fromkeys(words for words in reasons.values() if words))


def why_not(delivery: Delivery, app: App, *, has_secret: bool) -> str:
    """Why this one cannot be sent again, in words; empty when it can."""
    if delivery.signature is Signature.UNCHECKED:
        return TOO_LARGE
    if delivery.signature not in forwarding.GENUINE:
        return FORGED
    return switching.why_not(app) or ("" if has_secret else UNSIGNED)

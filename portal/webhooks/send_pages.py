"""Sending: a test webhook to oneself, and webhooks once more to the partner's own address."""

from collections.abc import Sequence

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.account.forms import clean
from portal.gates import Gate, gate
from portal.models.delivery import Delivery
from portal.models.partner import Partner
from portal.models.partner_app import PartnerApp
from portal.models.people import User
from portal.webhooks import resending, testing
from portal.webhooks.blueprint import bp
from portal.webhooks.reader import Reader
from portal.webhooks.testing import CannotTest


@bp.post("/developers/webhooks/apps/<app_key>/test")
@gate(Gate.WORK)
def test(partner_app: PartnerApp) -> ResponseReturnValue:
    try:
        key = testing.send(partner_app)
    except CannotTest as refused:
        flash(refused.words, "warning")
        return redirect(url_for(".index"), 303)
    flash("A test webhook was sent and received. It is marked as a test, and no payment belongs to it.", "success")
    return redirect(url_for(".delivery", delivery_key=key), 303)


@bp.post("/developers/webhooks/resend")
@gate(Gate.WORK)
def resend_many(partner: Partner, me: User) -> ResponseReturnValue:
    keys = [clean(key) for key in request.form.getlist("delivery")]
    if keys:
        _told(*resending.resend(partner, keys, by=me))
    else:
        flash("Choose the webhooks that you want to resend.", "warning")
    reader = Reader(partner)
    return redirect(reader.log(**reader.asked.typed), 303)


@bp.post("/developers/webhooks/<delivery_key>/resend")
@gate(Gate.WORK)
def resend(delivery: Delivery, partner: Partner, me: User) -> ResponseReturnValue:
    _told(*resending.resend(partner, [delivery.key], by=me))
    return redirect(url_for(".delivery", delivery_key=delivery.key, _anchor="attempts"), 303)


def _told(going: int, left_out: Sequence[str]) -> None:
    if going:
        what = "The webhook is" if going == 1 else f"{going} webhooks are"
        flash(f"{what} on the way to your own address, signed anew. How it goes is shown with each webhook.", "success")
    for words in left_out:
        flash(f"Not resent: {words[0].lower()}{words[1:].rstrip('.')}.", "warning")

"""The Atom feed of a partner, and the page on which its address is made, renewed and revoked."""

import hashlib

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import mail
from portal.errors import page
from portal.extensions import db
from portal.gates import Gate, gate
from portal.grow import atom, feed_keys
from portal.grow.blueprint import bp, check_open, is_open
from portal.models.integration import Integration
from portal.models.partner import Partner
from portal.models.people import User

LOCKED = "Grow is locked for this partner at the moment. The feed comes back together with it."
GONE = "This address of the feed was renewed or revoked. Whoever is an admin of your team finds the new one in Grow."


@bp.get("/grow/feed", endpoint="feed")
@gate(Gate.PARTNER)
def show_feed(integration: Integration) -> ResponseReturnValue:
    check_open()
    key = feed_keys.current(integration.partner_id)
    address = mail.link("grow.atom", feed_token=key.token) if key else ""
    return render_template("grow/feed.html", key=key, address=address)


@bp.post("/grow/feed/renew")
@gate(Gate.TEAM)
def renew_feed(integration: Integration, me: User) -> ResponseReturnValue:
    check_open()
    feed_keys.renew(integration, by=me)
    flash("The feed has a new address. An older one has stopped working.", "success")
    return redirect(url_for(".feed"), 303)


@bp.post("/grow/feed/revoke")
@gate(Gate.TEAM)
def revoke_feed(integration: Integration, me: User) -> ResponseReturnValue:
    check_open()
    feed_keys.revoke(integration, by=me)
    flash("The address of the feed has stopped working.", "success")
    return redirect(url_for(".feed"), 303)


@bp.get("/feeds/<feed_token>.atom", endpoint="atom")
@gate(Gate.PUBLIC)
def feed_of_partner(feed_token: str) -> ResponseReturnValue:
    """Whoever has the address reads it: 404 for one that never was, 410 for one that is over, 409 while Grow is locked."""
    key = feed_keys.by_token(feed_token) or abort(404)
    if key.revoked_at is not None:
        return page(410, words=GONE)
    if not is_open(key.partner_id):
        return page(409, words=LOCKED)
    partner = db.session.get_one(Partner, key.partner_id)
    return _answer(atom.of(partner, own_address=mail.link("grow.atom", feed_token=feed_token)))


def _answer(feed: atom.Feed) -> Response:
    response = Response(feed.body, content_type="application/atom+xml; charset=utf-8")
    response.set_etag(hashlib.sha256(feed.body).hexdigest()[:32])
    response.last_modified = feed.updated
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["X-Robots-Tag"] = "noindex"
    response.make_conditional(request)
    return response

"""Pages of this room: a person's choices, the end of the digest, and a partner's addresses for status changes."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.extensions import csrf
from portal.gates import Gate, gate
from portal.models.people import User
from portal.notifications import choices, hook_pages, unsubscribing
from portal.notifications.blueprint import bp
from portal.refusals import Invalid
from portal.status import MailChoice

__all__ = ["bp", "hook_pages"]
OPTIONS = ((MailChoice.AT_ONCE.value, "At once"), (MailChoice.DIGEST.value, "Daily digest"), (MailChoice.OFF.value, "Off"))


@bp.get("/settings/notifications")
@gate(Gate.SIGNED_IN)
def settings(me: User) -> ResponseReturnValue:
    return _page(me, {})


@bp.post("/settings/notifications")
@gate(Gate.SIGNED_IN)
def save(me: User) -> ResponseReturnValue:
    try:
        choices.save(me, request.form)
    except Invalid as refused:
        return _page(me, refused.problems), refused.status
    flash("Your choices are saved.", "success")
    return redirect(url_for(".settings"), 303)


def _page(me: User, problems: dict[str, str]) -> str:
    return render_template("notifications/settings.html", rows=choices.rows(me), options=OPTIONS, me=me, problems=problems)


@bp.get("/unsubscribe/<digest_token>")
@gate(Gate.PUBLIC)
def unsubscribe(digest_token: str) -> ResponseReturnValue:
    """A page with a button: programs that look into mails follow links, and nobody means it."""
    unsubscribing.reader(digest_token) or abort(404)
    return render_template("notifications/unsubscribe.html", token=digest_token, done=False)


@bp.post("/unsubscribe/<digest_token>")
@gate(Gate.PUBLIC)
def end_digest(digest_token: str) -> ResponseReturnValue:
    """Asked by the mail program itself (RFC 8058), or by the button of the page."""
    choices.end_digest(unsubscribing.reader(digest_token) or abort(404))
    return render_template("notifications/unsubscribe.html", token=digest_token, done=True)


csrf.exempt(
    end_digest
)  # the mail program has no session; the token says whose digest it is, and nothing else can be done with it

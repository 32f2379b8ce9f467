"""The inbox: every mail that left the portal, as text with working links and as its reader sees it."""

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from portal.development import messages
from portal.gates import Gate, gate
from portal.mail.files import folder
from portal.web import settings

bp = Blueprint("development", __name__, url_prefix="/development")


@bp.get("/inbox")
@gate(Gate.PUBLIC)
def inbox() -> ResponseReturnValue:
    to = request.args.get("to", "")
    return render_template("development/inbox.html", mails=messages.latest(folder(settings()), to=to), to=to)


@bp.get("/inbox/<name>")
@gate(Gate.PUBLIC)
def mail(name: str) -> ResponseReturnValue:
    return render_template("development/mail.html", mail=_mail(name))


@bp.get("/inbox/<name>/html")
@gate(Gate.PUBLIC)
def html(name: str) -> ResponseReturnValue:
    """The mail as its reader sees it, unable to do anything."""
    found = _mail(name)
    return Response(found.html, headers={"Content-Security-Policy": messages.policy_of(found.html)})


def _mail(name: str) -> messages.Message:
    return messages.read(folder(settings()), name) or abort(404)

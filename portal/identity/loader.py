"""Who is asking: the person, the team and the device of a request, read in one statement."""

from flask import Flask, g, session
from flask_login import LoginManager
from flask_security.utils import set_request_attr

from portal import clock
from portal.extensions import transaction_kind
from portal.identity import sessions
from portal.models.people import User


def init_app(app: Flask) -> None:
    manager: LoginManager = app.extensions["security"].login_manager
    manager.user_loader(load)
    manager.request_loader(None)  # no tokens in headers or in the address
    manager.session_protection = None  # the session row is what ends a session


def load(uniquifier: str) -> User | None:
    """Flask-Login's loader; None signs out: an ended device, one signed in too long ago, a person switched off."""
    found = sessions.signed_in(uniquifier, str(session.get("device", "")))
    if found is None:
        return None
    user, g.device, seen_at = found
    g.me_id = user.id
    set_request_attr("fs_authn_via", "session")
    set_request_attr("fs_paa", session.get("fs_paa", 0))
    if transaction_kind.get() == "write" and clock.now() - seen_at > sessions.NEWS:
        sessions.seen(g.device)
    return user

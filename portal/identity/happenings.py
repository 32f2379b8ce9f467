"""What signing in and out, passwords and second factors leave behind: session rows, and lines in the audit log."""

from typing import Any

from flask import Flask, g, request, session
from flask_login import user_logged_out
from flask_security.signals import (
    password_changed,
    password_reset,
    user_authenticated,
    wan_deleted,
    wan_registered,
)

from portal import mail, timeline
from portal.identity import accounts, limits, sessions
from portal.models.people import User
from portal.timeline.account import SecurityEvent

WAYS = {"password": "with the password", "webauthn": "with a passkey", "change": "again after changing the password"}


def init_app(app: Flask) -> None:
    for signal, happened in (
        (user_authenticated, signed_in),
        (user_logged_out, signed_out),
        (password_changed, password_is_new),
        (password_reset, password_is_new),
        (wan_registered, _warns("set up a passkey")),
        (wan_deleted, _warns("removed a passkey")),
    ):
        signal.connect_via(app, weak=False)(happened)


def signed_in(_: Flask, *, user: User, authn_via: list[str] | None = None, **__: Any) -> None:
    """A new session from here on: its own row, token and form token; the device's earlier session ends."""
    if earlier := session.pop("device", None):
        sessions.end_token(str(earlier))
    session["device"] = sessions.start(user, address=request.remote_addr or "", agent=request.user_agent.string)
    if authn_via != ["change"]:
        session.permanent = session.pop("_remember", None) == "set"
    _new_form_token()
    limits.forget(*accounts.names(user))
    ways = [WAYS[way] for way in authn_via or () if way in WAYS]
    record(user, "signed in " + (" ".join(ways) or "with a second factor"))


def signed_out(_: Flask, *, user: User, **__: Any) -> None:
    if token := session.pop("device", None):
        sessions.end_token(str(token))
    session.permanent = False
    _new_form_token()
    if user is not None and user.is_authenticated:
        record(user, "signed out")


def password_is_new(_: Flask, *, user: User, **__: Any) -> None:
    """Every device but this one is signed out."""
    sessions.end_all(user, but=str(session.get("device", "")))
    limits.forget(*accounts.names(user))
    record(user, "changed the password")


def record(user: User, what: str) -> None:
    """A line for the audit log, by the person it is about."""
    person: User = user._get_current_object() if hasattr(user, "_get_current_object") else user  # noqa: SLF001 - Werkzeug's documented way
    timeline.record(SecurityEvent(what), by=person, partner=person.partner)


def warn(user: User, what: str) -> None:
    """The same, and a mail: whoever takes an account over does this first."""
    record(user, what)
    to = mail.Recipient(user.email, user.name, user.time_zone)
    url = mail.link("identity.security")
    mail.send("identity_notice", to=[to], subject="How you sign in has changed", what=what, username=user.username, url=url)


def _warns(what: str) -> Any:
    def happened(_: Flask, *, user: User, **__: Any) -> None:
        warn(user, what)

    return happened


def _new_form_token() -> None:
    session.pop("csrf_token", None)
    g.pop("csrf_token", None)

"""A test bound to the browser that begins it: Authlib's Flask client keeps the state in the session until the merchant is back."""

from authlib.integrations.flask_client import FlaskIntegration, FlaskOAuth2App
from flask import session

NAME = "connect"
PREFIX = f"_state_{NAME}_"
MOST = 3
"""Tests that one browser may have begun and not finished: a cookie holds only so much."""


def bind(state: str, redirect_uri: str) -> None:
    """Remember in this browser's session that it began the test with this state."""
    begun = sorted((key for key in session if key.startswith(PREFIX)), key=lambda key: float(session[key].get("exp", 0)))
    for key in begun[: max(0, len(begun) - MOST + 1)]:
        session.pop(key)
    FlaskOAuth2App(FlaskIntegration(NAME), NAME).save_authorize_data(state=state, redirect_uri=redirect_uri)


def take(state: str) -> bool:
    """Whether this browser began the test with this state; it is forgotten with the question."""
    framework = FlaskIntegration(NAME)
    known = framework.get_state_data(session, state) is not None
    framework.clear_state_data(session, state)
    return known


def device() -> str:
    """What tells this sign-in apart from the person's others."""
    return str(session.get("device", ""))

"""Behind your button "Connect with GoCardless": redirect the merchant to this address."""

import secrets
from urllib.parse import urlencode

from settings import CLIENT_ID, CONNECT_URL, REDIRECT_URI


def authorization_link(session, email="", organisation_name=""):
    """`session` is the merchant's session with you. The state in it proves later that the answer belongs to it."""
    session["gocardless_state"] = secrets.token_urlsafe(32)
    parameters = {
        "response_type": "code",
        "client_id": CLIENT_ID,
        "scope": "read_write",
        "redirect_uri": REDIRECT_URI,
        "state": session["gocardless_state"],
        "initial_view": "signup",  # or "login", for merchants who have an account
        "prefill[email]": email,
        "prefill[organisation_name]": organisation_name,
    }
    given = {name: value for name, value in parameters.items() if value}
    return f"{CONNECT_URL}/oauth/authorize?{urlencode(given)}"

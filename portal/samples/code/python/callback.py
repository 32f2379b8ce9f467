"""The page at your redirect URI: the merchant comes back to it with a code, which is exchanged for an access token."""

import hmac

import requests
from settings import CLIENT_ID, CLIENT_SECRET, CONNECT_URL, REDIRECT_URI


class NotConnected(Exception):
    """The words are for the merchant, beside a button that starts again."""


def connect(session, query):
    """`query` holds the parameters of the address. Gives back the organisation's id and its access token."""
    expected = session.pop("gocardless_state", "")  # good for one answer
    if not expected or not hmac.compare_digest(expected.encode(), query.get("state", "").encode()):
        raise NotConnected("This answer does not belong to your session. Please start again.")
    if "error" in query:  # access_denied: the merchant said no
        raise NotConnected(query.get("error_description") or query["error"])
    return exchange(query.get("code", ""))


def exchange(code):
    """From your server only: the client secret never reaches a browser. A code is good once and for minutes."""
    parameters = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": REDIRECT_URI,
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
    }
    answer = requests.post(f"{CONNECT_URL}/oauth/access_token", data=parameters, timeout=10, allow_redirects=False)
    token = answer.json()
    if "access_token" not in token:
        raise NotConnected(token.get("error_description") or "GoCardless did not take the code. Please start again.")
    return token["organisation_id"], token["access_token"]

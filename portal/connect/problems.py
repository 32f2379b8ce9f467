"""Every way in which a connect test can fail: what happened, and what to do about it."""

from collections.abc import Mapping
from dataclasses import dataclass

from portal import gocardless
from portal.connect.line import OAuthRefused


@dataclass(frozen=True, slots=True)
class Problem:
    """`words` may hold {detail}: what GoCardless said."""

    words: str
    todo: str


PROBLEMS: Mapping[str, Problem] = {
    "denied": Problem(
        "The merchant did not allow the connection.",
        "Nothing is wrong with your app. In your product, say that nothing was connected, and offer to try again.",
    ),
    "sent_back": Problem(
        "GoCardless sent the merchant back with the error {detail}.",
        "Compare the parameters of the link with the guide; the error names the one that is wrong.",
    ),
    "state_missing": Problem(
        "The merchant came back without the state that the link carried.",
        "Send state with every link, and refuse a return without it.",
    ),
    "state_mismatch": Problem(
        "The state that came back is not the one that was sent.",
        "Refuse such a return: somebody may be trying to finish another person's connection. Start again with a fresh link.",
    ),
    "other_session": Problem(
        "The merchant came back to another browser session than the one that left.",
        "Start and finish the test in one browser, and stay signed in meanwhile.",
    ),
    "too_late": Problem(
        "The merchant came back more than an hour after leaving.",
        "Start again: a link is meant to be used at once.",
    ),
    "never_back": Problem(
        "The merchant did not come back within an hour.",
        "If GoCardless showed an error page, it does not know the client_id or the redirect_uri: look at the app, then start again.",
    ),
    "no_code": Problem(
        "The merchant came back with the right state, but with neither a code nor an error.",
        "Look at what stands between GoCardless and your redirect URI: something drops the parameters.",
    ),
    "code_used": Problem(
        "GoCardless refused the code, because it has been exchanged before.",
        "A code is good once. Exchange it where only one process can, and keep the token at once.",
    ),
    "code_expired": Problem(
        "GoCardless refused the code: it waited too long.",
        "Exchange the code as soon as the merchant is back, within minutes.",
    ),
    "code_refused": Problem(
        "GoCardless refused the code: {detail}",
        "A code is good once, for some minutes, for the app and the redirect_uri that it was made for. Start again with a fresh link.",
    ),
    "wrong_redirect": Problem(
        "GoCardless refused the code, because the redirect_uri of the exchange is not the one of the link.",
        "Send exactly the same redirect_uri in both places, with the same scheme, port and slashes.",
    ),
    "wrong_secret": Problem(
        "GoCardless refused the app's client secret.",
        "Check that the secret belongs to this client id and this environment, and that nothing was cut off when it was copied.",
    ),
    "unknown_client": Problem(
        "GoCardless does not know this client_id.",
        "Compare it with the one in the dashboard of this environment: apps of the sandbox and live apps have different ones.",
    ),
    "oauth_refused": Problem(
        "GoCardless refused the request: {detail}",
        "Compare what was sent with the guide.",
    ),
    "interrupted": Problem(
        "The portal was interrupted while it exchanged the code, and the code is spent.",
        "This is not your app's fault. Start again with a fresh link.",
    ),
    "incomplete": Problem(
        "GoCardless answered, but without {detail}.",
        "Look at the answer below; if it comes from GoCardless itself, tell us in a support case.",
    ),
    "timed_out": Problem(
        "GoCardless did not answer in time.",
        "Try again. In your product, give every call a timeout and expect this.",
    ),
    "unreachable": Problem(
        "GoCardless could not be reached.",
        "Check that the sandbox of this environment is running and that nothing between blocks it, then try again.",
    ),
    "not_json": Problem(
        "What answered was not GoCardless's API: the answer (HTTP {detail}) is no JSON object.",
        "A proxy or an error page may stand between. Your product should treat such an answer like a failure of the server.",
    ),
    "server_failed": Problem(
        "GoCardless failed to answer (HTTP {detail}).",
        "Try again in a moment. Your product should wait longer each time before it tries again.",
    ),
    "too_many": Problem(
        "GoCardless asks to slow down (HTTP 429).",
        "Wait until the time in RateLimit-Reset, then go on.",
    ),
    "revoked": Problem(
        "GoCardless refuses the token: it has been revoked, or is not known.",
        "Forget the token, tell the merchant that they are disconnected, and offer to connect again.",
    ),
    "inactive": Problem(
        "The token is no longer active.",
        "Forget it, tell the merchant that they are disconnected, and offer to connect again.",
    ),
    "not_allowed": Problem(
        "The token's scope, or what the merchant's account may do, does not cover this (HTTP 403).",
        "Ask for read_write when you have to write.",
    ),
    "refused": Problem(
        "GoCardless refused the request: {detail}",
        "Compare what was sent with the API reference.",
    ),
    "wrong_scope": Problem(
        "The token has another scope than the one asked for: {detail}.",
        "Store the scope that comes with the token, and do not assume the one that you asked for.",
    ),
    "other_organisation": Problem(
        "The look-up names another organisation than the exchange: {detail}.",
        "Keep tokens by the organisation id that came with them.",
    ),
    "look_up_unknown": Problem(
        "This GoCardless has no look-up of tokens at the address tried (HTTP {detail}).",
        "Nothing depends on it: the next steps read with the token itself.",
    ),
    "no_creditor": Problem(
        "The organisation has no creditor.",
        "Without one the merchant cannot collect. Ask them to finish signing up with GoCardless.",
    ),
    "still_valid": Problem(
        "The token was revoked, but the API still takes it.",
        "Revoke it again; if it stays valid, tell us in a support case.",
    ),
    "no_token": Problem(
        "The portal holds no token for this organisation any more.",
        "Connect the merchant again.",
    ),
    "app_changed": Problem(
        "The app's environment, client id or secret is missing now.",
        "Complete the app's credentials and start again.",
    ),
}


def words(code: str, detail: str = "") -> str:
    """What happened. `detail` is shown as it is: cut it before."""
    return PROBLEMS[code].words.replace("{detail}", detail[:200])


def of(error: gocardless.GoCardlessError) -> tuple[str, str]:
    """The code of an error of a call, and its detail."""
    if isinstance(error, OAuthRefused):
        return _oauth(error)
    code = next((code for kind, code in CODES if isinstance(error, kind)), "unreachable")
    return code, _detail(error)


CODES: tuple[tuple[type[gocardless.GoCardlessError], str], ...] = (
    (gocardless.TimedOut, "timed_out"),
    (gocardless.NotJson, "not_json"),
    (gocardless.ServerFailed, "server_failed"),
    (gocardless.TokenRevoked, "revoked"),
    (gocardless.NotAllowed, "not_allowed"),
    (gocardless.TooManyCalls, "too_many"),
    (gocardless.ApiRefused, "refused"),
    (gocardless.NotHere, "app_changed"),
)
"""The first that fits: the narrower class stands before the wider."""


def _detail(error: gocardless.GoCardlessError) -> str:
    if isinstance(error, gocardless.ApiRefused) and not isinstance(error, gocardless.ServerFailed):
        return f"{error.message or error.type} (HTTP {error.status})"
    return str(error.status) if isinstance(error, gocardless.ServerFailed | gocardless.NotJson) else ""


def _oauth(error: OAuthRefused) -> tuple[str, str]:
    said = f"{error.description or error.error or 'no reason given'} (HTTP {error.status})"
    if error.error == "invalid_client":
        return "wrong_secret", said
    return ("code_refused" if error.error == "invalid_grant" else "oauth_refused"), said

"""Which pages can be guessed at: each try is counted before it is made, whatever comes of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from flask import Flask, abort, request, session
from flask_login import current_user
from flask_security.tf_plugin import tf_clean_session

from portal import clock, transaction
from portal.identity import accounts, limits, typed

SECOND_STEP = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Guessable:
    """What is counted there, and how the account at stake is named."""

    kind: str
    account: Callable[[], str]


def _typed_account() -> str:
    """Name and address of one account count together; what belongs to nobody is counted just the same."""
    identity = request.form.get("email", "")
    found = accounts.find(identity)
    return found.email if found else typed.identity(identity)


def _own_account() -> str:
    return str(current_user.email) if current_user.is_authenticated else ""


def _half_signed_in() -> str:
    """Who gave the right password and now owes the second step."""
    return str(session.get("tf_user_id", ""))


def _anybody() -> str:
    """No account is named; the address still counts."""
    return request.path


GUESSABLE: Mapping[str, Guessable] = {
    "security.login": Guessable("sign_in", _typed_account),
    "security.verify": Guessable("sign_in", _own_account),
    "security.change_password": Guessable("sign_in", _own_account),
    "security.two_factor_token_validation": Guessable("code", _half_signed_in),
    "security.mf_recovery": Guessable("code", _half_signed_in),
    "security.wan_signin_response": Guessable("passkey", _half_signed_in),
    "security.forgot_password": Guessable("reset", _typed_account),
    "security.reset_password": Guessable("link", _anybody),
    "security.recover_username": Guessable("reminder", _typed_account),
    "identity.accept": Guessable("link", _anybody),
}


def init_app(app: Flask) -> None:
    app.before_request(_own_pages_only)
    app.before_request(_second_step_in_time)
    app.before_request(_count)


def _count() -> None:
    guess = GUESSABLE.get(request.endpoint or "")
    if guess is None or request.method != "POST":
        return
    attempt = limits.note(guess.kind, account=guess.account(), address=request.remote_addr or "")
    transaction.checkpoint()
    try:
        limits.judge(attempt)
    finally:
        transaction.checkpoint()


def _second_step_in_time() -> None:
    """A right password opens the second step for a quarter of an hour."""
    if "tf_user_id" in session and clock.now().timestamp() - session.get("password_at", 0) > SECOND_STEP.total_seconds():
        tf_clean_session()  # type: ignore[no-untyped-call]  # the library's own, without types


def _own_pages_only() -> None:
    """The sign-in pages take forms, not JSON, and lead on to pages of the portal only."""
    if request.blueprint != "security":
        return
    if request.is_json:
        abort(415)
    for target in (request.args.get("next"), request.form.get("next")):
        if target and not own_path(target):
            abort(400)


def own_path(target: str) -> bool:
    """A path of this portal: browsers read '//', backslashes and control characters as the way to another host."""
    return (
        target.startswith("/") and not target.startswith("//") and "\\" not in target.partition("?")[0] and target.isprintable()
    )

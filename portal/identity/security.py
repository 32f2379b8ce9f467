"""Flask-Security wired to our own models, forms, pages and sessions."""

from typing import Any

from flask import redirect, request, url_for
from flask_login import current_user
from flask_security import RoleMixin, Security, SQLAlchemyUserDatastore
from werkzeug import Response

from portal import gates
from portal.extensions import db
from portal.gates import Gate
from portal.identity import attempts, forms, happenings, loader, rendering, second_factor_forms, second_factors
from portal.identity.options import flask_options
from portal.identity.passwords import Rules, Unhurried
from portal.models.people import User, WebAuthn
from portal.web import Portal

CHEAP = {"argon2__time_cost": 1, "argon2__memory_cost": 8, "argon2__parallelism": 1}
ENDPOINTS = {
    Gate.PUBLIC: (
        "login",
        "logout",
        "forgot_password",
        "reset_password",
        "recover_username",
        "tf_select",
        "two_factor_token_validation",
        "mf_recovery",
        "wan_signin",
        "wan_signin_response",
    ),
    Gate.SIGNED_IN: (
        "verify",
        "change_password",
        "mf_recovery_codes",
        "wan_register",
        "wan_register_response",
        "wan_delete",
        "wan_verify",
        "wan_verify_response",
    ),
}
"""The library's pages that we use; all others are refused as pages without a gate."""
SETTING_UP = (
    "identity.security",
    "identity.second_factor",
    "identity.authenticator",
    "identity.set_up_authenticator",
    "security.verify",
    "security.wan_register",
    "security.wan_register_response",
)
"""What staff may open before they have a second factor."""
FORMS: dict[str, Any] = {
    "login_form": forms.SignInForm,
    "verify_form": forms.AgainForm,
    "forgot_password_form": forms.ForgottenPasswordForm,
    "username_recovery_form": forms.MailForm,
    "reset_password_form": forms.ResetForm,
    "change_password_form": forms.ChangeForm,
    "two_factor_select_form": second_factor_forms.WhichForm,
    "two_factor_rescue_form": second_factor_forms.HelpForm,
    "wan_register_form": second_factor_forms.NewPasskeyForm,
    "wan_signin_response_form": second_factor_forms.PasskeyForm,
    "wan_register_response_form": second_factor_forms.NewPasskeyAnswerForm,
}


class People(SQLAlchemyUserDatastore):
    """Our own tables; there are no roles of the library's kind."""

    def __init__(self) -> None:
        super().__init__(db, User, RoleMixin, WebAuthn)


def init_app(app: Portal) -> None:
    app.config.from_mapping(flask_options(), **_secrets(app))
    security = Security(
        render_template=rendering.render,
        mail_util_cls=rendering.Outbox,
        password_util_cls=Rules,
        totp_cls=second_factors.AuthenticatorApp,
        mf_recovery_codes_util_cls=second_factors.RecoveryCodes,
        webauthn_util_cls=second_factors.Passkeys,
    )
    security.init_app(app, People(), **FORMS)
    security.want_json(lambda _: False)
    app.before_request_funcs[None].remove(security.principal._on_before_request)  # noqa: SLF001 - rights come from gates.py, and this would read them twice
    security.pwd_context = Unhurried(security.pwd_context)
    for part in (loader, attempts, happenings):
        part.init_app(app)
    app.before_request(_second_step_is_past)
    gates.SETTING_UP.update(SETTING_UP)
    gates.LIBRARY.update({f"security.{name}": gate for gate, names in ENDPOINTS.items() for name in names})


def _second_step_is_past() -> Response | None:
    """The library would sign out whoever opens the second step of signing in and is signed in, even by a link."""
    if request.endpoint != "security.two_factor_token_validation" or not current_user.is_authenticated:
        return None
    return redirect(url_for("home.show"), 303)


def _secrets(app: Portal) -> dict[str, Any]:
    """Secrets of authenticator apps are encrypted with a key made from the vault's first one."""
    keys = [key.strip() for key in app.settings.secret("encryption_keys").split(",")]
    return {
        "SECURITY_PASSWORD_SALT": app.settings.secret("secret_key"),
        "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": CHEAP if app.settings.cheap_passwords else {},
        "SECURITY_TOTP_SECRETS": second_factors.named(keys),
        "PERMANENT_SESSION_LIFETIME": 30 * 24 * 3600,
    }

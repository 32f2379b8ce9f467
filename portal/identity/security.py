"""Flask-Security wired to our own models, sessions and pages."""

from typing import Any

from flask_security import RoleMixin, Security, SQLAlchemyUserDatastore

from portal.extensions import db
from portal.models.people import User, WebAuthn
from portal.web import Portal

security = Security()
OPTIONS: dict[str, Any] = {
    "SECURITY_PASSWORD_HASH": "argon2",
    "SECURITY_PASSWORD_SINGLE_HASH": True,
    "SECURITY_PASSWORD_LENGTH_MIN": 12,
    "SECURITY_LOGIN_URL": "/sign-in",
    "SECURITY_LOGOUT_URL": "/sign-out",
    "SECURITY_LOGOUT_METHODS": ["POST"],
    "SECURITY_RETURN_GENERIC_RESPONSES": True,
    "SECURITY_REGISTERABLE": False,
    "SECURITY_SEND_REGISTER_EMAIL": False,
}


def init_app(app: Portal) -> None:
    app.config.from_mapping(OPTIONS)
    app.config["SECURITY_PASSWORD_SALT"] = app.settings.secret("secret_key")
    if app.settings.cheap_passwords:
        app.config["SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS"] = {
            "argon2__time_cost": 1,
            "argon2__memory_cost": 8,
            "argon2__parallelism": 1,
        }
    security.init_app(app, SQLAlchemyUserDatastore(db, User, RoleMixin, WebAuthn))

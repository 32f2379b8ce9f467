"""Flask-Security's forms of the second step and of passkeys, where ours are stricter."""

from typing import Any

from flask import session
from flask_security import Form, WebAuthnRegisterForm, WebAuthnRegisterResponseForm, WebAuthnSigninResponseForm
from wtforms import HiddenField, StringField

from portal.models.people import User


class WhichForm(Form):
    """Which second step, for those who set up both."""

    which: Any = StringField()
    user: User | None = None

    def validate(self, **_: Any) -> bool:
        if self.which.data in dict(self.which.choices):
            return True
        self.which.errors = ["Choose one of the two."]
        return False


class HelpForm(Form):
    """The library offers help here that we do not give; its page wants the form all the same."""

    help_setup: Any = StringField()
    user: User | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.help_setup.choices = []


class NewPasskeyForm(WebAuthnRegisterForm):
    """A name is all that is asked; every passkey is kept as one for the second step, and may also open the door alone."""

    usage: Any = HiddenField(default="secondary")

    def validate(self, **kwargs: Any) -> bool:
        self.usage.data = "secondary"
        return bool(super().validate(**kwargs))


class NewPasskeyAnswerForm(WebAuthnRegisterResponseForm):
    """What the browser made; it counts once, and only in the browser that was asked."""

    def validate(self, **kwargs: Any) -> bool:
        accepted = _asked_here(self) and bool(super().validate(**kwargs))
        self.extensions = ""  # whatever the browser adds is of no use here, and of any length
        return accepted


class PasskeyForm(WebAuthnSigninResponseForm):
    """A passkey shown: as the second step it must be of the person who gave the password; alone it must have checked its owner."""

    user: Any

    def validate(self, **kwargs: Any) -> bool:
        alone, second = not (self.is_secondary or self.is_verify), self.is_secondary
        self.is_secondary = not self.is_verify
        if not _asked_here(self) or not super().validate(**kwargs):
            return False
        owed = session.get("tf_user_id") if second else self.user.fs_uniquifier
        if not self.user.active or self.user.fs_uniquifier != owed or (alone and not self.mf_check):
            self.credential.errors = ["This passkey does not open any account here."]
            return False
        return True


def _asked_here(form: Any) -> bool:
    if session.pop("passkey_challenge", None) == form.challenge:
        return True
    form.credential.errors = ["This took too long. Start again."]
    return False

"""Flask-Security's forms where ours ask for something else: an e-mail address or a username, and no hint of what exists."""

from typing import Any

from flask import request, session, url_for
from flask_login import current_user
from flask_security import Form, VerifyForm
from wtforms import BooleanField, HiddenField, PasswordField, StringField

from portal import clock
from portal.identity import accounts, limits, typed
from portal.identity.locking import lock
from portal.identity.passwords import Hashed, hashed, matches, problems
from portal.models.people import User

NO_MATCH = "This does not match any account. Check both and try again."


class SignInForm(Form):
    """One field for e-mail address or username; one answer for every reason why it does not fit."""

    email = StringField()
    password = PasswordField()
    remember = BooleanField()
    next = HiddenField()
    requires_confirmation = False
    user: User | None = None

    def validate(self, **_: Any) -> bool:
        found = accounts.find(self.email.data or "")
        kept = found.password if found and found.active else None
        if matches(self.password.data or "", kept) and found and found.active and found.password == kept:
            self.user = found
            self.next.data = self.next.data or request.args.get("next") or url_for("home.show")
            session["password_at"] = clock.now().timestamp()
            return True
        self.form_errors.append(NO_MATCH)
        return False


class AgainForm(VerifyForm):
    """The password once more, before something sensitive."""

    user: Any

    def validate(self, **_: Any) -> bool:
        if not matches(self.password.data or "", current_user.password):
            self.password.errors = ["This is not your password."]
            return False
        limits.forget(*accounts.names(self.user))
        return True


class MailForm(Form):
    """Where a link or a username is sent to; whether the address belongs to somebody stays between us and its mailbox."""

    email = StringField()
    requires_confirmation = False
    library_hashes = False
    user: User | None = None

    def validate(self, **_: Any) -> bool:
        wrong = typed.check_email(self.email.data or "")
        if wrong:
            self.form_errors.append(wrong)
            return False
        found = accounts.find(self.email.data or "")
        self.user = found if found and found.active else None
        if self.user or not self.library_hashes:
            matches("", None)  # both ways through this form take equally long
        return self.user is not None


class ForgottenPasswordForm(MailForm):
    """The same; but here the library itself makes a hash for accounts that do not exist."""

    library_hashes = True


class ResetForm(Form):
    """A new password, by the link of a mail; the link works once, even for two who click at the same moment."""

    password = PasswordField()
    password_confirm = PasswordField()
    user: User | None = None

    def validate(self, **_: Any) -> bool:
        user = self.user
        if user is None:
            return False
        before = user.fs_uniquifier
        if not _new_password(self.password, self.password_confirm, user):
            return False
        lock(user)
        if user.fs_uniquifier != before:
            self.form_errors.append("This link was used already. Ask for a new one.")
        return user.fs_uniquifier == before


class ChangeForm(Form):
    """The present password and the new one."""

    password = PasswordField()
    new_password = PasswordField()
    new_password_confirm = PasswordField()

    def validate(self, **_: Any) -> bool:
        me: User = current_user._get_current_object()  # noqa: SLF001 - Werkzeug's documented way to the object behind a proxy
        before = me.password
        if not matches(self.password.data or "", before):
            self.password.errors = ["This is not your password."]
            return False
        if self.password.data == self.new_password.data:
            self.new_password.errors = ["The new password is the old one. Choose another."]
            return False
        if not _new_password(self.new_password, self.new_password_confirm, me):
            return False
        lock(me)
        return me.password == before


def _new_password(field: PasswordField, again: PasswordField, user: User) -> bool:
    """Check a new password and hash it here, before the view opens the transaction that stores it."""
    typed_words = field.data or ""
    wrong = problems(typed_words, about=(user.name, user.username, user.email))
    if wrong:
        field.errors = wrong
    elif typed_words != (again.data or ""):
        again.errors = ["The two passwords differ. Type the same one twice."]
    else:
        field.data = Hashed(hashed(typed_words))
    return isinstance(field.data, Hashed)

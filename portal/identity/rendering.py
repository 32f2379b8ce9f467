"""How Flask-Security's answers leave: our pages with an honest status, our mails through the outbox."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask_security import MailUtil
from wtforms import Form

from portal import mail
from portal.identity.options import OPTIONS
from portal.models.people import User

SENT = frozenset({"security.forgot_password", "security.recover_username"})
"""Nothing more to do there once the form is taken."""
MAILS = {
    "security/email/reset_instructions": ("identity_reset", "Choose a new password"),
    "security/email/reset_notice": ("identity_changed", "Your password was changed"),
    "security/email/change_notice": ("identity_changed", "Your password was changed"),
    "security/email/username_recovery": ("identity_username", "Your username"),
}


def render(template: str, **words: Any) -> Any:
    """A page of the library: 422 when a form in it was refused. Its mails are rendered later, by ours."""
    if template.startswith("security/email/"):
        return ""
    problems = [pair for form in words.values() if isinstance(form, Form) for pair in _problems(form)]
    if request.method == "POST" and request.endpoint in SENT and not problems:
        return redirect(url_for("security.login"))  # to the letter as the library answers for accounts that exist
    page = render_template(template, problems=problems, **words)
    return (page, 422) if problems and request.method == "POST" else page


def _problems(form: Form) -> list[tuple[str, str]]:
    """Pairs of a field's id and what is wrong there, as the error summary takes them; an empty id for the form as a whole."""
    return [(form[name].id if name else "", str(words)) for name, errors in form.errors.items() for words in errors]


class Outbox(MailUtil):
    """Mails of the library become outbox rows in the same transaction."""

    def send_mail(self, template: str, *_: Any, **words: Any) -> None:
        ours, subject = MAILS[template]
        user: User = words["user"]
        reset_token = words.get("reset_token")
        link = mail.link("security.reset_password", token=reset_token) if reset_token else mail.link("security.login")
        hours = int(OPTIONS["RESET_PASSWORD_WITHIN"].total_seconds() // 3600)
        to = mail.Recipient(user.email, user.name, user.time_zone)
        mail.send(ours, to=[to], subject=subject, url=link, hours=hours, username=user.username)

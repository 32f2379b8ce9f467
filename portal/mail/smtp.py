"""Mails to a mail server, with time limits; a refusal for good is told apart from trouble that passes."""

import ssl
from contextlib import closing, suppress
from email.message import EmailMessage
from smtplib import SMTP, SMTP_SSL, SMTPDataError, SMTPException, SMTPRecipientsRefused, SMTPSenderRefused

from portal.config import Settings
from portal.outbox import Job, Undeliverable

SECONDS = 20.0
"""For each answer of the mail server."""
TLS_FROM_THE_START = 465


def put(message: EmailMessage, _: Job, settings: Settings) -> None:
    """Raises Undeliverable when the server refuses this mail for good (5xx), other errors when another try may do."""
    with closing(_connect(settings.smtp_host, settings.smtp_port)) as server:
        _introduce(server, settings)
        _send(server, message)
        with suppress(SMTPException, OSError):
            server.quit()  # the mail is taken already; how the goodbye goes no longer matters


def _connect(host: str, port: int) -> SMTP:
    if port == TLS_FROM_THE_START:
        return SMTP_SSL(host, port, timeout=SECONDS, context=ssl.create_default_context())
    return SMTP(host, port, timeout=SECONDS)


def _introduce(server: SMTP, settings: Settings) -> None:
    if settings.smtp_tls and not isinstance(server, SMTP_SSL):
        server.starttls(context=ssl.create_default_context())
    if settings.smtp_user:
        server.login(settings.smtp_user, settings.smtp_password.get_secret_value())


def _send(server: SMTP, message: EmailMessage) -> None:
    try:
        server.send_message(message)
    except SMTPRecipientsRefused as refused:
        _give_up_on(*next(iter(refused.recipients.values())))
        raise
    except (SMTPDataError, SMTPSenderRefused) as refused:
        _give_up_on(refused.smtp_code, refused.smtp_error)
        raise


def _give_up_on(code: int, words: bytes | str) -> None:
    """Raise Undeliverable for a code that says "never"."""
    if code >= 500:
        said = words.decode(errors="replace") if isinstance(words, bytes) else words
        raise Undeliverable(f"The mail server refused it: {code} {said}")

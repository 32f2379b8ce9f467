"""Mails to a mail server, with time limits; a refusal for good is told apart from trouble that passes."""

import ssl
from email.message import EmailMessage
from smtplib import SMTP, SMTP_SSL, SMTPDataError, SMTPRecipientsRefused, SMTPSenderRefused

from portal.config import Settings
from portal.outbox import Job, Undeliverable

SECONDS = 20.0
"""For each answer of the mail server."""
TLS_FROM_THE_START = 465


def put(message: EmailMessage, job: Job, settings: Settings) -> None:
    """Raises Undeliverable when the server refuses this mail for good (5xx), other errors when another try may do."""
    try:
        with _connect(settings) as server:
            server.send_message(message)
    except SMTPRecipientsRefused as refused:
        code, words = next(iter(refused.recipients.values()))
        _refused(code, words)
        raise
    except (SMTPDataError, SMTPSenderRefused) as refused:
        _refused(refused.smtp_code, refused.smtp_error)
        raise


def _connect(settings: Settings) -> SMTP:
    kind = SMTP_SSL if settings.smtp_port == TLS_FROM_THE_START else SMTP
    server = kind(settings.smtp_host, settings.smtp_port, timeout=SECONDS)
    if settings.smtp_tls and kind is SMTP:
        server.starttls(context=ssl.create_default_context())
    if settings.smtp_user:
        server.login(settings.smtp_user, settings.smtp_password.get_secret_value())
    return server


def _refused(code: int, words: bytes | str) -> None:
    if code >= 500:
        said = words.decode(errors="replace") if isinstance(words, bytes) else words
        raise Undeliverable(f"The mail server refused it: {code} {said}")

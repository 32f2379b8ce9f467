"""Builds the message of an outbox row and hands it to the transport: files in the instance folder, or a mail server."""

from email.message import EmailMessage
from email.policy import default
from email.utils import format_datetime, parseaddr

from portal.config import Settings
from portal.mail import files, smtp
from portal.mail.address import header
from portal.outbox import Job, Undeliverable

UNFOLDED = default.clone(max_line_length=998)
"""For headers that are addresses: a folded one would be encoded, and no program reads it then."""
TRANSPORTS = {"file": files.put, "smtp": smtp.put}


def deliver(job: Job, settings: Settings) -> None:
    """Send one mail. Raises Undeliverable when it can never arrive; anything else is worth another try."""
    TRANSPORTS[settings.mail_transport](_message(job, settings), job, settings)


def _message(job: Job, settings: Settings) -> EmailMessage:
    """The same row is the same message at every try: its id and date show a repeated delivery as one."""
    name, sender = parseaddr(settings.mail_sender)
    message = EmailMessage(policy=UNFOLDED if job.payload.get("headers") else default)
    try:
        message["From"] = header(sender, name)
        message["To"] = header(job.payload["to"], job.payload["name"])
        message["Subject"] = job.payload["subject"]
    except ValueError as error:
        raise Undeliverable(f"The mail cannot be addressed: {error}") from error
    message["Date"] = format_datetime(job.created_at)
    message["Message-ID"] = f"<{job.key}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    for header_name, value in job.payload.get("headers", {}).items():
        message[header_name] = value
    message.set_content(job.payload["text"])
    message.add_alternative(job.payload["html"], subtype="html")
    return message

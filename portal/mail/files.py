"""Mails as .eml files in the instance folder: how development and tests read them."""

import os
from email.message import EmailMessage
from pathlib import Path

from portal.config import Settings
from portal.outbox import Job


def folder(settings: Settings) -> Path:
    return settings.instance / "mail"


def put(message: EmailMessage, job: Job, settings: Settings) -> None:
    """Written aside and renamed, so that no reader sees half a mail; a repeated delivery replaces the same file."""
    target = folder(settings) / f"{job.created_at:%Y%m%dT%H%M%S%f}-{job.id}.eml"
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    aside = target.with_suffix(f".{os.getpid()}-{job.attempt}")
    with aside.open("wb") as file:
        file.write(message.as_bytes())
        file.flush()
        os.fsync(file.fileno())
    aside.replace(target)

"""Reads the mails that the file transport wrote."""

import re
from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from hashlib import sha256
from itertools import islice
from pathlib import Path

NAME = re.compile(r"[0-9]{8}T[0-9]{12}-[0-9]+\.eml")
LINK = re.compile(r"(https?://[^\s<>\"]*[^\s<>\".,;:!?)])")
STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
LATEST = 200


@dataclass(frozen=True, slots=True)
class Message:
    """One mail. `text` is in pieces: every second one is a link."""

    name: str
    to: str
    subject: str
    at: datetime
    text: tuple[str, ...]
    html: str

    @property
    def links(self) -> tuple[str, ...]:
        return self.text[1::2]


def latest(folder: Path, *, to: str = "") -> list[Message]:
    """The newest mails, newest first; only those whose recipient contains `to`."""
    names = sorted((file.name for file in folder.glob("*.eml")), reverse=True)
    found = (read(folder, name) for name in names)
    return list(islice((mail for mail in found if mail and to.casefold() in mail.to.casefold()), LATEST))


def read(folder: Path, name: str) -> Message | None:
    """One mail by its file's name; None when there is none."""
    file = folder / name
    if not NAME.fullmatch(name) or not file.is_file():
        return None
    mail = message_from_bytes(file.read_bytes(), policy=policy.default)
    pieces = tuple(LINK.split(_part(mail, "plain")))
    at = parsedate_to_datetime(mail["Date"])
    return Message(name, str(mail["To"]), str(mail["Subject"]), at, pieces, _part(mail, "html"))


def _part(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    return str(part.get_content()).replace("\r\n", "\n") if part else ""


def policy_of(html: str) -> str:
    """A content security policy under which a mail shows nothing but itself: its own styles, by their hash."""
    styles = (f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" for text in STYLE.findall(html))
    return f"default-src 'none'; style-src {' '.join(styles)}; sandbox allow-top-navigation-by-user-activation"

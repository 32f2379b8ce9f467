"""Who gets a mail, and making sure that nothing typed can become a header of its own."""

import unicodedata
from dataclasses import dataclass
from email.headerregistry import Address

from email_validator import EmailNotValidError, validate_email


@dataclass(frozen=True, slots=True)
class Recipient:
    """One person; `zone` is the time zone in which the mail tells times.

    `user_id` of somebody with an account, whose choices then count; `partner_id` of somebody in a partner's team.
    """

    email: str
    name: str = ""
    zone: str = "Europe/London"
    user_id: int | None = None
    partner_id: int | None = None


def one_line(text: str) -> str:
    """Without line breaks, control and direction characters: fit for a header."""
    printable = (" " if unicodedata.category(sign) in ("Cc", "Cf", "Zl", "Zp") else sign for sign in text)
    return " ".join("".join(printable).split())


def deliverable(email: str) -> str | None:
    """The address in the form that a mail server takes, or None when it is none."""
    try:
        checked = validate_email(email, check_deliverability=False)
    except EmailNotValidError:
        return None
    return checked.ascii_email or checked.normalized


def header(email: str, name: str) -> Address:
    """An address for a header. Raises ValueError when it is none."""
    plain = deliverable(email)
    if plain is None:
        raise ValueError(f"{email!r} is no e-mail address")
    return Address(display_name=one_line(name), addr_spec=plain)

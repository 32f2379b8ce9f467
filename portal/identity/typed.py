"""What people type about themselves, cleaned: one line without control characters, of a bounded length."""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from zoneinfo import available_timezones

from email_validator import EmailNotValidError, validate_email

from portal.refusals import Invalid

USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,62}[a-z0-9]")
NAME, EMAIL = 120, 254


def one_line(text: str) -> str:
    """Spaces squeezed; control characters and those that turn the direction of writing are gone."""
    kept = (
        " " if char.isspace() else char for char in text if char.isspace() or unicodedata.category(char) not in ("Cc", "Cs")
    )
    return " ".join(
        "".join(char for char in kept if char not in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069").split()
    )


def identity(text: str) -> str:
    """An address or a username as it is stored; empty when it can be neither."""
    line = one_line(text)
    return line.casefold() if len(line) <= EMAIL else ""


def check_name(text: str) -> str | None:
    line = one_line(text)
    if not line:
        return "Enter a name."
    return f"Use at most {NAME} characters for the name." if len(line) > NAME else None


def check_email(text: str) -> str | None:
    try:
        validate_email(identity(text), check_deliverability=False)
    except EmailNotValidError:
        return "Enter an e-mail address, such as name@example.com."
    return None


def check_username(text: str) -> str | None:
    if USERNAME.fullmatch(identity(text)):
        return None
    return "Use 3 to 64 characters for the username: letters a to z, numbers, dots, hyphens and underscores."


def check_zone(text: str) -> str | None:
    return None if text in dict(zones()) else "Choose a time zone from the list."


@lru_cache(maxsize=1)
def zones() -> tuple[tuple[str, str], ...]:
    """Time zones to choose from: names and words."""
    return tuple((zone, zone.replace("_", " ")) for zone in sorted(available_timezones()) if "/" in zone and "Etc/" not in zone)


def refuse(problems: Mapping[str, Any]) -> None:
    """Raises Invalid with the problems that there are, by field."""
    found = {field: words for field, words in problems.items() if words}
    if found:
        raise Invalid(found)

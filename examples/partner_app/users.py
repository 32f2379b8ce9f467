"""Who is using your product. This stands for your own sign-in: here every browser is one business with sample details."""

import secrets
from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class User:
    """What your product knows about the business already; GoCardless's forms are filled in with it."""

    id: str
    email: str
    given_name: str = "Ada"
    family_name: str = "Baker"
    organisation_name: str = "Baker's Bicycles"
    country_code: str = "GB"


def current(session: MutableMapping[str, Any]) -> User:
    key = session.setdefault("user_id", secrets.token_hex(8))
    return User(key, f"ada.{key}@example.com")

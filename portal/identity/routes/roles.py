"""Roles as a form posts them."""

from enum import StrEnum
from typing import TypeVar

from portal.refusals import Invalid

Role = TypeVar("Role", bound=StrEnum)


def role_named(roles: type[Role], code: str) -> Role:
    """Raises Invalid for a code that is none of these."""
    try:
        return roles(code)
    except ValueError:
        raise Invalid({"role": "Choose a role from the list."}) from None

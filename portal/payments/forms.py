"""The form of a billing request run: from what was typed to what is wanted, or to the problems with it."""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from urllib.parse import urlsplit

from portal.payments.choices import INSTANT, PAYER, SCHEMES, Ask
from portal.payments.service import Wanted
from portal.refusals import Invalid

MOST = 1_000_000
"""In major units: what no test needs more of."""
LONGEST = {"description": 200, "email": 250, "redirect_uri": 2000, "exit_uri": 2000}
LENGTH = 100
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
Typed = Mapping[str, str]


def beginning(returns: str) -> dict[str, str]:
    """What the form holds before anybody typed; `returns` is our own page for payers who come back."""
    return {
        "connection": "",
        "ask": Ask.MANDATE.value,
        "scheme": "bacs",
        "amount": "10.00",
        "description": "Test payment",
        **PAYER,
        "redirect_uri": returns,
        "exit_uri": f"{returns}?outcome=left",
    }


def typed(posted: Mapping[str, str], returns: str) -> dict[str, str]:
    """Every field as it was typed; what is missing counts as empty."""
    return {name: posted.get(name, "").replace("\0", "").strip() for name in beginning(returns)}


def wanted(values: Typed) -> Wanted:
    """Raises Invalid with a problem for each field."""
    problems = dict(_problems(values))
    amount = None
    try:
        amount = minor_units(values["amount"])
    except ValueError as error:
        problems["amount"] = str(error)
    problems |= {} if problems else _together(values, amount or 0)
    if problems:
        raise Invalid(problems)
    return Wanted(
        ask=Ask(values["ask"]),
        scheme=values["scheme"],
        amount=amount or 0,
        description=values["description"],
        customer={name: values[name] for name in PAYER},
        redirect_uri=values["redirect_uri"],
        exit_uri=values["exit_uri"],
    )


def minor_units(text: str) -> int:
    """Of an amount such as 12.50; nothing typed is 0. Raises ValueError with words for the person."""
    try:
        amount = Decimal(text.replace(",", ".") or "0")
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount < 0 or amount != amount.quantize(Decimal("0.01")):
        raise ValueError("Write an amount such as 12.50.")
    if amount > MOST:
        raise ValueError("That is more than a test needs: at most 1,000,000.")
    return int(amount * 100)


def _problems(values: Typed) -> list[tuple[str, str]]:
    checks = (
        ("ask", values["ask"] in set(Ask), "Choose what the payer is asked for."),
        ("scheme", values["scheme"] in SCHEMES, "Choose one of the schemes."),
        ("description", bool(values["description"]), "Say what the payment is for; payers read it."),
        ("email", not values["email"] or bool(EMAIL.fullmatch(values["email"])), "Write an address such as name@example.com."),
        ("redirect_uri", _is_address(values["redirect_uri"]), "Write an address that begins with https:// or http://."),
        ("exit_uri", _is_address(values["exit_uri"]), "Write an address that begins with https:// or http://."),
    )
    long = [(name, f"At most {_most(name)} characters.") for name, value in values.items() if len(value) > _most(name)]
    return [(name, words) for name, fine, words in checks if not fine] + long


def _most(name: str) -> int:
    return LONGEST.get(name, LENGTH)


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and text.isprintable() and " " not in text


def _together(values: Typed, amount: int) -> dict[str, str]:
    """What each field alone cannot know."""
    instant = values["ask"] != Ask.MANDATE
    if instant and SCHEMES[values["scheme"]].currency not in INSTANT:
        return {"scheme": "Instant payments are in pounds and euros: choose Bacs or SEPA Core, or ask for a mandate only."}
    return {"amount": "Say how much the payer pays."} if instant and not amount else {}

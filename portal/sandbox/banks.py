"""Bank details: which fields each country asks for, what is wrong with them, and what can be read off them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal.sandbox.ids import hashed
from portal.sandbox.schemes import EURO_COUNTRIES, currency_of

Json = dict[str, Any]
DETAILS = (
    "account_number",
    "account_number_suffix",
    "bank_code",
    "branch_code",
    "country_code",
    "iban",
    "account_type",
    "currency",
)
KNOWN_BANKS = {
    "GB20": "BARCLAYS BANK PLC",
    "GB60": "NATWEST BANK PLC",
    "FR20041": "LA BANQUE POSTALE",
    "DE37040044": "COMMERZBANK",
}


@dataclass(frozen=True)
class Account:
    """A bank account as the sandbox understands it."""

    country: str
    currency: str
    scheme: str
    bank_name: str
    ending: str
    fingerprint: str
    branch_ending: str | None = None


@dataclass(frozen=True)
class Part:
    """One local field: how many digits, and the width it is padded to on the left."""

    least: int
    most: int
    pad: int = 0


@dataclass(frozen=True)
class Local:
    """What a country's local details consist of, and the scheme that they lead to."""

    scheme: str
    parts: Mapping[str, Part]
    ending: int = 2


LOCAL: Mapping[str, Local] = {
    "GB": Local("bacs", {"branch_code": Part(6, 6), "account_number": Part(6, 8, 8)}),
    "US": Local("ach", {"bank_code": Part(9, 9), "account_number": Part(1, 17)}),
    "AU": Local("becs", {"branch_code": Part(6, 6), "account_number": Part(5, 9)}),
    "NZ": Local("becs_nz", {"bank_code": Part(2, 2), "branch_code": Part(4, 4), "account_number": Part(7, 10)}, ending=4),
    "CA": Local("pad", {"bank_code": Part(3, 4), "branch_code": Part(5, 5), "account_number": Part(7, 12)}),
    "SE": Local("autogiro", {"branch_code": Part(4, 5), "account_number": Part(1, 10)}),
    "DK": Local("betalingsservice", {"bank_code": Part(3, 4), "account_number": Part(1, 10)}),
}
IBAN_LENGTH = {
    "AD": 24,
    "AT": 20,
    "BE": 16,
    "CY": 28,
    "DE": 22,
    "DK": 18,
    "EE": 20,
    "ES": 24,
    "FI": 18,
    "FR": 27,
    "GB": 22,
    "GR": 27,
    "HR": 21,
    "IE": 22,
    "IT": 27,
    "LT": 20,
    "LU": 20,
    "LV": 21,
    "MC": 27,
    "MT": 31,
    "NL": 18,
    "PT": 25,
    "SI": 19,
    "SK": 24,
    "SM": 27,
}


class BadDetails(Exception):
    """Pairs of field and message."""

    def __init__(self, *faults: tuple[str, str]) -> None:
        self.faults = faults


def read(details: Json) -> Account:
    """The account behind IBAN or local details. Raises :class:`BadDetails`."""
    account = _from_iban(str(details["iban"])) if details.get("iban") else _from_local(details)
    if details.get("currency") and details["currency"] != account.currency:
        raise BadDetails(("currency", f"does not match the bank account, which is held in {account.currency}"))
    if account.country == "US" and details.get("account_type") not in ("checking", "savings"):
        raise BadDetails(("account_type", "must be checking or savings for US bank accounts"))
    return account


def _from_iban(iban: str) -> Account:
    plain = re.sub(r"[\s-]", "", iban).upper()
    country = plain[:2]
    if country == "SE":
        raise BadDetails(("iban", "is not accepted for Swedish accounts; send the local details"))
    if len(plain) != IBAN_LENGTH.get(country) or not plain.isalnum() or not plain.isascii():
        raise BadDetails(("iban", "is invalid"))
    if int("".join(str(int(c, 36)) for c in plain[4:] + plain[:4])) % 97 != 1:
        raise BadDetails(("iban", "did not pass modulus check"))
    scheme = LOCAL[country].scheme if country in LOCAL else "sepa_core"
    return _account(country, scheme, plain[4:], plain, 2)


def _from_local(details: Json) -> Account:
    country = str(details.get("country_code") or "").upper()
    if not country:
        raise BadDetails(("country_code", "is required with local bank details"))
    if country in EURO_COUNTRIES:
        raise BadDetails(("iban", "is required"))
    if country not in LOCAL:
        raise BadDetails(("country_code", "is not a country with direct debit"))
    local = LOCAL[country]
    values = _digits(local, _with_suffix(country, details))
    bank = "".join(values[name] for name in ("bank_code", "branch_code") if name in values)
    return _account(country, local.scheme, bank, values["account_number"], local.ending)


def _with_suffix(country: str, details: Json) -> Json:
    suffix = details.get("account_number_suffix")
    return (
        details | {"account_number": f"{details.get('account_number') or ''}{suffix}"}
        if country == "NZ" and suffix
        else details
    )


def _digits(local: Local, details: Json) -> dict[str, str]:
    values: dict[str, str] = {}
    faults = []
    for name, part in local.parts.items():
        plain = re.sub(r"[\s-]", "", str(details.get(name) or ""))
        if words := _fault(plain, part):
            faults.append((name, words))
        values[name] = plain.rjust(part.pad, "0")
    if faults:
        raise BadDetails(*faults)
    return values


def _fault(plain: str, part: Part) -> str:
    if not plain:
        return "is required"
    if not (plain.isascii() and plain.isdigit()):
        return "must be a number"
    if part.least <= len(plain) <= part.most:
        return ""
    return f"is the wrong length (should be {part.most} characters)"


def _account(country: str, scheme: str, bank: str, number: str, ending: int) -> Account:
    name = next((known for key, known in KNOWN_BANKS.items() if (country + bank).startswith(key)), "SANDBOX BANK")
    identity = hashed(f"{country}/{bank}/{number}")
    branch = bank[-2:] if country == "GB" else None
    return Account(country, currency_of(country), scheme, name, number[-ending:], identity, branch)

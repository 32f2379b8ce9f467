"""The payment schemes as data: currency, countries, working-day timelines and limits of each."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Scheme:
    """Days are working days of ``calendar``. ``new_days`` and ``active_days`` lead to the next possible charge date."""

    name: str
    currency: str
    calendar: str
    notice: int
    new_days: int
    active_days: int
    reference: int = 140
    reference_allowed: bool = True
    submit_lead: int = 1
    confirm_days: int = 2
    with_first_payment: bool = False
    dormant_months: int | None = None
    mandate_reference: str = ""
    identifier: str = ""
    name_limit: int = 70
    instant: bool = False


_TABLE = (
    Scheme("bacs", "GBP", "GB-ENG", 3, 4, 2, 10, submit_lead=2, dormant_months=13, identifier="275069", name_limit=18),
    Scheme(
        "sepa_core",
        "EUR",
        "ECB",
        3,
        3,
        2,
        140,
        with_first_payment=True,
        dormant_months=36,
        identifier="GB27ZZZSDDBARC0000007495895",
    ),
    Scheme("ach", "USD", "US", 1, 2, 2, 10, with_first_payment=True, dormant_months=15, identifier="00000000", name_limit=16),
    Scheme("autogiro", "SEK", "SE", 8, 8, 3, 11, identifier="3171634"),
    Scheme("betalingsservice", "DKK", "DK", 6, 6, 4, 30, dormant_months=15, identifier="09025677"),
    Scheme("becs", "AUD", "AU", 0, 2, 2, 30, with_first_payment=True, dormant_months=15, identifier="507881"),
    Scheme("becs_nz", "NZD", "NZ", 2, 2, 2, 12, with_first_payment=True, identifier="1220559"),
    Scheme("pad", "CAD", "CA", 3, 3, 2, 0, reference_allowed=False, identifier="2185310000"),
    Scheme("pay_to", "AUD", "AU", 0, 0, 0, 18, confirm_days=0, submit_lead=0, identifier="pay_to"),
    Scheme(
        "faster_payments",
        "GBP",
        "GB-ENG",
        0,
        0,
        0,
        18,
        reference_allowed=False,
        confirm_days=0,
        submit_lead=0,
        instant=True,
        identifier="faster_payments",
        name_limit=18,
    ),
    Scheme("sepa_credit_transfer", "EUR", "ECB", 0, 0, 0, 140, confirm_days=1, submit_lead=0, instant=True, identifier="sct"),
    Scheme(
        "sepa_instant_credit_transfer",
        "EUR",
        "ECB",
        0,
        0,
        0,
        140,
        confirm_days=0,
        submit_lead=0,
        instant=True,
        identifier="sct_inst",
    ),
)

SCHEMES: Mapping[str, Scheme] = {scheme.name: scheme for scheme in _TABLE}
DEBIT_SCHEMES = ("bacs", "sepa_core", "ach", "autogiro", "betalingsservice", "becs", "becs_nz", "pad", "pay_to")
BY_CURRENCY = {
    "GBP": "bacs",
    "EUR": "sepa_core",
    "USD": "ach",
    "SEK": "autogiro",
    "DKK": "betalingsservice",
    "AUD": "becs",
    "NZD": "becs_nz",
    "CAD": "pad",
}
INSTANT_BY_CURRENCY = {"GBP": "faster_payments", "EUR": "sepa_credit_transfer", "AUD": "pay_to"}
IDENTIFIER_SCHEMES = (
    "ach",
    "autogiro",
    "bacs",
    "becs",
    "becs_nz",
    "betalingsservice",
    "faster_payments",
    "pad",
    "pay_to",
    "sepa",
    "sepa_credit_transfer",
    "sepa_instant_credit_transfer",
)
EURO_COUNTRIES = frozenset(
    [
        "AD",
        "AT",
        "BE",
        "CY",
        "DE",
        "EE",
        "ES",
        "FI",
        "FR",
        "GR",
        "HR",
        "IE",
        "IT",
        "LT",
        "LU",
        "LV",
        "MC",
        "MT",
        "NL",
        "PT",
        "SI",
        "SK",
        "SM",
    ]
)
CURRENCY_OF = {"GB": "GBP", "US": "USD", "AU": "AUD", "NZ": "NZD", "CA": "CAD", "SE": "SEK", "DK": "DKK"}


def currency_of(country: str) -> str:
    """The currency in which accounts of this country are held."""
    return "EUR" if country in EURO_COUNTRIES else CURRENCY_OF.get(country, "EUR")


def scheme(name: str) -> Scheme:
    """The scheme by its name; scheme identifiers say ``sepa`` for ``sepa_core``."""
    return SCHEMES["sepa_core" if name == "sepa" else name]

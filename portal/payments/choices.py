"""What a billing request run can ask for: schemes with their test bank details, and the payer that the form begins with."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Ask(StrEnum):
    """What the payer is asked to agree to."""

    MANDATE = "mandate"
    PAYMENT = "payment"
    BOTH = "both"


ASKS: Mapping[Ask, tuple[str, str]] = {
    Ask.MANDATE: ("A mandate", "The payer allows Direct Debit; the amount is then collected with POST /payments."),
    Ask.PAYMENT: ("A one-off payment", "The payer pays at the bank now. Pounds and euros only."),
    Ask.BOTH: ("Both", "One visit: an instant payment now and a mandate for later. Pounds and euros only."),
}
INSTANT = frozenset({"GBP", "EUR"})
"""Currencies with instant bank payments (api-reference, Billing Requests, payment_request)."""


@dataclass(frozen=True, slots=True)
class Scheme:
    """A Direct Debit scheme and what to type on the hosted pages of a sandbox (developer.gocardless.com, test bank details)."""

    code: str
    name: str
    currency: str
    country: str
    account: tuple[tuple[str, str], ...]
    identity: tuple[tuple[str, str], ...] = ()
    """Fields of the customer that the scheme asks for, with test values."""


_LISTED = (
    Scheme("bacs", "Bacs", "GBP", "GB", (("Sort code", "200000"), ("Account number", "55779911"))),
    Scheme("sepa_core", "SEPA Core", "EUR", "DE", (("IBAN", "DE89370400440532013000"),)),
    Scheme(
        "ach", "ACH", "USD", "US", (("Routing number", "026073150"), ("Account number", "2715500356"), ("Type", "checking"))
    ),
    Scheme(
        "autogiro",
        "Autogiro",
        "SEK",
        "SE",
        (("Clearing number", "5491"), ("Account number", "0000003")),
        (("swedish_identity_number", "198112289874"),),
    ),
    Scheme("becs", "BECS", "AUD", "AU", (("BSB", "082-082"), ("Account number", "012345678"))),
    Scheme("becs_nz", "BECS NZ", "NZD", "NZ", (("Bank", "12"), ("Branch", "3113"), ("Account number", "0003869-00"))),
    Scheme(
        "betalingsservice",
        "Betalingsservice",
        "DKK",
        "DK",
        (("Registration number", "345"), ("Account number", "3179681")),
        (("danish_identity_number", "0101701234"),),
    ),
    Scheme("pad", "PAD", "CAD", "CA", (("Institution", "0003"), ("Transit number", "00006"), ("Account number", "1234567"))),
)
SCHEMES: Mapping[str, Scheme] = {one.code: one for one in _LISTED}
BANK = "mits"
"""Name and password at the test bank of the hosted pages."""

PAYER: Mapping[str, str] = {
    "given_name": "Frances",
    "family_name": "Osborne",
    "email": "frances.osborne@example.com",
    "address_line1": "27 Acer Road",
    "city": "London",
    "postal_code": "E8 3GX",
}
"""A payer to whom nothing special happens."""
PAYER_LABELS: Mapping[str, str] = {
    "given_name": "First name",
    "family_name": "Last name",
    "email": "Email address",
    "address_line1": "Address",
    "city": "Town or city",
    "postal_code": "Postcode",
}
MAGIC: tuple[tuple[str, str], ...] = (
    ("Successful", "the mandate is active at once, payments are paid out"),
    ("Penniless", "payments fail"),
    ("Fickle", "payments are paid out, then charged back"),
    ("Late", "payments are confirmed, then fail"),
    ("Invalid", "the mandate fails"),
    ("Expired", "the mandate expires"),
    ("Switching", "the payer moves to another bank"),
)
"""First names that a sandbox takes as an order (developer.gocardless.com, name-triggered scenarios)."""

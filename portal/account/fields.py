"""The fields of My Account, as data: what each asks, in which group, and what a good answer is (reference: certification.md §3.2)."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from zoneinfo import available_timezones

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from portal.catalog import Option, account_choices, schemes
from portal.catalog.nouns import Limits
from portal.catalog.typed import text, url

Value = str | list[str]


class Kind(StrEnum):
    LINE = "line"
    LONG = "long"
    URL = "url"
    EMAIL = "email"
    NUMBER = "number"
    ONE = "one"
    MANY = "many"


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    label: str
    kind: Kind
    group: str
    required: bool = True
    hint: str = ""
    limits: Limits = Limits(max_length=200)
    options: Callable[[], tuple[tuple[str, str], ...]] = tuple

    @property
    def several(self) -> bool:
        return self.kind is Kind.MANY


def _pairs(options: tuple[Option, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((option.code, option.words) for option in options)


@cache
def _zones() -> tuple[tuple[str, str], ...]:
    return tuple((zone, zone.replace("_", " ")) for zone in sorted(available_timezones()) if "/" in zone and "Etc/" not in zone)


@cache
def _schemes() -> tuple[tuple[str, str], ...]:
    return tuple((scheme.id, f"{scheme.name} ({scheme.currency})") for scheme in schemes())


@cache
def _currencies() -> tuple[tuple[str, str], ...]:
    return tuple((code, code) for code in sorted({scheme.currency for scheme in schemes()}))


def _list(name: str) -> Callable[[], tuple[tuple[str, str], ...]]:
    return lambda: _pairs(getattr(account_choices(), name))


COMPANY, PLATFORM, USERS, SCHEMES, MORE = (
    "Your company",
    "Your platform",
    "Your users",
    "Schemes (regions)",
    "Helpful, not needed",
)
GROUPS = (COMPANY, PLATFORM, USERS, SCHEMES, MORE)
FIELDS = (
    Field("legal_name", "Company legal name", Kind.LINE, COMPANY, hint="As it is registered."),
    Field("trading_name", "Trading name", Kind.LINE, COMPANY, hint="The name merchants know you by."),
    Field("website", "Website", Kind.URL, COMPANY),
    Field("head_office", "Head-office country", Kind.ONE, COMPANY, options=_list("sign_up_countries")),
    Field("time_zone", "Time zone", Kind.ONE, COMPANY, hint="Review dates are shown in it.", options=_zones),
    Field(
        "description",
        "Platform description",
        Kind.LONG,
        PLATFORM,
        hint="What your product does, and for whom: 50 to 1,000 characters. It becomes the first draft of your directory text.",
        limits=Limits(min_length=50, max_length=1000),
    ),
    Field("category", "Product category", Kind.ONE, PLATFORM, options=_list("categories")),
    Field("more_categories", "Further categories", Kind.MANY, PLATFORM, required=False, options=_list("categories")),
    Field("use_cases", "What your users collect with you", Kind.MANY, PLATFORM, options=_list("use_cases")),
    Field("user_types", "Who your users are", Kind.MANY, USERS, options=_list("user_types")),
    Field("user_sizes", "How large they are", Kind.MANY, USERS, options=_list("user_sizes")),
    Field("user_countries", "Where they are", Kind.MANY, USERS, options=_list("sign_up_countries")),
    Field("industries", "Their industries", Kind.MANY, USERS, required=False, options=_list("industries")),
    Field("users_today", "Users today", Kind.NUMBER, USERS, required=False),
    Field("users_next_year", "Users expected in 12 months", Kind.NUMBER, USERS, required=False),
    Field(
        "schemes",
        "Schemes your integration will cover",
        Kind.MANY,
        SCHEMES,
        hint="Choose every region you will launch in. Some Build questions depend on it.",
        options=_schemes,
    ),
    Field(
        "yearly_volume", "Estimated yearly volume", Kind.NUMBER, MORE, required=False, hint="Whole units of the currency below."
    ),
    Field("average_payment", "Average payment", Kind.NUMBER, MORE, required=False),
    Field("volume_currency", "Currency of these amounts", Kind.ONE, MORE, required=False, options=_currencies),
    Field("sandbox_app_id", "Partner app ID in sandbox", Kind.LINE, MORE, required=False, hint="Helps us find your account."),
    Field("live_app_id", "Partner app ID in live", Kind.LINE, MORE, required=False),
    Field(
        "sandbox_email", "E-mail of your sandbox account", Kind.EMAIL, MORE, required=False, hint="Needed to switch refunds on."
    ),
)
CONTACT_TEXTS = {
    "first_name": "First name",
    "last_name": "Last name",
    "email": "E-mail",
    "phone": "Phone",
    "job_title": "Job title",
}
MOST_CONTACTS = 20
MOST_TYPED = 20_000
"""Characters that a draft keeps of one field; far beyond every field's own limit."""


def problem(field: Field, value: Value) -> str:
    """Why the value does not do, in words; empty when it does. An unanswered optional field does."""
    if not value:
        return f"{_ask(field)}." if field.required else ""
    return _JUDGES[field.kind](field, value)


def _ask(field: Field) -> str:
    return f"{'Choose' if field.kind in (Kind.ONE, Kind.MANY) else 'Enter'} {field.label[0].lower()}{field.label[1:]}"


def _typed(field: Field, value: Value) -> str:
    return " ".join(text(str(value), field.limits)[1])


def _chosen(field: Field, value: Value) -> str:
    offered = {code for code, _ in field.options()}
    return "" if set(value if isinstance(value, list) else [value]) <= offered else "Choose from the list."


def _number(_: Field, value: Value) -> str:
    plain = re.sub(r"[ ,._]", "", str(value))
    return "" if plain.isascii() and plain.isdigit() and len(plain) <= 15 else "Enter a whole number, such as 1200."


def email_problem(address: str) -> str:
    """Why this is no e-mail address; nothing is looked up in the network."""
    try:
        validate_email(address, check_deliverability=False)
    except EmailNotValidError:
        return "Enter an e-mail address in the form name@example.com."
    return ""


def phone_problem(number: str, region: str) -> str:
    """Why this is no phone number; without +country it is read as one of `region`."""
    try:
        known = phonenumbers.is_possible_number(phonenumbers.parse(number, region or None))
    except phonenumbers.NumberParseException:
        known = False
    return "" if known else "Enter a phone number with its country code, such as +44 20 7183 8674."


_JUDGES: dict[Kind, Callable[[Field, Value], str]] = {
    Kind.LINE: _typed,
    Kind.LONG: _typed,
    Kind.URL: lambda field, value: " ".join(url(str(value), field.limits)[1]),
    Kind.EMAIL: lambda _, value: email_problem(str(value)),
    Kind.NUMBER: _number,
    Kind.ONE: _chosen,
    Kind.MANY: _chosen,
}

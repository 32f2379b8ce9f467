"""The form of a merchant lead, as data (reference: certification.md §5.3)."""

from portal.account.fields import Field, Kind, problem
from portal.catalog import account_choices, schemes
from portal.catalog.nouns import Limits

CONTACT, BUSINESS, SIZE = "Contact details", "Business", "Size of the opportunity"
GROUPS = (CONTACT, BUSINESS, SIZE)
YES = "y"
METHODS = (("email", "E-mail"), ("phone", "Phone"), ("video", "Video call"))
BANDS = (("1", "1 to 9"), ("10", "10 to 49"), ("50", "50 to 249"), ("250", "250 and more"))
ACCOUNT = (("yes", "Yes"), ("no", "No"), ("unknown", "I do not know"))
COLLECTS = (
    ("one_off", "One-off payments"),
    ("subscription", "Subscriptions"),
    ("instalment", "Instalments"),
    ("mixed", "A mix"),
)
PAYS = (
    ("direct_debit", "Direct Debit"),
    ("card", "Cards"),
    ("transfer", "Bank transfer"),
    ("cash", "Cash or cheque"),
    ("other", "Other"),
)
PRODUCTS = (
    ("pay_by_bank", "Pay by Bank"),
    ("success_plus", "Success+"),
    ("protect_plus", "Protect+"),
    ("outbound", "Outbound payments"),
    ("custom_pages", "Custom payment pages"),
)


def _of(name: str) -> tuple[tuple[str, str], ...]:
    return tuple((option.code, option.words) for option in getattr(account_choices(), name))


def _currencies() -> tuple[tuple[str, str], ...]:
    return tuple((code, code) for code in sorted({scheme.currency for scheme in schemes()}))


def _schemes() -> tuple[tuple[str, str], ...]:
    return tuple((scheme.id, f"{scheme.name} ({scheme.currency})") for scheme in schemes())


FIELDS = (
    Field("first_name", "First name", Kind.LINE, CONTACT, required=False, limits=Limits(max_length=40)),
    Field("last_name", "Last name", Kind.LINE, CONTACT, limits=Limits(max_length=80)),
    Field("job_title", "Job title", Kind.LINE, CONTACT, required=False, limits=Limits(max_length=120)),
    Field("email", "E-mail", Kind.EMAIL, CONTACT),
    Field("phone", "Phone", Kind.LINE, CONTACT, required=False, limits=Limits(max_length=40)),
    Field("contact_by", "Best way to reach them", Kind.ONE, CONTACT, required=False, options=lambda: METHODS),
    Field("language", "Language they prefer", Kind.LINE, CONTACT, required=False, limits=Limits(max_length=40)),
    Field(
        "consent", "They know that GoCardless will contact them", Kind.ONE, CONTACT, options=lambda: ((YES, "Yes, they know"),),
        hint="We may only write to people who were told.",
    ),
    Field("company", "Company name", Kind.LINE, BUSINESS, limits=Limits(max_length=255)),
    Field("website", "Website", Kind.URL, BUSINESS, required=False),
    Field("country", "Country", Kind.ONE, BUSINESS, options=lambda: _of("countries")),
    Field("city", "City", Kind.LINE, BUSINESS, required=False, limits=Limits(max_length=120)),
    Field("company_number", "Company number", Kind.LINE, BUSINESS, required=False, limits=Limits(max_length=60)),
    Field("industry", "Industry", Kind.ONE, BUSINESS, options=lambda: _of("industries")),
    Field("business_type", "Type of business", Kind.ONE, BUSINESS, required=False, options=lambda: _of("user_types")),
    Field("employees", "Employees", Kind.ONE, BUSINESS, required=False, options=lambda: BANDS),
    Field("description", "What the business does", Kind.LONG, BUSINESS, limits=Limits(max_length=2000)),
    Field("pays_today", "How they are paid today", Kind.MANY, BUSINESS, required=False, options=lambda: PAYS),
    Field("provider", "Their provider today", Kind.LINE, BUSINESS, required=False, limits=Limits(max_length=120)),
    Field("has_account", "Do they have a GoCardless account?", Kind.ONE, BUSINESS, options=lambda: ACCOUNT),
    Field("schemes", "Schemes they would collect with", Kind.MANY, SIZE, options=_schemes),
    Field("payments", "Payments a month", Kind.NUMBER, SIZE),
    Field("currency", "Currency", Kind.ONE, SIZE, options=_currencies),
    Field("average", "Average payment", Kind.NUMBER, SIZE, hint="In whole units of the currency."),
    Field(
        "volume", "Estimated yearly volume", Kind.NUMBER, SIZE, required=False,
        hint="Left empty, it is reckoned: payments a month × average × 12.",
    ),
    Field("collects", "What they collect", Kind.ONE, SIZE, required=False, options=lambda: COLLECTS),
    Field(
        "expected", "When they want to start", Kind.LINE, SIZE, required=False, hint="For example March 2027.",
        limits=Limits(max_length=60),
    ),
    Field("products", "What interests them", Kind.MANY, SIZE, required=False, options=lambda: PRODUCTS),
    Field("notes", "Anything else", Kind.LONG, SIZE, required=False, limits=Limits(max_length=4000)),
)  # fmt: skip
Values = dict[str, str | list[str]]


def problems(values: Values) -> dict[str, str]:
    """What keeps a lead from being sent, by field."""
    found = {field.name: problem(field, values.get(field.name, [] if field.several else "")) for field in FIELDS}
    return {name: words for name, words in found.items() if words}


def words(field: Field, value: str | list[str]) -> str:
    """A stored value as a person reads it; a code that is no longer offered stays as it is."""
    offered = dict(field.options())
    if isinstance(value, list):
        return ", ".join(offered.get(code, code) for code in value)
    return offered.get(value, value)

"""The texts of a listing, as data: what each asks and what a good answer is (reference: certification.md §4.5)."""

from functools import cache

from babel import Locale

from portal.account.fields import Field, Kind
from portal.account.fields import problem as plain_problem
from portal.catalog import account_choices, schemes
from portal.catalog.nouns import Limits
from portal.launch.features import CODES as FEATURE_CODES

Options = tuple[tuple[str, str], ...]
HTTPS = Limits(max_length=500, https_only=True)
MORE_CATEGORIES = 2

LANGUAGE_CODES = ("en", "cy", "da", "de", "es", "fi", "fr", "it", "nb", "nl", "pl", "pt", "sv")


@cache
def _schemes() -> Options:
    return tuple((scheme.id, scheme.name) for scheme in schemes())


@cache
def languages() -> Options:
    """The languages of the countries in which merchants can sign up, and Polish."""
    names = Locale("en", "GB").languages
    return tuple((code, str(names[code])) for code in LANGUAGE_CODES)


def _categories() -> Options:
    return tuple((option.code, option.words) for option in account_choices().categories)


def _countries() -> Options:
    return tuple((option.code, option.words) for option in account_choices().sign_up_countries)


def _sizes() -> Options:
    return tuple((option.code, option.words) for option in account_choices().user_sizes)


def _industries() -> Options:
    return tuple((option.code, option.words) for option in account_choices().industries)


TEXTS, FINDING, LINKS = "What merchants read", "How merchants find you", "Where merchants go next"
GROUPS = (TEXTS, FINDING, LINKS)
FIELDS = (
    Field(
        "name",
        "Listing name",
        Kind.LINE,
        TEXTS,
        hint="Up to 60 characters: the name that merchants know.",
        limits=Limits(max_length=60),
    ),
    Field(
        "summary",
        "In one sentence",
        Kind.LINE,
        TEXTS,
        hint="Up to 140 characters, shown on your card in the directory: what merchants can do with it.",
        limits=Limits(min_length=20, max_length=140),
    ),
    Field(
        "description",
        "Description",
        Kind.LONG,
        TEXTS,
        hint="50 to 1,500 characters for your own page. Say what it does, for whom, and how it saves work. Leave prices out: link to them.",
        limits=Limits(min_length=50, max_length=1500),
    ),
    Field("category", "Main category", Kind.ONE, FINDING, options=_categories),
    Field(
        "more_categories", "Further categories", Kind.MANY, FINDING, required=False, hint="Up to two more.", options=_categories
    ),
    Field("schemes", "Schemes", Kind.MANY, FINDING, hint="Only schemes that My Account names can be listed.", options=_schemes),
    Field("countries", "Countries of your merchants", Kind.MANY, FINDING, options=_countries),
    Field(
        "features",
        "Features",
        Kind.MANY,
        FINDING,
        hint="Only what your approved Build answers show can be listed: merchants choose by it.",
        options=lambda: FEATURE_CODES,
    ),
    Field("user_sizes", "Sizes of business", Kind.MANY, FINDING, required=False, options=_sizes),
    Field("industries", "Industries", Kind.MANY, FINDING, required=False, options=_industries),
    Field("languages", "Languages of your product", Kind.MANY, FINDING, required=False, options=languages),
    Field(
        "landing_url",
        "Landing page",
        Kind.URL,
        LINKS,
        hint="The page on your website about this integration, beginning with https://. We look at it and tell you what we find.",
        limits=HTTPS,
    ),
    Field("start_url", "“Get started” link", Kind.URL, LINKS, hint="Where a merchant begins to connect.", limits=HTTPS),
    Field(
        "support_contact",
        "Support contact",
        Kind.LINE,
        LINKS,
        hint="An e-mail address, or an address that begins with https://.",
        limits=Limits(max_length=300),
    ),
    Field("video_url", "Video", Kind.URL, LINKS, required=False, limits=HTTPS),
    Field("story_url", "Customer story", Kind.URL, LINKS, required=False, limits=HTTPS),
)
BY_NAME = {field.name: field for field in FIELDS}


def problem(field: Field, value: str | list[str]) -> str:
    """Why the value does not do for a listing, in words; empty when it does."""
    found = plain_problem(field, value)
    if not found and field.name == "support_contact":
        found = _contact_problem(str(value))
    if not found and field.name == "more_categories" and len(value) > MORE_CATEGORIES:
        found = "Choose at most two further categories."
    return found


def _contact_problem(contact: str) -> str:
    as_url, as_mail = Field("", "", Kind.URL, "", limits=HTTPS), Field("", "", Kind.EMAIL, "")
    if not plain_problem(as_mail, contact) or not plain_problem(as_url, contact):
        return ""
    return "Enter an e-mail address, or an address that begins with https://."


def words(name: str, code: str) -> str:
    """The words of an option; an unknown code comes back as it is."""
    return _words(name).get(code, code)


@cache
def _words(name: str) -> dict[str, str]:
    """A directory page asks a hundred times."""
    return dict(BY_NAME[name].options())

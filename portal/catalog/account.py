"""The lists from which My Account is filled in."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel import Locale

from portal.catalog.nouns import Option
from portal.catalog.reading import Table, no_repeats, read

FILE = Path(__file__).with_name("account.toml")
LISTS = (
    "categories",
    "use_cases",
    "contact_roles",
    "user_types",
    "user_sizes",
    "industries",
)
NOT_COUNTRIES = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})


@dataclass(frozen=True, slots=True)
class AccountChoices:
    categories: tuple[Option, ...]
    use_cases: tuple[Option, ...]
    contact_roles: tuple[Option, ...]
    user_types: tuple[Option, ...]
    user_sizes: tuple[Option, ...]
    industries: tuple[Option, ...]
    sign_up_countries: tuple[Option, ...]  # where a business can open an account
    countries: tuple[Option, ...]  # all of them, by name


@cache
def account_choices(file: Path = FILE) -> AccountChoices:
    table = read(file).only({*LISTS, "sign_up_countries"})
    return AccountChoices(
        **{name: _options(table, name) for name in LISTS},
        sign_up_countries=_sign_up_countries(table),
        countries=_countries(),
    )


def _options(table: Table, name: str) -> tuple[Option, ...]:
    entries = [entry.only({"code", "words"}) for entry in table.tables(name, named_by="code")]
    options = tuple(Option(entry.code("code"), entry.text("words")) for entry in entries)
    no_repeats(f"{table.place}, {name}", "code", [option.code for option in options])
    return options


def _sign_up_countries(table: Table) -> tuple[Option, ...]:
    allowed = table.texts("sign_up_countries")
    for code in allowed:
        if code not in _names():
            raise table.wrong(f"sign_up_countries has {code!r}, which is no country code")
    return tuple(option for option in _countries() if option.code in allowed)


@cache
def _countries() -> tuple[Option, ...]:
    return tuple(Option(code, name) for name, code in sorted((n, c) for c, n in _names().items()))


@cache
def _names() -> dict[str, str]:
    named = Locale("en").territories.items()
    return {c: n for c, n in named if len(c) == 2 and c.isalpha() and c not in NOT_COUNTRIES}

"""The official payment schemes that an integration can cover."""

from dataclasses import dataclass, fields
from enum import StrEnum
from functools import cache
from pathlib import Path

from portal.catalog.reading import Table, no_repeats, read

FILE = Path(__file__).with_name("schemes.toml")


class Kind(StrEnum):
    BANK_DEBIT = "bank_debit"
    REAL_TIME = "real_time"
    OPEN_BANKING = "open_banking"
    RECURRING_OPEN_BANKING = "recurring_open_banking"
    SENDING = "sending"


class Verified(StrEnum):
    """Whether a mandate can be verified with the payer's bank."""

    YES = "yes"
    COMPULSORY = "compulsory"
    SOME_COUNTRIES = "some_countries"
    NO = "no"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class Scheme:
    id: str  # ours, unique; several may share one api_id
    api_id: str
    name: str
    currency: str
    kind: Kind
    countries: tuple[str, ...]  # of payers, ISO 3166
    reference_length: int | None  # characters of the reference on a statement; None: it cannot be set
    verified: Verified
    protect_plus: tuple[str, ...]
    success_plus: tuple[str, ...]  # the failures that are retried
    facts: tuple[str, ...]


@cache
def schemes(file: Path = FILE) -> tuple[Scheme, ...]:
    """All schemes, in the order in which they are offered."""
    table = read(file).only({"scheme"})
    found = tuple(_scheme(entry) for entry in table.tables("scheme", named_by="id"))
    no_repeats(table.place, "scheme", [scheme.id for scheme in found])
    return found


def _scheme(table: Table) -> Scheme:
    table.only({field.name for field in fields(Scheme)})
    return Scheme(
        id=table.code("id"),
        api_id=table.code("api_id"),
        name=table.text("name"),
        currency=table.matching("currency", r"[A-Z]{3}", "a currency such as GBP"),
        kind=table.choice("kind", Kind),
        countries=tuple(_country(table, code) for code in table.texts("countries")),
        reference_length=table.number("reference_length") if "reference_length" in table else None,
        verified=table.choice("verified", Verified),
        protect_plus=table.texts("protect_plus"),
        success_plus=table.texts("success_plus"),
        facts=table.texts("facts"),
    )


def _country(table: Table, code: str) -> str:
    if len(code) != 2 or not code.isupper():
        raise table.wrong(f"countries has {code!r}; allowed are two-letter codes such as GB")
    return code

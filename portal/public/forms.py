"""From the posted registration to plain values and the problems in them."""

from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from portal.account.fields import Field, Kind, problem
from portal.account.forms import clean
from portal.catalog import account_choices
from portal.catalog.nouns import Limits

FIELDS = (
    Field("company", "Company", Kind.LINE, "", limits=Limits(max_length=120)),
    Field("website", "Website", Kind.URL, "", limits=Limits(max_length=500)),
    Field(
        "country",
        "Country of the head office",
        Kind.ONE,
        "",
        options=lambda: tuple((o.code, o.words) for o in account_choices().sign_up_countries),
    ),
    Field("contact_name", "Your name", Kind.LINE, "", limits=Limits(max_length=120)),
    Field(
        "email",
        "Your work e-mail",
        Kind.EMAIL,
        "",
        hint="Your username and the invitation go there.",
        limits=Limits(max_length=255),
    ),
    Field("job_title", "Your job title", Kind.LINE, "", required=False, limits=Limits(max_length=120)),
    Field(
        "about",
        "What your product does, and who uses it",
        Kind.LONG,
        "",
        hint="A few sentences: which payments your users collect, roughly how many users you have.",
        limits=Limits(min_length=20, max_length=2000),
    ),
)


@dataclass(frozen=True, slots=True)
class TypedInterest:
    values: dict[str, Any]

    @property
    def problems(self) -> dict[str, str]:
        """By field; empty when all is well."""
        found = {field.name: problem(field, self.values[field.name]) for field in FIELDS}
        return {name: words for name, words in found.items() if words}


def read(posted: MultiDict[str, str]) -> TypedInterest:
    return TypedInterest({field.name: clean(posted.get(field.name, "")) for field in FIELDS})

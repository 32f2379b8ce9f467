"""From the posted form of My Account to plain values: what was typed, valid or not."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from portal.account.fields import CONTACT_TEXTS, FIELDS, MOST_CONTACTS, MOST_TYPED, Field, Value
from portal.refusals import Invalid

Posted = MultiDict[str, str]


@dataclass(frozen=True, slots=True)
class TypedContact:
    """One row of the form."""

    texts: dict[str, str]
    roles: list[str]
    review_mails: bool
    wants_login: bool

    @property
    def empty(self) -> bool:
        return not any(self.texts.values()) and not self.roles


@dataclass(frozen=True, slots=True)
class Typed:
    """The whole form; `version` is the state of My Account that it was filled in on."""

    values: dict[str, Value]
    contacts: list[TypedContact]
    version: int


def read(posted: Posted) -> Typed:
    """Raises Invalid when a text is too long even for a draft; nothing else is judged here."""
    too_long = {
        name: f"This is far too long: {len(value):,} characters."
        for name, value in posted.items(multi=True)
        if len(value) > MOST_TYPED
    }
    if too_long:
        raise Invalid(too_long)
    return Typed(
        values={field.name: _value(field, posted) for field in FIELDS},
        contacts=[contact for row in _rows(posted) if not (contact := _contact(posted, row)).empty],
        version=posted.get("version", 0, type=int),
    )


def clean(value: str) -> str:
    """The text without control characters, which no database and no page can show; line breaks and tabs stay."""
    joined = value.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(char for char in joined if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cs")).strip()


def _value(field: Field, posted: Posted) -> Value:
    if field.several:
        return sorted({clean(code) for code in posted.getlist(field.name) if code})
    return clean(posted.get(field.name, ""))


def _rows(posted: Posted) -> list[int]:
    """The numbers of the contact rows that were posted, in order, without those ticked for removal."""
    numbers = {
        int(part[1]) for name in posted if (part := name.split("-", 2))[0] == "contact" and len(part) == 3 and _small(part[1])
    }
    return [number for number in sorted(numbers) if f"contact-{number}-remove" not in posted][:MOST_CONTACTS]


def _small(digits: str) -> bool:
    return digits.isascii() and digits.isdigit() and len(digits) <= 3


def _contact(posted: Posted, row: int) -> TypedContact:
    get: Callable[[str], str] = lambda name: clean(posted.get(f"contact-{row}-{name}", ""))  # noqa: E731 - one short name for a long key
    return TypedContact(
        texts={name: get(name) for name in CONTACT_TEXTS},
        roles=sorted({clean(code) for code in posted.getlist(f"contact-{row}-roles") if code}),
        review_mails=bool(get("review_mails")),
        wants_login=bool(get("wants_login")),
    )

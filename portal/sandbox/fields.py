"""What a request may carry, said as data, and the one place that checks it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from portal.sandbox import clock
from portal.sandbox.errors import invalid

Fault = tuple[str, str]
Json = dict[str, Any]
CURRENCIES = ("AUD", "CAD", "DKK", "EUR", "GBP", "NZD", "SEK", "USD")
LARGEST = 10**12


@dataclass(frozen=True)
class Field:
    """One key of a request. ``check`` returns the typed value or raises ValueError with GoCardless's words."""

    name: str
    check: Callable[[Any, str], Any]
    shape: Json
    required: bool = False


class Nested(Exception):
    """Faults inside a field that has fields of its own."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults


def typed(fields: Iterable[Field], data: Json, pointer: str) -> Json:
    """The values that were sent, typed; a key that was not sent is absent, one sent as null is None.

    Raises the validation error with every fault at once.
    """
    values, faults = _read(fields, data, pointer)
    if faults:
        raise invalid(*faults)
    return values


def text(
    name: str, *, required: bool = False, most: int = 255, least: int = 0, among: Iterable[str] = (), pattern: str = ""
) -> Field:
    choices = tuple(among)

    def check(value: Any, _pointer: str) -> str:
        if not isinstance(value, str):
            raise ValueError("must be a string")  # noqa: TRY004  # _checked turns ValueError into the answer
        if choices and value not in choices:
            raise ValueError(f"must be one of {', '.join(choices)}")
        if len(value) > most:
            raise ValueError(f"is too long (maximum is {most} characters)")
        if len(value) < least:
            raise ValueError(f"is too short (minimum is {least} characters)")
        if "\x00" in value or (pattern and not re.fullmatch(pattern, value)):
            raise ValueError("is invalid")
        return value

    shape: Json = {"type": "string", "maxLength": most}
    shape |= {"minLength": max(least, 1)} if required else {}
    shape |= {"enum": list(choices)} if choices else {}
    return Field(name, check, shape | ({"pattern": f"^(?:{pattern})$"} if pattern else {}), required)


def whole(name: str, *, required: bool = False, least: int = 0, most: int = LARGEST) -> Field:
    """An integer; text of digits is taken too, as the documented samples send it."""

    def check(value: Any, _pointer: str) -> int:
        if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,15}", value):
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise ValueError("must be a number")  # noqa: TRY004  # _checked turns ValueError into the answer
        if value < least:
            raise ValueError(f"must be greater than or equal to {least}")
        if value > most:
            raise ValueError(f"must be less than or equal to {most}")
        return value

    return Field(name, check, {"type": "integer", "minimum": least, "maximum": most}, required)


def flag(name: str, *, required: bool = False) -> Field:
    def check(value: Any, _pointer: str) -> bool:
        if isinstance(value, str) and value.lower() in ("true", "false"):
            return value.lower() == "true"
        if not isinstance(value, bool):
            raise ValueError("must be true or false")  # noqa: TRY004  # _checked turns ValueError into the answer
        return value

    return Field(name, check, {"type": "boolean"}, required)


def day(name: str, *, required: bool = False) -> Field:
    def check(value: Any, _pointer: str) -> str:
        try:
            return clock.day(value).isoformat()
        except (ValueError, TypeError):
            raise ValueError("must be a date in the form YYYY-MM-DD") from None

    return Field(name, check, {"type": "string", "format": "date"}, required)


def url(name: str, *, required: bool = False) -> Field:
    return text(name, required=required, most=2000, pattern=r"https?://[^\s/?#]+[^\s]*|[a-z][a-z0-9+.-]*://[^\s]+")


def country(name: str = "country_code", *, required: bool = False) -> Field:
    return text(name, required=required, pattern="[A-Za-z]{2}")


def currency(*, required: bool = False) -> Field:
    return text("currency", required=required, among=CURRENCIES)


def metadata(name: str = "metadata") -> Field:
    """At most three keys of 50 characters with text of 500."""

    def check(value: Any, pointer: str) -> Json:
        if not isinstance(value, dict):
            raise ValueError("must be an object")  # noqa: TRY004  # _checked turns ValueError into the answer
        if len(value) > 3:
            raise ValueError("must have at most 3 keys")
        faults = [(f"{pointer}/{key}"[:300], words) for key, item in value.items() if (words := _metadata_fault(key, item))]
        if faults:
            raise Nested(faults)
        return value

    entries = {"type": "string", "maxLength": 500}
    return Field(name, check, {"type": "object", "maxProperties": 3, "additionalProperties": entries})


def group(name: str, *fields: Field, required: bool = False) -> Field:
    """An object with fields of its own."""

    def check(value: Any, pointer: str) -> Json:
        if not isinstance(value, dict):
            raise ValueError("must be an object")  # noqa: TRY004  # _checked turns ValueError into the answer
        values, faults = _read(fields, value, pointer)
        if faults:
            raise Nested(faults)
        return values

    return Field(name, check, schema(fields), required)


def rows(name: str, item: Field, *, required: bool = False, most: int = 200) -> Field:
    """A list whose every entry passes ``item``."""

    def check(value: Any, pointer: str) -> list[Any]:
        if not isinstance(value, list):
            raise ValueError("must be an array")  # noqa: TRY004  # _checked turns ValueError into the answer
        if len(value) > most:
            raise ValueError(f"must have at most {most} entries")
        out: list[Any] = []
        faults: list[Fault] = []
        for number, entry in enumerate(value):
            out.append(_checked(item, entry, f"{pointer}/{number}", faults))
        if faults:
            raise Nested(faults)
        return out

    return Field(name, check, {"type": "array", "items": item.shape, "maxItems": most}, required)


def links(*names: str, optional: Iterable[str] = ()) -> Field:
    """The ``links`` object: ``names`` must be there, ``optional`` may."""
    wanted = [text(name, required=True) for name in names] + [text(name) for name in optional]
    return group("links", *wanted, required=bool(names))


def schema(fields: Iterable[Field]) -> Json:
    """The same table as JSON schema, for the OpenAPI document."""
    known = tuple(fields)
    shape: Json = {"type": "object", "properties": {f.name: f.shape for f in known}, "additionalProperties": False}
    needed = [f.name for f in known if f.required]
    return shape | ({"required": needed} if needed else {})


def _read(fields: Iterable[Field], data: Json, pointer: str) -> tuple[Json, list[Fault]]:
    values: Json = {}
    faults: list[Fault] = []
    known = set()
    for f in fields:
        known.add(f.name)
        if f.name in data:
            values[f.name] = _checked(f, data[f.name], f"{pointer}/{f.name}", faults)
        elif f.required:
            faults.append((f"{pointer}/{f.name}", "is required"))
    faults += [(f"{pointer}/{str(key)[:100]}", "is not a parameter of this endpoint") for key in data if key not in known]
    return values, faults


def _checked(f: Field, value: Any, pointer: str, faults: list[Fault]) -> Any:
    if value is None or (f.required and value == ""):
        if f.required:
            faults.append((pointer, "can't be blank"))
        return None
    try:
        return f.check(value, pointer)
    except Nested as nested:
        faults.extend(nested.faults)
    except ValueError as problem:
        faults.append((pointer, str(problem)))
    return None


def _metadata_fault(key: str, value: Any) -> str:
    if len(key) > 50:
        return "has a key that is too long (maximum is 50 characters)"
    if not isinstance(value, str):
        return "must be a string"
    return "is too long (maximum is 500 characters)" if len(value) > 500 else ""

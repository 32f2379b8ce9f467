"""Forms of the hosted pages: typed lists of inputs, what was entered, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from flask import request

from portal.sandbox.errors import ApiError


@dataclass(frozen=True)
class Input:
    """One input. ``choices`` makes it a list of options; ``locked`` shows the value without letting it change."""

    name: str
    label: str
    required: bool = False
    kind: str = "text"
    autocomplete: str = "off"
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    value: str = ""
    error: str = ""
    locked: bool = False


@dataclass
class Form:
    """Inputs in order; ``valid`` after :meth:`read`."""

    inputs: list[Input]
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, inputs: Iterable[Input], values: Mapping[str, Any] | None = None, *, locked: bool = False) -> Form:
        """``locked`` keeps what is already known from being changed."""
        known = values or {}
        return cls([replace(i, value=str(known.get(i.name) or ""), locked=locked and bool(known.get(i.name))) for i in inputs])

    def read(self) -> dict[str, str]:
        """What was sent, trimmed; required inputs that are empty are noted as errors."""
        self.inputs = [i if i.locked else replace(i, value=request.form.get(i.name, "").strip()[:300]) for i in self.inputs]
        for one in self.inputs:
            if one.required and not one.value:
                verb = "Choose" if one.choices else "Enter"
                self.errors[one.name] = f"{verb} {one.label[0].lower()}{one.label[1:]}"
        self._mark()
        return {i.name: i.value for i in self.inputs}

    @property
    def valid(self) -> bool:
        return not self.errors

    def blame(self, error: ApiError) -> Form:
        """Puts the API's validation errors beside the inputs that they are about; others on the first."""
        names = {i.name for i in self.inputs}
        for entry in error.entries:
            name = str(entry.get("field", ""))
            target = name if name in names else self.inputs[0].name
            self.errors[target] = f"{_label(self.inputs, target)} {entry['message']}" if name else str(entry["message"])
        self._mark()
        return self

    def fault(self, name: str, words: str) -> Form:
        self.errors[name] = words
        self._mark()
        return self

    def _mark(self) -> None:
        self.inputs = [replace(i, error=self.errors.get(i.name, "")) for i in self.inputs]


def _label(inputs: Iterable[Input], name: str) -> str:
    return next((i.label for i in inputs if i.name == name), name)

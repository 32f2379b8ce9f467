"""What a connect test asks GoCardless for: scope, first view, prefilled fields, language, and a mistake made on purpose."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

SCOPES = (
    ("read_write", "read_write", "Read, create and change: what most integrations need."),
    ("read_only", "read_only", "Read only: every write is refused with 403."),
)
VIEWS = (
    ("", "GoCardless decides", "Signing up for read_write, logging in for read_only."),
    ("signup", "signup", "The merchant is asked to open an account."),
    ("login", "login", "The merchant is asked to log in."),
)
PREFILL = {
    "email": "E-mail address",
    "given_name": "First name",
    "family_name": "Last name",
    "organisation_name": "Business name",
    "country_code": "Country code",
}
LANGUAGES = (
    ("en", "English"), ("fr", "French"), ("de", "German"), ("es", "Spanish"), ("it", "Italian"), ("nl", "Dutch"), ("pt", "Portuguese"),
    ("da", "Danish"), ("nb", "Norwegian"), ("sv", "Swedish"), ("sl", "Slovene"),
)  # fmt: skip
MISTAKES = (
    ("secret", "Exchange the code with a wrong client secret"),
    ("redirect", "Exchange the code with another redirect_uri than the link's"),
    ("reuse", "Exchange the same code twice"),
    ("scope", "Ask for a scope that does not exist"),
    ("state", "Compare the state with another one"),
    ("client", "Send the merchant with an unknown client_id"),
)
"""What can be broken on purpose, to see how it shows."""
LONGEST = 200
WRONG = "-made-wrong-on-purpose"


@dataclass(frozen=True, slots=True)
class Choices:
    """One set of settings; empty values are left out of the link."""

    scope: str = "read_write"
    initial_view: str = ""
    language: str = ""
    mistake: str = ""
    prefill: Mapping[str, str] = field(default_factory=dict)

    def asked(self) -> dict[str, str]:
        """The optional parameters of the authorisation link."""
        asked = {"initial_view": self.initial_view, "language": self.language}
        asked |= {f"prefill[{name}]": value for name, value in self.prefill.items()}
        return {name: value for name, value in asked.items() if value}

    def stored(self) -> dict[str, Any]:
        """As a run keeps them."""
        given = {"scope": self.scope, "initial_view": self.initial_view, "language": self.language, "mistake": self.mistake}
        return {**{name: value for name, value in given.items() if value}, "prefill": dict(self.prefill)}

    def flat(self) -> dict[str, Any]:
        """As the start page's address carries them."""
        return {name: str(value) for name, value in {**self.stored(), **self.prefill}.items() if name != "prefill" and value}


def restored(stored: Mapping[str, Any]) -> Choices:
    """The choices of a run."""
    prefill = {name: str(value) for name, value in (stored.get("prefill") or {}).items() if name in PREFILL}
    texts = {name: str(stored.get(name) or "") for name in ("initial_view", "language", "mistake")}
    return Choices(scope=str(stored.get("scope") or "read_write"), prefill=prefill, **texts)


def typed(given: Mapping[str, str]) -> tuple[Choices, dict[str, str]]:
    """What was typed, cleaned, and what is wrong with it by field."""
    values = {name: _clean(given.get(name, "")) for name in ("scope", "initial_view", "language", "mistake", *PREFILL)}
    values["country_code"] = values["country_code"].upper()
    choices = Choices(
        scope=values["scope"] or "read_write",
        initial_view=values["initial_view"],
        language=values["language"].lower(),
        mistake=values["mistake"],
        prefill={name: values[name] for name in PREFILL if values[name]},
    )
    return choices, _problems(choices)


def _clean(value: str) -> str:
    return "".join(char for char in value if char.isprintable()).strip()


def _problems(choices: Choices) -> dict[str, str]:
    prefill = choices.prefill
    checks = {
        "scope": choices.scope not in [code for code, *_ in SCOPES] and "Choose read_write or read_only.",
        "initial_view": choices.initial_view not in [code for code, *_ in VIEWS] and "Choose one of the views.",
        "language": choices.language not in ["", *(code for code, _ in LANGUAGES)] and "Choose one of the languages.",
        "mistake": choices.mistake not in ["", *(code for code, _ in MISTAKES)] and "Choose one of the mistakes.",
        "email": "email" in prefill and "@" not in prefill["email"] and "Enter an e-mail address, such as owner@example.com.",
        "country_code": len(prefill.get("country_code", "GB")) != 2 and "Enter two letters, such as GB.",
    }
    found = {name: words for name, words in checks.items() if words}
    return found | {name: f"Use at most {LONGEST} characters." for name, value in prefill.items() if len(value) > LONGEST}

"""The usual mix-ups when client id, client secret and webhook secret are copied from one page to another, each in its own words."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Self

from portal.apps.addresses import Fault
from portal.apps.parts import named, unseen
from portal.models.partner_app import PartnerApp
from portal.status import ENVIRONMENT, Environment

LONGEST = 400
LEAST = {"client_id": 8, "client_secret": 16, "webhook_secret": 8}
NAMES = {"client_id": "client id", "client_secret": "client secret", "webhook_secret": "webhook secret"}
SAME = "The client secret and the webhook secret are the same. GoCardless makes them apart: copy each one."
QUOTES = "\"'`“”‘’«»"
LABEL = re.compile(
    r"(?:gocardless[ _-]?|gc[ _-]?)?(?:sandbox[ _-]?|live[ _-]?)?"
    r"(?:client|webhook|app|application|endpoint|webhook endpoint)[ _-]?(?:id|secret|key)",
    re.IGNORECASE,
)
NUMBER = re.compile(r"[A-Z]{2,3}[0-9][0-9A-Z]{4,30}")
"""How GoCardless names what it keeps: two capital letters and what follows them, such as AP0001A2B3C4D5."""
KINDS = {
    "AP": "an app",
    "OR": "an organisation",
    "CR": "a creditor",
    "WE": "a webhook endpoint",
    "WB": "a webhook",
    "EV": "an event",
}
MASKED = re.compile(r"[•●∙·*…xX]{6,}|.*(?:••|●●|\*\*\*|…).*", re.DOTALL)
PLACEHOLDER = re.compile(
    r"<.*>|\{.*\}|\[.*\]|your[ _-].*|change[ _-]?me.*|replace[ _-]?me.*|todo.*|.*(?:example|placeholder).*",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Known:
    """What the partner's other apps are known by. Secrets stay inside: only words leave."""

    client_ids: Mapping[str, Environment] = field(default_factory=dict)
    client_secrets: Mapping[str, Environment] = field(default_factory=dict, repr=False)
    webhook_secrets: Mapping[str, Environment] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, others: Iterable[PartnerApp]) -> Self:
        apps = list(others)
        return cls(
            {app.client_id: app.environment for app in apps if app.client_id},
            {app.client_secret: app.environment for app in apps if app.client_secret},
            {app.webhook_secret: app.environment for app in apps if app.webhook_secret},
        )


NOBODY = Known()


def faults(typed: Mapping[str, str], *, environment: Environment, known: Known = NOBODY) -> dict[str, Fault]:
    """What is wrong with each pasted value, by field; `typed` has client_id, client_secret and webhook_secret as they were pasted."""
    client_id = typed["client_id"]
    found = {
        "client_id": client_id_fault(client_id, environment=environment, known=known),
        "client_secret": secret_fault(
            typed["client_secret"], "client_secret", client_id=client_id, environment=environment, known=known
        ),
        "webhook_secret": secret_fault(
            typed["webhook_secret"], "webhook_secret", client_id=client_id, environment=environment, known=known
        ),
    }
    if not found["webhook_secret"] and typed["client_secret"] == typed["webhook_secret"]:
        found["webhook_secret"] = Fault("same", SAME)
    return {name: fault for name, fault in found.items() if fault}


def client_id_fault(value: str, *, environment: Environment, known: Known = NOBODY) -> Fault | None:
    """The first mix-up that a client id shows; `known` are the partner's other apps."""
    return _form(value, "client_id") or _token(value, "client_id", environment) or _others_id(value, environment, known)


def secret_fault(value: str, kind: str, *, client_id: str, environment: Environment, known: Known = NOBODY) -> Fault | None:
    """The first mix-up that a secret shows. No part of the secret is in the words."""
    return (
        _form(value, kind)
        or _token(value, kind, environment)
        or _swapped(value, kind, client_id, known)
        or _others_secret(value, kind, known)
    )


def token_fault(value: str, *, live: bool) -> Fault | None:
    """What is wrong with a pasted access token."""
    name = "access token"
    wrong = _wrapped(value, name) or _no_value(value, name)
    if not wrong and value.startswith("sandbox_" if live else "live_"):
        return Fault("environment", f"This is a token of {'the sandbox' if live else 'live'}.")
    if not wrong and not LEAST["client_secret"] <= len(value) <= LONGEST:
        return Fault("size", "This is too short or too long for an access token. Was it cut off?")
    return wrong


def _form(value: str, kind: str) -> Fault | None:
    name = NAMES[kind]
    if not value:
        return Fault("missing", f"Paste the {name}.")
    return _wrapped(value, name) or _no_value(value, name) or _size(value, kind)


def _wrapped(value: str, name: str) -> Fault | None:
    """Right, perhaps, but with something around or inside it."""
    hidden = next((char for char in value if unseen(char) and char not in " \t\r\n"), "")
    if hidden:
        return Fault(
            "unseen", f"An invisible character came along: {named(hidden)}. Copy the {name} with the copy button at GoCardless."
        )
    if value != value.strip():
        side = "before" if value[0].isspace() else "after"
        return Fault("space", f"There is a space or a line break {side} the {name}. Paste it without.")
    if value[0] in QUOTES or value[-1] in QUOTES:
        return Fault("quotes", f"There are quotation marks around the {name}. Paste what stands between them.")
    return None


def _no_value(value: str, name: str) -> Fault | None:
    """Something else that stood on the page."""
    return next(_something_else(value, name), None)


def _something_else(value: str, name: str) -> Iterator[Fault]:
    if value.lower().startswith(("http://", "https://")):
        yield Fault("address", f"This is an address, not the {name}.")
    if value.lower().startswith(("bearer ", "basic ")):
        yield Fault("header", f"This is a header that a request carries, not the {name}.")
    label = LABEL.match(value)
    if label and (label.end() == len(value) or value[label.end()] in " :=\t\n"):
        yield Fault("label", f"This is the label beside the {name}, or has it in front. Copy the value only.")
    if "@" in value:
        yield Fault("email", f"This is an e-mail address, not the {name}.")
    if MASKED.fullmatch(value):
        yield Fault("masked", f"The {name} is hidden behind dots here. Reveal it at GoCardless before you copy it.")
    if PLACEHOLDER.fullmatch(value):
        yield Fault("placeholder", f"This is a placeholder of a sample, not the {name}.")
    if any(char.isspace() for char in value):
        yield Fault("several", f"There is more than one word here. Paste the {name} alone.")
    if not value.isascii():
        yield Fault("character", f"A {name} has plain letters, digits and signs only. Copy it again.")


def _size(value: str, kind: str) -> Fault | None:
    number = NUMBER.fullmatch(value)
    if number:
        what = KINDS.get(value[:2], "something else")
        app = " The app's page shows the client id further down." if value[:2] == "AP" and kind == "client_id" else ""
        return Fault("number", f"This is the id of {what} at GoCardless, not the {NAMES[kind]}.{app}")
    if len(value) < LEAST[kind]:
        return Fault(
            "short", f"A {NAMES[kind]} has at least {LEAST[kind]} characters; this one has {len(value)}. Was it cut off?"
        )
    if len(value) > LONGEST:
        return Fault("long", f"This is far too long for a {NAMES[kind]}: {len(value):,} characters.")
    return None


def _token(value: str, kind: str, environment: Environment) -> Fault | None:
    if value.startswith("sesh_"):
        return Fault("token", f"This is the token of a payer's flow, not the {NAMES[kind]}.")
    for prefix, words in (("live_", "live"), ("sandbox_", "sandbox")):
        if value.startswith(prefix):
            other = (environment is Environment.LIVE) != (words == "live")
            where = f", and of {words}: this app is not {words}" if other else ""
            return Fault("token", f"This is an access token{where}. The {NAMES[kind]} stands on the page of the partner app.")
    return None


def _others_id(value: str, environment: Environment, known: Known) -> Fault | None:
    if value in known.client_secrets or value in known.webhook_secrets:
        return Fault("secret", "This is a secret of one of your apps, not a client id.")
    other = known.client_ids.get(value)
    if other is None:
        return None
    if other is environment:
        return Fault("taken", "Another of your apps here has this client id already.")
    return Fault(
        "environment",
        f"This is the client id of your app in {ENVIRONMENT[other].words}. Each environment has an app of its own.",
    )


def _swapped(value: str, kind: str, client_id: str, known: Known) -> Fault | None:
    if value == client_id:
        return Fault("client_id", f"This is the client id once more, not the {NAMES[kind]}.")
    if value in known.client_ids:
        return Fault("client_id", f"This is the client id of one of your apps, not the {NAMES[kind]}.")
    return None


def _others_secret(value: str, kind: str, known: Known) -> Fault | None:
    same, crossed = (
        (known.client_secrets, known.webhook_secrets)
        if kind == "client_secret"
        else (known.webhook_secrets, known.client_secrets)
    )
    if value in same:
        where = ENVIRONMENT[same[value]].words
        return Fault("other_app", f"This is the {NAMES[kind]} of another of your apps ({where}). Each app has its own.")
    if value in crossed:
        other = "webhook secret" if kind == "client_secret" else "client secret"
        return Fault("other_kind", f"This is the {other} of one of your apps, not a {NAMES[kind]}.")
    return None

"""The usual mix-ups when client id, client secret and webhook secret are copied from one page to another, each in its own words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Self

from portal.apps import pasted
from portal.apps.addresses import Fault
from portal.apps.pasted import LEAST, LONGEST, NAMES, form_fault
from portal.models.partner_app import PartnerApp
from portal.status import ENVIRONMENT, Environment

SAME = "The client secret and the webhook secret are the same. GoCardless makes them apart: copy each one."


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
    return form_fault(value, "client_id") or _token(value, "client_id", environment) or _others_id(value, environment, known)


def secret_fault(value: str, kind: str, *, client_id: str, environment: Environment, known: Known = NOBODY) -> Fault | None:
    """The first mix-up that a secret shows. No part of the secret is in the words."""
    return (
        form_fault(value, kind)
        or _token(value, kind, environment)
        or _swapped(value, kind, client_id, known)
        or _others_secret(value, kind, known)
    )


def token_fault(value: str, *, live: bool) -> Fault | None:
    """What is wrong with a pasted access token."""
    name = "access token"
    wrong = pasted.around_fault(value, name)
    if not wrong and value.startswith("sandbox_" if live else "live_"):
        return Fault("environment", f"This is a token of {'the sandbox' if live else 'live'}.")
    if not wrong and not LEAST["client_secret"] <= len(value) <= LONGEST:
        return Fault("size", "This is too short or too long for an access token. Was it cut off?")
    return wrong


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

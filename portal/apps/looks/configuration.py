"""The app itself, its credentials, the scope that is asked for, and the hosts of its environment."""

from collections.abc import Iterator

from portal.apps import comparing, credentials
from portal.apps.finding import Finding
from portal.apps.parts import host_of, on_this_machine, path_of, place_of, split
from portal.apps.surroundings import Ask, Surroundings
from portal.models.partner_app import PartnerApp
from portal.status import ENVIRONMENT, Environment

SCOPES = ("read_write", "read_only")


def life(app: PartnerApp, around: Surroundings, ask: Ask) -> Iterator[Finding]:
    if app.retired_at:
        yield Finding("retired", "This app is retired: it starts no runs and takes no webhooks.")
    if app.environment is Environment.LIVE:
        yield Finding("live", "This is a live app. Runs are made in a sandbox only.")
    if not app.terms_accepted_at:
        yield Finding("terms", "The Partner Agreement has not been accepted for this app.", where="terms", stops=False)


def client(app: PartnerApp, around: Surroundings, ask: Ask) -> Iterator[Finding]:
    known = credentials.Known.of(around.siblings)
    fault = credentials.client_id_fault(app.client_id, environment=app.environment, known=known)
    if fault:
        yield Finding(f"client_id_{fault.code}", fault.words, where="credentials")


def secrets(app: PartnerApp, around: Surroundings, ask: Ask) -> Iterator[Finding]:
    known = credentials.Known.of(around.siblings)
    for kind, value in (("client_secret", app.client_secret), ("webhook_secret", app.webhook_secret)):
        fault = credentials.secret_fault(value or "", kind, client_id=app.client_id, environment=app.environment, known=known)
        if fault:
            yield Finding(f"{kind}_{fault.code}", fault.words, where="credentials", stops=kind == "client_secret")
    if app.client_secret and app.client_secret == app.webhook_secret:
        yield Finding("secrets_same", credentials.SAME, where="credentials")


def scope(app: PartnerApp, around: Surroundings, ask: Ask) -> Iterator[Finding]:
    if ask.scope not in SCOPES:
        yield Finding(
            "scope_unknown", "The scope is read_write or read_only, exactly one of them.", comparing.visible(ask.scope)
        )


def hosts(app: PartnerApp, around: Surroundings, ask: Ask) -> Iterator[Finding]:
    mine = ENVIRONMENT[app.environment].words
    for code, name, url in (("connect", "connect", around.place.connect_url), ("api", "API", around.place.api_url)):
        for environment, other in around.elsewhere.items():
            if environment is not app.environment and place_of(url) in (place_of(other.connect_url), place_of(other.api_url)):
                words = f"The {name} address of the {mine} environment is set to a host of {ENVIRONMENT[environment].words}."
                yield Finding(f"{code}_host_mixed", words, url)
        if path_of(url) not in ("", "/"):
            words = f"The {name} address has a path, which the official client libraries drop."
            yield Finding(f"{code}_path", words, url)
        if split(url).scheme != "https" and not on_this_machine(host_of(url)):
            yield Finding(f"{code}_http", f"The {name} address is not https.", url)

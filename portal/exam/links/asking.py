"""Experiments of the family Links: the authorization request that the partner's product makes, taken from wherever it can be had."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, quote_plus

from portal.exam.addresses import AUTHORIZE, added, parameters, parsed
from portal.exam.nouns import EVERYWHERE, Experiment, Family, Observation, Wait
from portal.exam.rig import Rig
from portal.exam.sandbox import Call
from portal.exam.visitor import Page

SAMPLES = 10
GIVE_UP = 2
"""Visits without a link, after which no more are made."""
WHO = "Somebody of yours"
STEERED = {
    "state": "a-state-that-somebody-else-chose",
    "redirect_uri": "https://elsewhere.example.com/callback",
    "client_id": "an-app-of-somebody-else",
    "scope": "read_only_of_somebody_else",
}
"""What a stranger may append to the address of a partner's page, hoping that it is passed on."""


def request(rig: Rig) -> Observation:
    """One authorization request: of the declared page, pasted, or of a user on their way to the sandbox."""
    if rig.settings.connect_url:
        return _asked(rig, rig.settings.connect_url, "The page that sends a user to authorise")
    if rig.settings.link:
        return {"from": "link", "link": described(rig, rig.settings.link)}
    visits = _visits(rig)
    if not visits:
        raise Wait(WHO, "Start connecting with GoCardless in your product, and go as far as the first page of the sandbox.")
    return {"from": "visit", "link": described(rig, _address(rig, visits[0]))}


def login(rig: Rig) -> Observation:
    return _asked(rig, rig.settings.login_url, "The page for merchants who have an account already")


def samples(rig: Rig) -> Observation:
    """The states of ten authorization requests, each for a browser of its own."""
    if rig.settings.connect_url:
        return _ten(rig)
    if rig.sandbox is None or rig.settings.link:
        return {"skipped": "One link holds one state. Declare the page that sends a user to authorise, and ten are compared."}
    states = list(dict.fromkeys(_state(_address(rig, visit)) for visit in _visits(rig)))
    if len(states) < SAMPLES:
        left = SAMPLES - len(states)
        raise Wait(WHO, f"Start connecting {left} more {'time' if left == 1 else 'times'} in your product, each time anew.")
    return {"from": "visit", "states": states[:SAMPLES]}


def steered(rig: Rig) -> Observation:
    """The partner's page, asked with parameters that are not its caller's to choose."""
    page = rig.visitor().get(added(rig.settings.connect_url, **STEERED), "The same page with parameters of a stranger")
    sent = dict(parameters(page.authorization))
    return {"page": told(page), "taken": [name for name, value in STEERED.items() if sent.get(name) == value]}


def described(rig: Rig, link: str) -> dict[str, Any]:
    """A link in its parts, beside what they should be. Secrets in it are named, and never repeated."""
    link, found = _without(link, rig.secrets)
    parts = parsed(link)
    place = parsed(rig.places.get(rig.app.environment, ""))
    return {
        "url": link,
        "scheme": parts.scheme,
        "host": parts.netloc.lower(),
        "path": parts.path,
        "parameters": [list(pair) for pair in parameters(link)],
        "fragment": parts.fragment,
        "secrets": found,
        "client_id": rig.app.client_id,
        "redirect_uris": list(rig.app.redirect_uris),
        "place": {"scheme": place.scheme, "host": place.netloc.lower()},
        "places": {environment.value: parsed(url).netloc.lower() for environment, url in rig.places.items()},
    }


def _without(link: str, secrets: Mapping[str, str]) -> tuple[str, list[str]]:
    """The link with the names of secrets where they stood, however they were written, and these names."""
    found = []
    for name, secret in secrets.items():
        for written in {secret, quote(secret), quote(secret, safe=""), quote_plus(secret)}:
            if written in link:
                found.append(name)
                link = link.replace(written, name)
    return link, list(dict.fromkeys(found))


def told(page: Page) -> dict[str, Any]:
    """What a judge wants to know of a page, without its text."""
    return {
        "url": page.url,
        "status": page.status,
        "leaves_for": page.leaves_for.partition("?")[0],
        "problem": page.problem,
        "milliseconds": round(page.milliseconds),
    }


def _asked(rig: Rig, url: str, words: str) -> dict[str, Any]:
    page = rig.visitor().get(url, words)
    link = page.authorization
    return {"from": "page", "page": told(page), "link": described(rig, link) if link else None}


def _ten(rig: Rig) -> Observation:
    states: list[str] = []
    problems = 0
    while len(states) < SAMPLES and problems < GIVE_UP:
        link = rig.visitor().get(rig.settings.connect_url, f"Browser {len(states) + 1} of {SAMPLES}").authorization
        if link:
            states.append(_state(link))
        else:
            problems += 1
    return {"from": "page", "states": states}


def _visits(rig: Rig) -> list[Call]:
    """Arrivals at the sandbox since this run first looked; its own pages lead to themselves again, which is no arrival."""
    if rig.sandbox is None:
        return []
    since = int(rig.carried.setdefault("links_since", rig.sandbox.mark()))
    visits = (call for call in rig.sandbox.calls(since) if call.is_visit)
    return [visit for visit in visits if not visit.header("referer").startswith(rig.places[rig.app.environment])]


def _address(rig: Rig, visit: Call) -> str:
    """As the sandbox was asked; it does not see by which name."""
    return f"{rig.places[rig.app.environment]}{AUTHORIZE}?{visit.query}"


def _state(link: str) -> str:
    return next((value for name, value in parameters(link) if name == "state"), "")


PERSON = "Without a page that sends a user to authorise, somebody starts connecting in your product."
EXPERIMENTS = (
    Experiment("links.request", Family.LINKS, request, waits=PERSON, environments=EVERYWHERE),
    Experiment("links.login", Family.LINKS, login, settings=("login_url",), environments=EVERYWHERE),
    Experiment("links.samples", Family.LINKS, samples, waits=PERSON, environments=EVERYWHERE),
    Experiment("links.steered", Family.LINKS, steered, settings=("connect_url",), environments=EVERYWHERE),
)

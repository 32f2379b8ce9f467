"""Judges of the family Links: each looks at one thing of one authorization request."""

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from portal.exam.addresses import AUTHORIZE
from portal.exam.links.languages import LANGUAGES
from portal.exam.links.randomness import bits, counts_on
from portal.exam.nouns import Judgement, Observation, failed, passed, warned

SCOPES = ("read_write", "read_only")
VIEWS = ("signup", "login")
PREFILL = tuple(f"prefill[{name}]" for name in ("email", "given_name", "family_name", "organisation_name", "country_code"))
NAMES = ("response_type", "client_id", "redirect_uri", "scope", "state", "initial_view", "language", "access_type")
KNOWN = frozenset((*NAMES, *PREFILL, "code_challenge", "code_challenge_method"))
PRIVATE = re.compile(r"(?i)^(.*secret.*|.*password.*|.*token.*|authorization|api_?key|code)$")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
ENOUGH, LITTLE = 96, 64
"""Bits. RFC 6749, section 10.10, wants 128 at least; an estimate from ten samples is taken with some leniency."""
SHOWN = 120


def leads(seen: Observation) -> Judgement:
    if seen.get("link") and seen["link"]["path"] != AUTHORIZE:
        return failed(f"The link leads to “{_short(seen['link']['path'])}”, not to {AUTHORIZE}.")
    if seen.get("link"):
        return passed(f"The request was seen: {_from(seen)}.", seen["link"]["path"])
    page = seen["page"]
    if page["problem"]:
        return failed(f"The page could not be opened: {page['problem']}")
    where = page["leaves_for"] or "nowhere"
    return failed(
        f"{page['url'].partition('?')[0]} answered {page['status']} and leads to {where}, not to an address that ends in {AUTHORIZE}."
    )


def host(seen: Observation) -> Judgement:
    link = seen["link"]
    if link["host"] == link["place"]["host"]:
        return passed(f"It goes to {link['host']}.")
    other = next((name for name, known in link["places"].items() if known == link["host"]), "")
    what = f", which is another environment's ({other})" if other else ""
    return failed(f"It goes to {link['host'] or 'no host'}{what}; this app lives at {link['place']['host']}.")


def encrypted(seen: Observation) -> Judgement:
    link = seen["link"]
    if link["scheme"] == "https":
        return passed("The link begins with https.")
    if link["scheme"] == link["place"]["scheme"]:
        return passed("The embedded sandbox has no certificate; its own address begins with http, and so does the link.")
    return failed(f"The link begins with {link['scheme'] or 'nothing'}, not with https.")


def response_type(seen: Observation) -> Judgement:
    found = _value(seen, "response_type")
    return passed("response_type is code.") if found == "code" else failed(f"response_type {_is(found)}; it must be code.")


def client_id(seen: Observation) -> Judgement:
    found, own = _value(seen, "client_id"), seen["link"]["client_id"]
    return passed("client_id is this app's.") if found == own else failed(f"client_id {_is(found)}; this app's is {own}.")


def redirect_uri(seen: Observation) -> Judgement:
    found, registered = _value(seen, "redirect_uri"), seen["link"]["redirect_uris"]
    if found in registered:
        return passed("redirect_uri is registered, byte for byte.", _short(found or ""))
    return failed(f"redirect_uri {_is(found)}; registered: {', '.join(registered) or 'none'}. They must match byte for byte.")


def scope(seen: Observation) -> Judgement:
    found = _value(seen, "scope")
    return (
        passed(f"scope is {found}.")
        if found in SCOPES
        else failed(f"scope {_is(found)}; it must be read_write or read_only, one of them.")
    )


def write_access(seen: Observation) -> Judgement:
    if _value(seen, "scope") == "read_write":
        return passed("scope is read_write.")
    return failed("scope is read_only: with it no mandate and no payment can be created.")


def state(seen: Observation) -> Judgement:
    found = _value(seen, "state")
    return passed(f"state is there, {len(found)} characters long.") if found else failed("The request carries no state.")


def fresh(seen: Observation) -> Judgement:
    states = seen["states"]
    again = [value for value, times in Counter(map(str, states)).items() if times > 1]
    if len(states) < 2:
        return failed("The page led to GoCardless only once; there is nothing to compare.")
    if again:
        return failed(f"Of {len(states)} browsers, {len(states) - len(set(states)) + 1} were given the same state.")
    return passed(f"{len(states)} browsers were given {len(states)} different states.")


def unguessable(seen: Observation) -> Judgement:
    states = seen["states"]
    if counts_on(states):
        return failed("The states only count on: whoever has one knows the next.")
    free = round(bits(states))
    words = f"{len(states)} states differ in about {free} bits"
    if free < LITTLE:
        return failed(f"{words}. That can be guessed; use 128 bits or more of a secure random source.")
    return passed(f"{words}.") if free >= ENOUGH else warned(f"{words}. RFC 6749 asks for 128 bits.")


def steered(seen: Observation) -> Judgement:
    if seen["taken"]:
        return failed(
            f"The page passes on what its caller appends: {', '.join(seen['taken'])}. A stranger's link would choose them."
        )
    return passed("What a stranger appends to the page's address does not get into the request.")


def prefill(seen: Observation) -> Judgement:
    given = {name: value for name, value in _pairs(seen) if name.lower().startswith("prefill")}
    filled = {name: value for name, value in given.items() if value.strip()}
    email, country = filled.get(PREFILL[0]), filled.get(PREFILL[4])
    if not filled:
        return failed("Nothing is filled in for the merchant: the request carries no prefill[…].")
    if email is not None and not EMAIL.fullmatch(email):
        return failed(f"prefill[email] {_is(email)}, which is no email address.")
    if country is not None and not re.fullmatch("[A-Za-z]{2}", country):
        return failed(f"prefill[country_code] {_is(country)}; it is two letters (ISO 3166-1).")
    return passed(f"Filled in for the merchant: {', '.join(filled)}.")


def known(seen: Observation) -> Judgement:
    strange = [name for name, _ in _pairs(seen) if name not in KNOWN]
    meant = [name for name in strange if _plain(name) in MEANT or name.lower().startswith("prefill")]
    if meant:
        return failed(f"GoCardless does not know {', '.join(map(_short, meant))}, and so takes nothing from it.")
    if strange:
        return warned(f"GoCardless does not know {', '.join(map(_short, strange))}. It ignores that.")
    return passed("GoCardless knows every parameter.")


def signup_view(seen: Observation) -> Judgement:
    return _view(seen, "signup")


def login_view(seen: Observation) -> Judgement:
    if seen.get("link") is None:
        return leads(seen)
    return _view(seen, "login")


def language(seen: Observation) -> Judgement:
    found = _value(seen, "language")
    if found is None:
        return passed("No language is asked for: GoCardless takes the browser's.")
    if found in LANGUAGES:
        return passed(f"language is {found}.")
    return failed(f"language {_is(found)}, which is no code of ISO 639-1 (two small letters).")


def no_secret(seen: Observation) -> Judgement:
    named = [name for name, value in _pairs(seen) if PRIVATE.match(name) and value]
    found = [name.replace("_", " ").lower() for name in seen["link"]["secrets"]]
    if found:
        return failed(
            f"The request carries a secret of yours: the {', the '.join(found)}. Everybody on the way can read it; replace it."
        )
    if named:
        return failed(f"The request carries {', '.join(map(_short, named))}, which belongs between servers only.")
    return passed("The request carries no secret, token or code.")


def no_duplicates(seen: Observation) -> Judgement:
    twice = [name for name, times in Counter(name for name, _ in _pairs(seen)).items() if times > 1]
    if twice:
        return failed(
            f"Given more than once: {', '.join(map(_short, twice))}. Which one counts is anybody's guess (RFC 6749, section 3.1)."
        )
    return passed("Every parameter is given once.")


def _view(seen: Observation, wanted: str) -> Judgement:
    """GoCardless shows the sign-up view for read_write unless it is told otherwise, the log-in view for read_only."""
    said = _value(seen, "initial_view")
    if said is not None and said not in VIEWS:
        return failed(f"initial_view {_is(said)}; it must be signup or login.")
    shown = said or ("login" if _value(seen, "scope") == "read_only" else "signup")
    how = "initial_view says so" if said else "which is what GoCardless shows without initial_view"
    return (
        passed(f"Merchants see the {shown} view first: {how}.")
        if shown == wanted
        else failed(f"Merchants see the {shown} view first: {how}. Here it should be {wanted}.")
    )


def _plain(name: str) -> str:
    return re.sub(r"[^a-z]", "", name.lower())


MEANT = frozenset(map(_plain, KNOWN)) | {"redirecturl", "view", "lang", "locale", "initialpage"}
"""What somebody meant who wrote a parameter's name a little otherwise."""


def _pairs(seen: Observation) -> list[tuple[str, str]]:
    return [(name, value) for name, value in seen["link"]["parameters"]]


def _value(seen: Observation, name: str) -> str | None:
    """The first of this name; None when there is none."""
    return next((value for known, value in _pairs(seen) if known == name), None)


def _is(value: str | None) -> str:
    if value is None:
        return "is missing"
    return f"is “{_short(value)}”" if value else "is empty"


def _short(text: str) -> str:
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"


def _from(seen: Mapping[str, Any]) -> str:
    return {
        "page": "your page leads there",
        "link": "it was pasted",
        "visit": "somebody of yours arrived at the sandbox with it",
    }[seen["from"]]

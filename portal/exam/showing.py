"""A trace as it is kept and shown: every secret masked, and each request as a shell command that really repeats it.

What one request learns, another sends: a state that came with a redirect, a code that the sandbox issued, the cookies of a visitor.
The commands hand these on in variables of the shell and a file of cookies, so that all of them in a row do what the check did.
"""

import json
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from portal.exam.rig import Noted
from portal.exam.visitor import ADDRESS
from portal.exchange import Exchange
from portal.runs import curl, masking, recording

LONGEST = 20_000
"""Characters of a body that are shown; the command has all of it."""
CAPTURE = "curl -sS -o /dev/null -w '%{redirect_url}\\n'"
FROM_LOCATION = r"sed -nE 's/.*[?&]state=([^&#]*).*/\1/p'"
FROM_PAGE = r"""sed -nE "s/.*[?&;]state=([^&#\"' ]*).*/\1/p" | head -n 1"""


@dataclass(frozen=True, slots=True)
class Issued:
    """A code that the sandbox made for an experiment, and the lever that makes another (docs/sandbox.md)."""

    code: str = field(repr=False)
    url: str
    """of the lever"""
    asked: Mapping[str, Any]
    guarded: bool = False
    """whether the levers ask for a token"""


@dataclass(frozen=True, slots=True)
class Known:
    """What must not be shown as it is."""

    secrets: Mapping[str, str]
    issued: Sequence[Issued] = ()

    @property
    def everything(self) -> tuple[str, ...]:
        return (*self.secrets.values(), *(one.code for one in self.issued))


def trace(noted: Sequence[Noted], known: Known) -> list[dict[str, Any]]:
    """Each exchange with words, visitor, request, response, milliseconds and problem; JSON."""
    variables = _variables([one.exchange for one in noted])
    hidden = {**known.secrets, **{name: value for value, name in variables.items()}}
    said: set[str] = set()
    return [_shown(one, noted[number + 1 :], known, variables, hidden, said) for number, one in enumerate(noted)]


def observation(seen: Mapping[str, Any], known: Known) -> dict[str, Any]:
    """What was judged, with its secrets masked."""
    plain: dict[str, Any] = json.loads(masking.text(json.dumps(masking.values(dict(seen))), known=known.everything))
    return plain


def words(said: str, known: Known) -> str:
    return masking.text(said, known=known.everything)


def _shown(
    one: Noted, later: Sequence[Noted], known: Known, variables: Mapping[str, str], hidden: Mapping[str, str], said: set[str]
) -> dict[str, Any]:
    exchange = one.exchange
    request, response = recording.masked(exchange, hidden)
    lines = [*_assigned(exchange, known, variables, said), *_command(one, later, variables, hidden, said)]
    request["curl"] = masking.text("\n".join(lines), known=known.secrets.values())
    for part in (request, response or {}):
        part["body"] = _cut(str(part.get("body", "")))
    return {
        "words": one.words,
        "visitor": one.visitor,
        "request": request,
        "response": response,
        "milliseconds": round(exchange.milliseconds, 1),
        "problem": "" if response else masking.text(exchange.response_body, known=known.everything),
    }


def _cut(body: str) -> str:
    return body if len(body) <= LONGEST else f"{body[:LONGEST]}\n… {len(body) - LONGEST:,} more characters"


def _variables(exchanges: Sequence[Exchange]) -> dict[str, str]:
    """Names of the shell's variables by the value: states and codes that requests carry."""
    names: dict[str, str] = {}
    for kind in ("state", "code"):
        sent = dict.fromkeys(value for exchange in exchanges for value in _sent(exchange, kind))
        numbered = enumerate((value for value in sent if len(value) >= masking.SHORT and value not in names), 1)
        names |= {value: f"{kind.upper()}{'' if n == 1 else f'_{n}'}" for n, value in numbered}
    return names


def _sent(exchange: Exchange, name: str) -> Iterator[str]:
    pairs = parse_qsl(urlsplit(exchange.url).query, keep_blank_values=True) if "?" in exchange.url else []
    yield from (value for known, value in pairs if known == name)


def _assigned(exchange: Exchange, known: Known, variables: Mapping[str, str], said: set[str]) -> Iterator[str]:
    """Lines that give this request's variables their values, each once; a state that was learnt has its value already."""
    for kind in ("code", "state"):
        for value in _sent(exchange, kind):
            name = variables.get(value, "")
            if name and name not in said:
                said.add(name)
                issued = next((one for one in known.issued if one.code == value), None)
                yield _another(name, issued) if issued else f"{name}={shlex.quote(value)}"


def _another(name: str, issued: Issued) -> str:
    """A code is good for one use: the sandbox makes another."""
    token = ' -H "Authorization: Bearer ${SANDBOX_LEVERS_TOKEN}"' if issued.guarded else ""
    body = shlex.quote(json.dumps(dict(issued.asked)))
    sent = f"curl -sS -X POST {shlex.quote(issued.url)}{token} -H 'Content-Type: application/json' --data-raw {body}"
    return f'{name}=$({sent} | sed -nE \'s/.*"code": *"([^"]*)".*/\\1/p\')'


def _command(
    one: Noted, later: Sequence[Noted], variables: Mapping[str, str], hidden: Mapping[str, str], said: set[str]
) -> list[str]:
    """The command; one that learns a state for a later request keeps it in its variable."""
    plain = {name: value for name, value in one.exchange.request_headers.items() if name.lower() != "cookie"}
    first, *others = curl.command(replace(one.exchange, request_headers=plain), hidden).split(" \\\n  ")
    jar = [f"-b visitor-{one.visitor}.txt -c visitor-{one.visitor}.txt"] if one.visitor else []
    learnt, from_page = _learnt(one.exchange)
    name = variables.get(learnt, "")
    wanted = {value for after in later for value in _sent(after.exchange, "state")}
    if not name or name in said or learnt not in wanted:
        return [" \\\n  ".join([first, *jar, *others])]
    said.add(name)
    quiet = "curl -sS" if from_page else CAPTURE
    asked = " \\\n  ".join([first.replace("curl -i", quiet, 1), *jar, *others])
    return [f"{name}=$({asked} | {FROM_PAGE if from_page else FROM_LOCATION})"]


def _learnt(exchange: Exchange) -> tuple[str, bool]:
    """The state of the authorization request that an answer leads to, and whether it stood in the page."""
    location = next((value for name, value in exchange.response_headers.items() if name.lower() == "location"), "")
    found = ADDRESS.search(unescape(exchange.response_body)) if not location else None
    address = location or (found[0] if found else "")
    state = next((value for name, value in parse_qsl(address.partition("?")[2]) if name == "state"), "")
    return state, found is not None


def script(entries: Sequence[Mapping[str, Any]], names: Sequence[str]) -> str:
    """All commands of a trace in a row; it stops at once where a secret that it needs is not set."""
    commands = [f"# {one['words']}\n{one['request']['curl']}" for one in entries if one["request"].get("curl")]
    needed = [name for name in names if any(f"${{{name}}}" in command for command in commands)]
    asked = [f': "${{{name}:?set it in your shell first}}"' for name in needed]
    return "\n\n".join([*(["\n".join(asked)] if asked else []), *commands]) + "\n" if commands else ""

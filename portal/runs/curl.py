"""A request as a curl command that repeats it, with variables of the shell where it carried secrets."""

import json
import re
import shlex
from collections.abc import Mapping
from urllib.parse import parse_qsl, quote

from portal.exchange import Exchange
from portal.runs import masking
from portal.runs.masking import VARIABLE

OWN = (
    "accept-encoding",
    "connection",
    "content-length",
    "host",
    "user-agent",
    "gocardless-client-library",
    "gocardless-client-version",
)
"""Headers that curl writes by itself, or that say who called."""
PLACES = re.compile(VARIABLE.format(r"(\w+)"))
FORM = "application/x-www-form-urlencoded"


def command(exchange: Exchange, secrets: Mapping[str, str]) -> str:
    """`secrets` are those of this request by the name of their variable, such as CLIENT_SECRET. No other secret is printed."""
    lines = [f"curl -i -X {exchange.method} {_quoted(masking.url(_placed(exchange.url, secrets)))}"]
    lines += [
        f"-H {_header(name, value, secrets)}" for name, value in exchange.request_headers.items() if name.lower() not in OWN
    ]
    return " \\\n  ".join(lines + _body(exchange, secrets))


def _header(name: str, value: str, secrets: Mapping[str, str]) -> str:
    if name.lower() == "idempotency-key":
        return '"Idempotency-Key: $(date +%s%N)"'  # the same key again would answer with the first resource
    placed = _placed(value, secrets)
    return _quoted(f"{name}: {placed if placed != value else masking.headers({name: value})[name]}")


def _body(exchange: Exchange, secrets: Mapping[str, str]) -> list[str]:
    kind = next((value for name, value in exchange.request_headers.items() if name.lower() == "content-type"), "")
    if not exchange.request_body:
        return []
    if FORM in kind:
        fields = parse_qsl(exchange.request_body, keep_blank_values=True)
        return [f"--data-urlencode {_quoted(f'{name}={_field(name, value, secrets)}')}" for name, value in fields]
    return [f"--data-raw {_quoted(_exact(_placed(exchange.request_body, secrets), kind))}"]


def _exact(said: str, kind: str) -> str:
    """A body without secrets goes as it was, byte for byte: it may be signed."""
    masked = masking.body(said, kind)
    try:
        return said if json.loads(said) == json.loads(masked) else masked
    except (ValueError, RecursionError):
        return masked


def _field(name: str, value: str, secrets: Mapping[str, str]) -> str:
    placed = _placed(value, secrets)
    return placed if placed != value or not masking.is_secret(name) else masking.mask(value)


def _placed(said: str, secrets: Mapping[str, str]) -> str:
    """The text with each known secret replaced by its variable."""
    for name, secret in sorted(secrets.items(), key=lambda pair: len(pair[1]), reverse=True):
        for written in {secret, quote(secret, safe="")} if secret else ():
            said = said.replace(written, VARIABLE.format(name))
    return said


def _quoted(said: str) -> str:
    """For a POSIX shell: single quotes, or double ones around variables."""
    pieces = PLACES.split(said)
    if len(pieces) == 1:
        return shlex.quote(said)
    return '"' + "".join(f"${{{piece}}}" if n % 2 else _escaped(piece) for n, piece in enumerate(pieces)) + '"'


def _escaped(text: str) -> str:
    return "".join(f"\\{c}" if c in '\\"$`' else c for c in text)

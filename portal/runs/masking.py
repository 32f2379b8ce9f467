"""Secrets never reach a page or a row as they are: what is kept of a request or an answer goes through here first."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote, quote_plus, unquote_plus, urlsplit, urlunsplit

GAP = "…"
VARIABLE = "⟦{}⟧"
"""Stands for a variable of the shell in a command that is still being put together (portal.runs.curl); it is no secret."""
SHORTEST = 16
"""Characters of a secret of which a few may be shown."""
SHORT = 6
"""Characters that a known secret must have to be looked for in any text."""
ENDINGS = (
    "token",
    "secret",
    "password",
    "passcode",
    "apikey",
    "authorization",
    "assertion",
    "credential",
    "credentials",
    "cookie",
)
"""Names that end like this have secret values, wherever they stand."""
WHOLE = frozenset(("code", "codeverifier", "state", "privatekey", "signingkey"))
"""Names that are secret as they are, but not as the end of another (branch_code)."""
_NAMES = "|".join((r"[\w.-]*(?:%s)" % "|".join((*ENDINGS, "api[_-]key")), "code", "code_verifier", "state"))  # noqa: UP031 - a pattern full of braces
LOOSE = (
    re.compile(rf"""(?P<name>(?<![\w-])(?:{_NAMES})\s*=\s*["']?)(?P<secret>[^\s"'&<>,;]+)""", re.IGNORECASE),
    re.compile(rf"""(?P<name>["'](?:{_NAMES})["']\s*:\s*["'])(?P<secret>[^"']+)""", re.IGNORECASE),
    re.compile(
        r"""(?P<name>\bauthorization["']?\s*:\s*["']?)(?P<secret>(?:(?:Bearer|Basic|Token)\s+)?[^\s"']+)""", re.IGNORECASE
    ),
)
"""name=value, "name": "value", Authorization: value; in text that is neither a form nor JSON."""
SCHEMES = re.compile(r"^(Bearer|Basic|Token)\s+(.+)$", re.IGNORECASE | re.DOTALL)
LONGEST = 100_000
"""Characters of a body that are kept."""


def mask(secret: str) -> str:
    """The first and last characters of a long secret, so that two can be told apart; nothing of a short one."""
    if VARIABLE[0] in secret:
        return secret
    if len(secret) < SHORTEST:
        return GAP
    shown = 4 if len(secret) >= 2 * SHORTEST else 2
    return f"{secret[:shown]}{GAP}{secret[-shown:]}"


def is_secret(name: str) -> bool:
    plain = re.sub(r"[^a-z0-9]", "", name.lower())
    return plain in WHOLE or plain.endswith(ENDINGS)


def headers(given: Mapping[str, str], *, known: Iterable[str] = ()) -> dict[str, str]:
    """Headers with what they carry masked, in the order given; addresses in them too."""
    return {name: _header(name, value, known) for name, value in given.items()}


def _header(name: str, value: str, known: Iterable[str]) -> str:
    if is_secret(name):
        scheme = SCHEMES.match(value)
        return f"{scheme[1]} {_credentials(scheme[1], scheme[2])}" if scheme else GAP
    return text(url(value) if "://" in value or value.startswith("/") else value, known=known)


def _credentials(scheme: str, value: str) -> str:
    """A name and password in Base64 shows neither end: the last characters are the password's."""
    return GAP if scheme.lower() == "basic" else mask(value)


def url(address: str, *, known: Iterable[str] = ()) -> str:
    """An address without the password, and with the secret ones of its parameters masked; the others stay as they were written."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return text(address, known=known)
    place = parts.netloc
    if "@" in place:
        place = f"{GAP}@{place.rpartition('@')[2]}"
    masked = urlunsplit((parts.scheme, place, parts.path, _query(parts.query), _query(parts.fragment)))
    return text(masked, known=known)


def _query(query: str) -> str:
    return "&".join(_parameter(piece) for piece in query.split("&"))


def _parameter(piece: str) -> str:
    name, equals, value = piece.partition("=")
    return (
        f"{name}={quote(mask(unquote_plus(value))).replace(quote(GAP), GAP)}"
        if equals and value and VARIABLE[0] not in value and is_secret(_bare(name))
        else piece
    )


def _bare(name: str) -> str:
    """`token` of `token`, `data[token]`, `data%5Btoken%5D`."""
    return re.split(r"[\[\]]+", unquote_plus(name).rstrip("]"))[-1]


def body(sent: str, content_type: str = "", *, known: Iterable[str] = ()) -> str:
    """JSON, a form or anything else, with what is secret in it masked; cut when it is very long."""
    return text(_structured(sent, content_type), known=known)[:LONGEST]


def _structured(sent: str, content_type: str) -> str:
    if "x-www-form-urlencoded" in content_type:
        return _query(sent)
    try:
        document = json.loads(sent)
        whole = isinstance(document, dict | list)
        return json.dumps(values(document), ensure_ascii=False, indent=2) if whole else _loosely(sent)
    except (ValueError, RecursionError):
        return _loosely(sent)


def _loosely(said: str) -> str:
    for pattern in LOOSE:
        said = pattern.sub(lambda found: found["name"] + _loose(found["secret"]), said)
    return said


def _loose(secret: str) -> str:
    scheme = SCHEMES.match(secret)
    return f"{scheme[1]} {_credentials(scheme[1], scheme[2])}" if scheme else mask(secret)


def values(document: Any) -> Any:
    """A JSON document with its secrets masked, also those inside its texts."""
    if isinstance(document, dict):
        return {name: _value(str(name), value) for name, value in document.items()}
    if isinstance(document, list):
        return [values(one) for one in document]
    return _loosely(document) if isinstance(document, str) else document


def _value(name: str, value: Any) -> Any:
    if not is_secret(_bare(name)) or isinstance(value, dict | list):
        return values(value)
    if isinstance(value, str):
        return mask(value) if value else value
    is_status = isinstance(value, int) and _bare(name).lower() == "code"  # in an error, where it repeats the HTTP status
    return value if value is None or isinstance(value, bool) or is_status else GAP


def text(said: str, *, known: Iterable[str] = ()) -> str:
    """Any text without these secrets, however they are written in it: a server may repeat what it was sent anywhere."""
    for secret in sorted({one for one in known if len(one) >= SHORT}, key=len, reverse=True):
        for written in _ways(secret):
            said = said.replace(written, mask(secret))
    return said.replace("\0", "\N{SYMBOL FOR NULL}").encode("utf-8", "replace").decode()  # what every database can keep


def _ways(secret: str) -> list[str]:
    ways = {secret, quote(secret, safe=""), quote(secret), quote_plus(secret), json.dumps(secret)[1:-1]}
    return sorted(ways, key=len, reverse=True)

"""Cookies as browsers keep them, as far as a visit of one site needs it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from portal.exam.addresses import parsed

GONE = re.compile(r"(?i)expires=[^;]*\b(?:19\d\d|200\d|201\d)\b|max-age=(?:0|-\d+)\b")
MOST = 50
"""Cookies of one visitor; what comes after them is not kept."""


@dataclass(frozen=True, slots=True)
class Cookie:
    name: str
    value: str
    host: str
    """with a dot before it where it is a whole domain's"""
    path: str
    strict: bool


class Jar:
    """Secure cookies are sent to plain addresses too: those are this machine's, which browsers trust as well."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str, str], Cookie] = {}

    def take(self, url: str, headers: Mapping[str, str]) -> None:
        """Keeps what an answer sets; headers of one name are joined by line breaks."""
        host = parsed(url).hostname or ""
        for name, value in headers.items():
            if name.lower() == "set-cookie":
                for line in value.split("\n"):
                    self._set(line, host)

    def header(self, url: str, *, arriving: bool) -> str:
        """The Cookie header for this address. `arriving` from another site leaves out what is SameSite=Strict."""
        parts = parsed(url)
        sent = [
            c
            for c in self._kept.values()
            if _matches(c, parts.hostname or "", parts.path or "/") and not (arriving and c.strict)
        ]
        return "; ".join(f"{c.name}={c.value}" for c in sorted(sent, key=lambda c: -len(c.path)))

    def _set(self, line: str, host: str) -> None:
        pair, *attributes = line.split(";")
        name, equals, value = pair.strip().partition("=")
        if not equals or not name or not (name + value).isprintable():
            return
        said = dict(part.strip().lower().partition("=")[::2] for part in attributes)
        domain = said.get("domain", "").lstrip(".")
        scope = f".{domain}" if domain and (host == domain or host.endswith(f".{domain}")) else host
        cookie = Cookie(name, value, scope, said.get("path") or "/", said.get("samesite") == "strict")
        key = (cookie.name, cookie.host, cookie.path)
        if any(GONE.search(part) for part in attributes):
            self._kept.pop(key, None)
        elif key in self._kept or len(self._kept) < MOST:
            self._kept[key] = cookie


def _matches(cookie: Cookie, host: str, path: str) -> bool:
    of_host = host == cookie.host.lstrip(".") or (cookie.host.startswith(".") and host.endswith(cookie.host))
    return of_host and (path == cookie.path or path.startswith(cookie.path.rstrip("/") + "/"))

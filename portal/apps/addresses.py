"""Addresses that a partner registers: what each must be, and in which words it is refused."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from portal.apps.parts import Parts, named, number_of, on_this_machine, private, split, unseen

LONGEST = 2000
PLAIN = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]")
"""What RFC 3986 lets stand in an address."""
LABEL = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?")
CONTROL = re.compile(r"%(?:[01][0-9a-f]|7f)", re.IGNORECASE)
BROKEN = re.compile(r"%(?![0-9A-Fa-f]{2})")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with an address: a code for machines, words for the person."""

    code: str
    words: str


def fault(address: str, *, live: bool) -> Fault | None:
    """The first thing that is wrong with an address; None when it can be registered.

    Everything is https. In a sandbox plain http may lead to this machine; in live nothing may.
    """
    parts = split(address)
    return next((found for look in (_written, _placed) for found in look(address, parts)), None) or _reached(parts, live=live)


def _written(address: str, parts: Parts) -> Iterator[Fault]:
    if len(address) > LONGEST:
        yield Fault("long", f"This address has {len(address):,} characters; at most {LONGEST:,} are taken.")
    hidden = next((char for char in address if unseen(char)), "")
    if hidden:
        yield Fault("unseen", f"There is a {named(hidden)} in it, which GoCardless would compare as well. Remove it.")
    if parts.host and not parts.host.isascii():
        yield Fault("unicode_host", f"Write the host name in its ASCII form{_ascii(parts.host)}.")
    if "*" in address:
        yield Fault("wildcard", "A * stands for nothing here: addresses are compared as they are. Register each one.")
    strange = next((char for char in address if not PLAIN.fullmatch(char)), "")
    if strange:
        yield Fault("character", f"The character {strange} ({named(strange)}) cannot stand in an address. Percent-encode it.")
    if BROKEN.search(address):
        yield Fault("percent", "A % must be followed by two hexadecimal digits, such as %20.")
    if CONTROL.search(address):
        yield Fault("control", f"{_first(CONTROL, address)} is a control character, such as a line break. Remove it.")
    if parts.fragment is not None:
        yield Fault("fragment", "Remove the part from # on: browsers do not send it, and OAuth forbids it.")


def _placed(address: str, parts: Parts) -> Iterator[Fault]:
    if (parts.scheme or "").lower() not in ("http", "https"):
        yield Fault("scheme", "Begin with https://")
    if not parts.host:
        yield Fault("no_host", "Name the host, such as https://app.example.com/callback")
    if parts.user is not None:
        yield Fault("user", "Remove the user name before the @.")
    if parts.port is not None and not (parts.port.isdigit() and 0 < int(parts.port[:9]) < 65536):
        yield Fault("port", "The port must be a number from 1 to 65535.")
    if parts.host and not _is_host(parts.host):
        yield Fault("host", f"{parts.host[:100]} is not the name of a host.")


def _reached(parts: Parts, *, live: bool) -> Fault | None:
    host, plain = parts.host or "", (parts.scheme or "").lower() == "http"
    if live and private(host):
        return Fault("private", f"Nobody outside can reach {host}. A live app needs a public address.")
    if plain and (live or not on_this_machine(host)):
        return Fault("http", "Use https: plain http is only for this machine (localhost), and only in a sandbox.")
    return None


def _is_host(host: str) -> bool:
    name = host.removesuffix(".")
    return number_of(host) is not None or (len(name) <= 253 and all(LABEL.fullmatch(label) for label in name.split(".")))


def _ascii(host: str) -> str:
    try:
        return f": {host.encode('idna').decode()}"
    except UnicodeError:
        return ""


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found.group() if found else ""

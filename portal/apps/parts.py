"""The parts of an address exactly as they are written: nothing is decoded, lowered or put right, because GoCardless compares bytes."""

import ipaddress
import re
import unicodedata
from typing import NamedTuple

WHOLE = re.compile(r"(?:([^:/?#]*):)?(?://([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?", re.DOTALL)
"""RFC 3986, appendix B; it fits every text."""
PLACE = re.compile(r"(?:(.*)@)?(\[[^\]]*\]|[^:]*)(?::(.*))?", re.DOTALL)
LOCAL_NAMES = ("localhost", "localhost.localdomain")
INSIDE = (".local", ".internal", ".lan", ".home.arpa", ".test", ".invalid", ".localhost")


class Parts(NamedTuple):
    """None is what is not there; empty is what is there with nothing in it ("https://example.com/?")."""

    scheme: str | None
    user: str | None
    host: str | None
    port: str | None
    path: str
    query: str | None
    fragment: str | None


def split(address: str) -> Parts:
    """Any text at all, hostile or not, in parts."""
    found = WHOLE.fullmatch(address)
    scheme, place, path, query, fragment = found.groups() if found else (None, None, address, None, None)
    where = PLACE.fullmatch(place) if place is not None else None
    user, host, port = where.groups() if where else (None, place, None)
    return Parts(scheme, user, host, port, path or "", query, fragment)


def on_this_machine(host: str) -> bool:
    """Whether a host can only mean the machine that asks."""
    number = number_of(host)
    return number.is_loopback if number else host.lower().rstrip(".") in LOCAL_NAMES or host.lower().endswith(".localhost")


def private(host: str) -> bool:
    """Whether nobody outside can reach it: a local number, a name without a dot, or one of a local network."""
    number = number_of(host)
    if number:
        return not number.is_global
    name = host.lower().rstrip(".")
    return "." not in name or name.endswith(INSIDE) or on_this_machine(name)


def number_of(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The IP address that a host is; None for a name."""
    try:
        return ipaddress.ip_address(host.removeprefix("[").removesuffix("]"))
    except ValueError:
        return None


def named(char: str) -> str:
    """A character by its name, so that one can find what one cannot see."""
    return f"{unicodedata.name(char, 'control character').lower()} (U+{ord(char):04X})"


def unseen(char: str) -> bool:
    """Whether a person cannot see it: spaces of every kind, controls, joiners, marks of direction."""
    return char.isspace() or unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zs", "Zl", "Zp")


def host_of(address: str) -> str:
    return (split(address).host or "").lower()


def path_of(address: str) -> str:
    return split(address).path


def place_of(address: str) -> str:
    """Host and port, which tell one environment from another."""
    parts = split(address)
    usual = {"http": "80", "https": "443"}.get((parts.scheme or "").lower(), "")
    return f"{(parts.host or '').lower()}:{parts.port or usual}"

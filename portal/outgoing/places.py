"""Reads an address that a person typed: what it says, and whether it may be called as far as one can tell without asking."""

import re
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from urllib.parse import SplitResult, quote, urlsplit

from portal.outgoing import addresses
from portal.outgoing.addresses import Address
from portal.outgoing.refused import BadUrl, Forbidden

LONGEST = 2048
PORTS = frozenset({80, 443, 8080, 8443})
STANDARD = {"https": 443, "http": 80}
NAME = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)(\.(?!-)[a-z0-9_-]{1,63}(?<!-))*", re.ASCII)
NUMERIC = re.compile(r"(.*\.)?([0-9]+|0x[0-9a-f]*)", re.ASCII)
"""A host whose last part is a number is read as an IPv4 address by somebody (https://url.spec.whatwg.org/#ends-in-a-number-checker)."""
INSIDE = (
    "localhost", "local", "localdomain", "internal", "intranet", "lan", "home", "corp", "private", "home.arpa", "onion", "invalid"
)  # fmt: skip
"""Ends of names that only mean something inside a network."""
PRINTED = "/%:@!$&'()*+,;=~-._?"
"""What stays as it is in a path and a query; anything else is percent-encoded."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a request goes. `name` is the host as the certificate and the Host header have it."""

    scheme: str
    name: str
    port: int
    target: str
    """path and query, as the first line of the request has it"""
    literal: Address | None

    @property
    def host(self) -> str:
        """As the Host header has it."""
        shown = f"[{self.name}]" if isinstance(self.literal, IPv6Address) else self.name
        return shown if self.port == STANDARD[self.scheme] else f"{shown}:{self.port}"

    @property
    def here(self) -> bool:
        """Whether it says that it means this machine."""
        return addresses.is_loopback(self.literal) if self.literal else _ends(self.name, "localhost")


def check(url: str, *, plain: bool = False) -> None:
    """For forms: raises BadUrl or Forbidden when this address cannot or may not be called; nobody is asked.

    `plain` allows http:// as well; without it, only to this machine and where that is allowed.
    """
    place = read(url)
    may_go(place, here=place.here and addresses.loopback_allowed(), plain=plain)
    if place.literal and not addresses.allowed(place.literal):
        raise Forbidden(f"{place.name} is not a public address. The portal only calls addresses that everybody can reach.")
    if not place.literal and not (place.here and addresses.loopback_allowed()):
        _refuse_inside(place.name)


def may_go(place: Place, *, here: bool, plain: bool) -> None:
    """Whether scheme and port are allowed; `here` when the connection stays on this machine, and that is allowed."""
    if here:
        return
    if place.scheme == "http" and not plain:
        raise BadUrl("The address must begin with https://, so that what is sent to it cannot be read on the way.")
    if place.port not in PORTS:
        raise Forbidden(f"Port {place.port} is not one that the portal calls. It calls 443, 8443, 80 and 8080.")


def read(url: str) -> Place:
    """What an address says. Raises BadUrl."""
    _refuse_characters(url)
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise BadUrl("This is not an address. It should look like https://www.example.com/path.") from error
    scheme = parts.scheme.lower()
    if scheme not in STANDARD:
        raise BadUrl("The address must begin with https://.")
    if "@" in parts.netloc:
        raise BadUrl("The address holds a user name or a password before the @. Leave it out.")
    if not host:
        raise BadUrl("The address has no host name. It should look like https://www.example.com/path.")
    name, literal = _host(host)
    return Place(scheme, name, STANDARD[scheme] if port is None else port, _target(parts), literal)


def _refuse_characters(url: str) -> None:
    if len(url) > LONGEST:
        raise BadUrl(f"The address is longer than {LONGEST} characters.")
    if any(char.isspace() or not char.isprintable() or char == "\\" for char in url):
        raise BadUrl("The address holds a space, a line break or another character that addresses do not have.")


def _host(host: str) -> tuple[str, Address | None]:
    """The name as it is looked up, and the address when it is one. Only the usual notation is taken for an address."""
    if ":" in host:
        return host, _literal_v6(host)
    try:
        name = host.encode("idna").decode("ascii").lower().removesuffix(".")
    except UnicodeError as error:
        raise BadUrl(f"“{host}” is not a host name.") from error
    if NUMERIC.fullmatch(name):
        return name, _literal_v4(name)
    if len(name) > 253 or not NAME.fullmatch(name):
        raise BadUrl(f"“{host}” is not a host name.")
    return name, None


def _literal_v4(name: str) -> IPv4Address:
    try:
        return IPv4Address(name)
    except AddressValueError as error:
        raise BadUrl(f"“{name}” is an unusual way to write an address. Write four numbers with dots, or a name.") from error


def _literal_v6(host: str) -> IPv6Address:
    if "%" in host:
        raise Forbidden("The address names a network card of this machine.")
    try:
        return IPv6Address(host)
    except AddressValueError as error:
        raise BadUrl(f"“{host}” is not an address.") from error


def _refuse_inside(name: str) -> None:
    if "." not in name or any(_ends(name, end) for end in INSIDE):
        raise Forbidden(f"“{name}” is a name inside a network. The portal only calls names that everybody can reach.")


def _ends(name: str, end: str) -> bool:
    return name == end or name.endswith(f".{end}")


def _target(parts: SplitResult) -> str:
    query = f"?{quote(parts.query, safe=PRINTED)}" if parts.query else ""
    return quote(parts.path or "/", safe=PRINTED.replace("?", "")) + query

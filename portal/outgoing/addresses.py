"""Which addresses may be called: those of the public internet, and in development this machine's own."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

Address = IPv4Address | IPv6Address

PUBLIC_V6 = ip_network("2000::/3")
"""All that is given out for the public internet; everything else of IPv6 is somebody's own."""
NEVER = tuple(
    ip_network(network)
    for network in (
        # https://www.iana.org/assignments/iana-ipv4-special-registry. Named one by one: Python 3.11 calls some of them global
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",  # behind a carrier's translation; one cloud keeps its metadata there
        "127.0.0.0/8",
        "169.254.0.0/16",  # link-local, and the metadata of most clouds
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",
        "168.63.129.16/32",  # a cloud's host, seen from its machines
        # https://www.iana.org/assignments/iana-ipv6-special-registry, within the public part
        "2001::/23",  # Teredo carries an IPv4 address; the rest is for protocols
        "2001:db8::/32",
        "2002::/16",  # 6to4 carries an IPv4 address
        "2620:4f:8000::/48",
        "3fff::/20",
    )
)
LOOPBACK = (ip_network("127.0.0.0/8"), ip_network("::1/128"))
ISATAP = (0x00005EFE, 0x02005EFE)
"""The third quarter of an address whose last quarter is an IPv4 address (RFC 5214)."""


class _Allowed:
    """Whether addresses of this machine may be called: in development and tests."""

    loopback = False


def configure(*, loopback: bool) -> None:
    """Called once when the application is made."""
    _Allowed.loopback = loopback


def loopback_allowed() -> bool:
    return _Allowed.loopback


def is_loopback(address: Address) -> bool:
    return _in(address, LOOPBACK)


def allowed(address: Address) -> bool:
    """Whether it is public, or this machine where that is allowed."""
    return (_Allowed.loopback and is_loopback(address)) or _public(address)


def allowed_text(address: str) -> bool:
    """The same for an address as a resolver gives it; one that belongs to a network card never is."""
    return "%" not in address and allowed(ip_address(address))


def _public(address: Address) -> bool:
    if _in(address, NEVER) or address.is_multicast:
        return False
    if isinstance(address, IPv4Address):
        return address.is_global
    return address in PUBLIC_V6 and (int(address) >> 32) & 0xFFFFFFFF not in ISATAP


def _in(address: Address, networks: tuple[object, ...]) -> bool:
    return any(address in network for network in networks)  # type: ignore[operator]  # of either version; the other's are never in it

"""The only file that sends HTTP to an address that a user typed: it checks every address it connects to."""

import ipaddress
import socket
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import NewConnectionError

NEVER = tuple(
    ipaddress.ip_network(network)
    for network in (
        "0.0.0.0/8",
        "192.0.0.0/24",
        "192.88.99.0/24",
        "fec0::/10",
        "2001::/32",
        "2002::/16",
        "64:ff9b::/96",
        "64:ff9b:1::/48",
    )
)


def is_public(address: str) -> bool:
    """Whether this address may be called from a server that strangers can point somewhere."""
    ip: ipaddress.IPv4Address | ipaddress.IPv6Address = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    return ip.is_global and not ip.is_multicast and not any(ip in network for network in NEVER if network.version == ip.version)


def session(*, private: bool) -> requests.Session:
    """A session that follows no proxies of the environment; ``private`` allows addresses of this machine and network."""
    made = requests.Session()
    made.trust_env = False
    if not private:
        made.mount("http://", _CheckedAdapter())
        made.mount("https://", _CheckedAdapter())
    return made


def _connect(self: Any) -> socket.socket:
    """Looks the name up once, refuses unless every address is public, and connects to the first of those it checked."""
    found = socket.getaddrinfo(self._dns_host, self.port, type=socket.SOCK_STREAM)
    if not found or not all(is_public(str(entry[4][0])) for entry in found):
        raise NewConnectionError(self, "This address is not public, so the sandbox does not call it")
    family, kind, protocol, _, place = found[0]
    sock = socket.socket(family, kind, protocol)
    sock.settimeout(self.timeout if isinstance(self.timeout, int | float) else None)
    try:
        sock.connect(place)
    except OSError as problem:
        sock.close()
        raise NewConnectionError(self, str(problem)) from problem
    return sock


class _CheckedHTTP(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return _connect(self)


class _CheckedHTTPS(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return _connect(self)


class _HTTPPool(HTTPConnectionPool):
    ConnectionCls = _CheckedHTTP


class _HTTPSPool(HTTPSConnectionPool):
    ConnectionCls = _CheckedHTTPS


class _CheckedAdapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **more: Any) -> None:
        super().init_poolmanager(*args, **more)
        self.poolmanager.pool_classes_by_scheme = {"http": _HTTPPool, "https": _HTTPSPool}

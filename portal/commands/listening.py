"""Where the portal listens, and whether those places are free."""

import socket

LOOPBACK = "127.0.0.1"


def addresses(host: str, port: int) -> list[tuple[str, int]]:
    """Host and port to listen at; on loopback also IPv6's, because browsers try it first for `localhost`."""
    if host == LOOPBACK and _free("::1", 0):
        return [(host, port), ("::1", port)]
    return [(host, port)]


def taken(host: str, port: int) -> bool:
    """Whether another program listens there already."""
    return not all(_free(*address) for address in addresses(host, port))


def as_text(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError:
        return False
    return True

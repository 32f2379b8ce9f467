"""Addresses as the other side writes them: read without stumbling, whatever they are."""

from urllib.parse import SplitResult, parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

PORTS = {"https": 443, "http": 80}
MOST_PARAMETERS = 200
AUTHORIZE = "/oauth/authorize"


def parsed(url: str) -> SplitResult:
    """In its parts; empty ones when it is no address."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return urlsplit("")
    return parts


def place(url: str) -> tuple[str | None, int | None]:
    """Host and port."""
    parts = parsed(url)
    return parts.hostname, parts.port or PORTS.get(parts.scheme)


def parameters(url: str) -> list[tuple[str, str]]:
    """The query, in its order; nothing of one that has no end."""
    try:
        return parse_qsl(parsed(url).query, keep_blank_values=True, max_num_fields=MOST_PARAMETERS)
    except ValueError:
        return []


def joined(base: str, location: str) -> str:
    """Where a redirect leads to; empty when that is no address."""
    try:
        return urljoin(base, location.split("\n", maxsplit=1)[0].strip())
    except ValueError:
        return ""


def added(url: str, **values: str | None) -> str:
    """With these parameters beside its own."""
    parts = parsed(url)
    more = urlencode({name: value for name, value in values.items() if value is not None})
    return urlunsplit(parts._replace(query="&".join(filter(None, (parts.query, more)))))

"""Absolute links for mails, which are written without a request (by the worker too)."""

from werkzeug.routing import Map, MapAdapter

_adapters: list[MapAdapter] = []


def configure(address: str, urls: Map) -> None:
    """Links begin with this address (without a slash at its end) and lead to these pages."""
    scheme, _, host = address.partition("://")
    _adapters[:] = [urls.bind(host, url_scheme=scheme)]


def link(endpoint: str, *, _anchor: str = "", **values: object) -> str:
    """The absolute URL of a page. Raises werkzeug.routing.BuildError for one that does not exist."""
    url = _adapters[0].build(endpoint, values, force_external=True)
    return f"{url}#{_anchor}" if _anchor else url


def address() -> str:
    """The portal's front door."""
    return f"{_adapters[0].url_scheme}://{_adapters[0].server_name}/"

"""A merchant's browser at the partner's pages: cookies of its own, redirects followed on their side, and never to GoCardless."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from portal.exam.addresses import AUTHORIZE, PORTS, joined, parsed, place
from portal.exam.cookies import Jar
from portal.exchange import Exchange
from portal.outgoing import NotSent

if TYPE_CHECKING:
    from portal.exam.rig import Rig

MOST_STEPS = 5
ADDRESS = re.compile(r"""https?://[^\s"'<>\\]+/oauth/authorize\?[^\s"'<>\\]+""")
BROWSER = {
    "Accept": "text/html,application/xhtml+xml",
    "Accept-Language": "en",
    "User-Agent": "Mozilla/5.0 (partner-portal checks)",
}


@dataclass(frozen=True, slots=True)
class Page:
    """Where a visit ended. `status` None: nothing came, and `problem` says why in words (`code` in one word)."""

    url: str
    status: int | None
    headers: Mapping[str, str] = field(default_factory=dict)
    text: str = ""
    leaves_for: str = ""
    """The absolute address of a redirect that was not followed: another host's, or one too many."""
    problem: str = ""
    code: str = ""
    milliseconds: float = 0.0
    """Of the whole visit."""
    path: tuple[str, ...] = ()
    """Every address that was asked for, in order."""

    @property
    def ok(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def survived(self) -> bool:
        """Whether their side answered at all, and not with a failure of its own."""
        return self.status is not None and self.status < 500

    @property
    def authorization(self) -> str:
        """The authorization request that this page leads to, by redirect or by a link in it; empty when there is none."""
        if parsed(self.leaves_for).path == AUTHORIZE:
            return self.leaves_for
        found = ADDRESS.search(unescape(self.text)) if self.ok else None
        return found[0] if found and parsed(found[0]).path == AUTHORIZE else ""


class Visitor:
    """Made by `Rig.visitor`. Nothing raises: what goes wrong is in the page."""

    def __init__(self, rig: Rig, number: int) -> None:
        self._rig, self.number, self._jar = rig, number, Jar()

    def get(self, url: str, words: str = "", *, arriving: bool = False) -> Page:
        """A page. `arriving` when another site sent the visitor, as GoCardless does: cookies with SameSite=Strict stay behind."""
        return self._visit("GET", url, b"", words, arriving=arriving)

    def arrive(self, url: str, words: str) -> Page:
        return self.get(url, words, arriving=True)

    def post(self, url: str, form: Mapping[str, str], words: str = "") -> Page:
        return self._visit("POST", url, urlencode(form).encode(), words, arriving=False)

    def _visit(self, method: str, url: str, body: bytes, words: str, *, arriving: bool) -> Page:
        path: list[str] = []
        taken = 0.0
        while True:
            path.append(url)
            exchange = self._once(method, url, body, words if len(path) == 1 else "Where it redirects to", arriving=arriving)
            if isinstance(exchange, NotSent):
                return Page(url, None, problem=exchange.words, code=exchange.code, milliseconds=taken, path=tuple(path))
            taken += exchange.milliseconds
            further = _redirect(exchange)
            if not further or len(path) > MOST_STEPS or not self._own(further):
                return _page(exchange, further, taken, path)
            if exchange.status in (301, 302, 303):
                method, body = "GET", b""
            url = further

    def _once(self, method: str, url: str, body: bytes, words: str, *, arriving: bool) -> Exchange | NotSent:
        head = dict(BROWSER)
        head |= {"Content-Type": "application/x-www-form-urlencoded"} if method == "POST" else {}
        cookies = self._jar.header(url, arriving=arriving)
        head |= {"Cookie": cookies} if cookies else {}
        exchange = self._rig.send(method, url, head, body, words=words or f"A visit of {parsed(url).path}", visitor=self.number)
        if isinstance(exchange, Exchange):
            self._jar.take(url, exchange.response_headers)
        return exchange

    def _own(self, url: str) -> bool:
        """Whether an address is on the partner's side: a host that they declared, and never GoCardless's."""
        host, port = place(url)
        if any(place(known) == (host, port) for known in self._rig.places.values()):
            return False
        declared = [place(one) for one in self._rig.declared]
        return any((host, port) == one or (port in PORTS.values() and host == one[0]) for one in declared)


def _redirect(exchange: Exchange) -> str:
    """The absolute address that an answer redirects to."""
    location = next((value for name, value in exchange.response_headers.items() if name.lower() == "location"), "")
    if exchange.status not in (301, 302, 303, 307, 308) or not location:
        return ""
    return joined(exchange.url, location)


def _page(exchange: Exchange, further: str, taken: float, path: list[str]) -> Page:
    return Page(
        url=exchange.url,
        status=exchange.status,
        headers=exchange.response_headers,
        text=exchange.response_body,
        leaves_for=further,
        milliseconds=taken,
        path=tuple(path),
    )

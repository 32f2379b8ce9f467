"""What home costs on the wire, as a browser gets it: the first visit with everything it links to, and every visit after."""

import tempfile
from collections.abc import Iterator
from http.client import HTTPResponse
from pathlib import Path
from urllib.parse import urldefrag, urljoin

from selectolax.lexbor import LexborHTMLParser

from bench._portal import cookie, environment, with_demo
from bench._serving import Served
from bench.figures import Figure

ENCODINGS = "gzip, deflate, br, zstd"
"""What Chromium says."""
FIRST, AFTER = 100.0, 20.0
PERSON = "jonas"
KEPT = "immutable"


def run() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        app = with_demo(Path(folder) / "portal")
        with Served("portal:create_app()", environment(app.settings.instance)) as served:
            person = cookie(app, PERSON)
            answer, page = served.ask("/", cookie=person, encodings=ENCODINGS)
            html, kept, again = _size(answer, page), 0, 0
            plain = served.ask("/", cookie=person)[1].decode()
            links = _linked(plain)
            for link in links:
                answer, body = served.ask(link, cookie=person, encodings=ENCODINGS)
                if KEPT in (answer.headers["Cache-Control"] or ""):
                    kept += _size(answer, body)
                else:
                    again += _size(answer, body)
            yield Figure("wire.home.first", (html + kept + again) / 1000, "KB", "<=", FIRST)
            yield Figure("wire.home.after", (html + again) / 1000, "KB", "<=", AFTER)
            yield Figure("wire.home.html", len(plain) / 1000, "KB of HTML before compression")
            yield Figure("wire.home.requests", 1 + len(links), "requests on a first visit")


def _size(answer: HTTPResponse, body: bytes) -> int:
    """Status line, headers and body."""
    return len(body) + sum(len(name) + len(value) + 4 for name, value in answer.getheaders()) + 17


def _linked(page: str) -> list[str]:
    """Every file of ours that the page makes a browser fetch, once each."""
    found = []
    for node in LexborHTMLParser(page).css("link[href], script[src], img[src], use[href]"):
        url = node.attributes.get("src") or node.attributes.get("href") or ""
        found.append(urldefrag(urljoin("/", url)).url)
    return sorted({url for url in found if url.startswith("/static/")})

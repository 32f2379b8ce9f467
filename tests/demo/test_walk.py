"""Every page that a person of the demo data can reach by links answers 200, with few statements."""

from urllib.parse import urldefrag, urlsplit

import pytest
from selectolax.lexbor import LexborHTMLParser

from portal import demo
from tests.statements import MOST as STATEMENTS
from tests.statements import counted

MOST = 45
"""Pages a person; beyond that they repeat themselves."""
ONCE = ("/files/", "/staff/partners/", "/staff/reviews/", "/staff/registrations/", "/staff/mail/", "/build/")
SOME = 12
"""Of pages that differ only in what they are about, so many."""


@pytest.mark.parametrize("username", [person.username for person in demo.sign_ins().people])
def test_every_page_answers(played, username):
    client = played.client(username)
    seen, waiting = set(), ["/"]
    while waiting and len(seen) < MOST:
        path = waiting.pop(0)
        if path in seen or _enough(path, seen):
            continue
        seen.add(path)
        with counted() as ran:
            response = client.get(path)
        assert response.status_code in (200, 302), f"{username}: {path}"
        assert len(ran) <= STATEMENTS, f"{username}: {path} took {len(ran)} statements"
        if response.status_code == 302:
            waiting.append(response.location)
        elif response.mimetype == "text/html":
            waiting += _links(response.text, path)
        response.close()
    assert len(seen) > 3


def _enough(path, seen):
    kind = next((prefix for prefix in ONCE if path.startswith(prefix)), None)
    return kind is not None and sum(one.startswith(kind) for one in seen) >= SOME


def _links(text, base):
    """The places on our own site that this page leads to."""
    for node in LexborHTMLParser(text).css("a[href]"):
        url = urldefrag(node.attributes["href"] or "").url
        parts = urlsplit(url)
        if parts.netloc and parts.netloc not in ("localhost", "localhost:5000"):
            continue
        if url.startswith("?"):
            yield base.partition("?")[0] + url
        elif parts.path.startswith("/"):
            yield parts.path + (f"?{parts.query}" if parts.query else "")

"""Every page that a person can reach: by following what pages lead to, and by asking at every door that is open."""

from collections import Counter
from urllib.parse import parse_qs, urldefrag, urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

LEADING = ("href", "src", "hx-get", "data-poll", "action")
"""Attributes that name an address; forms only when they ask by GET."""
ASKED_BY = ({}, {"X-Requested-With": "fetch"}, {"HX-Request": "true"})
"""As a person does, as our scripts do, as htmx does."""


def crawl(client, starts, *, asked_by=ASKED_BY, alike=6):
    """Yield (address, answer) of everything that these addresses lead to on our own site, each once and asked each way.

    Of addresses that differ only in the values of their query, `alike` are enough.
    """
    waiting, seen, shapes = list(starts), set(), Counter()
    while waiting:
        url = waiting.pop(0)
        if url in seen or shapes[_shape(url)] >= alike:
            continue
        seen.add(url)
        shapes[_shape(url)] += 1
        for headers in asked_by:
            answer = client.get(url, headers=headers)
            yield url, answer
            waiting += [found for found in leads(answer, url) if found not in seen]
            answer.close()


def _shape(url):
    parts = urlsplit(url)
    return parts.path, frozenset(parse_qs(parts.query))


def leads(answer, base):
    """The addresses of our own site that an answer names."""
    found = [answer.location] if answer.location else []
    if answer.mimetype == "text/html" and not answer.is_streamed:
        found += _named(answer.get_data(as_text=True))
    for url in found:
        whole = urlsplit(urldefrag(urljoin(f"http://localhost{base}", url)).url)
        if whole.netloc == "localhost" and not whole.path.startswith("/static/"):
            yield whole.path + (f"?{whole.query}" if whole.query else "")


def _named(text):
    for node in LexborHTMLParser(text).css("*"):
        if node.tag == "form" and (node.attributes.get("method") or "get").lower() != "get":
            continue
        yield from (node.attributes[name] for name in LEADING if node.attributes.get(name))


def doors(app, method="GET"):
    """Every rule that answers to this method, by endpoint."""
    return {rule.endpoint: rule for rule in app.url_map.iter_rules() if method in rule.methods}


def address(app, rule, values):
    """Where a rule leads with these values for its arguments; None when one of them is missing."""
    if not rule.arguments <= set(values):
        return None
    return app.url_map.bind("localhost").build(rule.endpoint, {name: values[name] for name in rule.arguments})

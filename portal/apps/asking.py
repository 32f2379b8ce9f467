"""The part of the pre-flight that asks: whether both hosts answer, are a GoCardless, know the app, and agree with our clock.

Only GETs, only to hosts of the settings, no redirect is followed. Slow: call it without an open transaction.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests

from portal import clock, exchange
from portal.apps.finding import Finding
from portal.gocardless import Place

TIMEOUT = (2, 4)
"""Seconds to connect, and to wait for an answer: a person is waiting, too."""
SKEW = 60
"""Seconds by which clocks may differ before it is worth a word."""
VERSION = "2015-07-06"
NAMES = {"connect": "connect host", "api": "API host"}


@dataclass(frozen=True, slots=True)
class Link:
    """What is asked of the authorise page: the link that a run would send a merchant to."""

    client_id: str
    redirect_uri: str
    scope: str = "read_write"


def ask(place: Place, link: Link) -> list[Finding]:
    """Both hosts, each once. A clock that differs is named once."""
    return list({finding.code: finding for finding in (*_connect(place, link), *_api(place))}.values())


def connect(place: Place, link: Link) -> list[Finding]:
    """The authorise page alone."""
    return list(_connect(place, link))


def creditor(place: Place, token: str) -> tuple[str, list[Finding]]:
    """The name of the creditor behind a token, read and forgotten at once; or what is wrong. The token is not in the words."""
    answer, found = _get("api", f"{place.api_url}/creditors", {"limit": "1"}, {"Authorization": f"Bearer {token}"})
    if answer is None:
        return "", found
    if answer.status_code == 401:
        words = "The API does not take this token: it is of the sandbox, was revoked, or was cut off when it was copied."
        return "", [Finding("token_refused", words, f"HTTP {answer.status_code}")]
    rows = _object(answer).get("creditors")
    if answer.status_code != 200 or not isinstance(rows, list):
        return "", [Finding("api_unexpected", "The API answered with something else than creditors.", _seen(answer))]
    first = rows[0] if rows and isinstance(rows[0], dict) else {}
    return str(first.get("name") or "an account without a creditor")[:200], found


def _connect(place: Place, link: Link) -> Iterator[Finding]:
    sent = {"response_type": "code", "client_id": link.client_id, "redirect_uri": link.redirect_uri, "scope": link.scope}
    answer, found = _get("connect", f"{place.connect_url}/oauth/authorize", sent)
    yield from found
    if answer is None:
        return
    if 300 <= answer.status_code < 400:
        yield from _sent_back(answer, link)
    elif answer.status_code == 404 or not _is_page(answer):
        words = "The connect host answers, but with something that is no page of GoCardless."
        yield Finding("connect_unexpected", words, _seen(answer))
    elif answer.status_code >= 400:
        words = "GoCardless refuses the link: it does not know this client id, or this redirect URI is not registered with it."
        yield Finding("link_refused", words, _seen(answer), "credentials")


def _sent_back(answer: requests.Response, link: Link) -> Iterator[Finding]:
    """A redirect to the app itself carries an error; one to GoCardless's own sign-in is how it should be."""
    target = answer.headers.get("Location", "")
    error = parse_qs(urlsplit(target).query).get("error", [""])[0]
    if target.startswith(link.redirect_uri) and error:
        yield Finding("link_error", f"GoCardless sends the merchant straight back with the error {error[:60]}.", _seen(answer))


def _api(place: Place) -> Iterator[Finding]:
    """Without a token the API refuses, in its own shape."""
    answer, found = _get("api", f"{place.api_url}/creditors", {"limit": "1"})
    yield from found
    if answer is not None and not isinstance(_object(answer).get("error"), dict):
        yield Finding("api_unexpected", "The API host answers, but not as the GoCardless API does.", _seen(answer))


def _get(
    host: str, url: str, query: dict[str, str], headers: dict[str, str] | None = None
) -> tuple[requests.Response | None, list[Finding]]:
    """The answer and what is odd about it; no answer, and why."""
    failed = partial(_failed, host, url)
    sent = {"GoCardless-Version": VERSION, "Accept": "*/*", **(headers or {})}
    try:
        answer = exchange.session(None).get(url, params=query, headers=sent, timeout=TIMEOUT, allow_redirects=False)
    except requests.Timeout:
        return None, [failed("timeout", "does not answer in time")]
    except requests.exceptions.SSLError:
        return None, [failed("tls", "does not show a certificate that can be trusted")]
    except requests.RequestException as error:
        return None, [failed("unreachable", "cannot be found" if "resolve" in str(error).lower() else "cannot be reached")]
    if answer.status_code >= 500:
        return None, [replace(failed("failed", "has a problem of its own"), detail=_seen(answer)), *_skew(answer)]
    return answer, _skew(answer)


def _failed(host: str, url: str, code: str, words: str) -> Finding:
    return Finding(f"{host}_{code}", f"The {NAMES[host]} {words}.", url)


def _skew(answer: requests.Response) -> list[Finding]:
    try:
        theirs = parsedate_to_datetime(answer.headers.get("Date", ""))
        seconds = round((clock.now() - theirs).total_seconds())
    except (ValueError, TypeError):
        return []  # no date, or none that can be read: nothing to compare
    if abs(seconds) <= SKEW:
        return []
    words = f"This machine's clock is {abs(seconds):,} seconds {'ahead of' if seconds > 0 else 'behind'} GoCardless's."
    return [Finding("clock_skew", words, f"Date: {answer.headers['Date']}", stops=False)]


def _is_page(answer: requests.Response) -> bool:
    return answer.headers.get("Content-Type", "").startswith("text/html") and "gocardless" in answer.text[:200_000].lower()


def _object(answer: requests.Response) -> dict[str, Any]:
    try:
        body = answer.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _seen(answer: requests.Response) -> str:
    """What came back, in a line: no body, which may be anything."""
    return f"HTTP {answer.status_code}, {answer.headers.get('Content-Type', 'no content type')[:80]}"

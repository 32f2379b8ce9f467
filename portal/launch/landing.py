"""Looks at a landing page as a visitor would, and tells in words what it found: advice for the partner, never a lock."""

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from html.parser import HTMLParser
from typing import Any, Literal
from urllib.parse import urldefrag, urljoin, urlsplit

from portal import clock, outbox, outgoing
from portal.extensions import db
from portal.models.listing import Listing
from portal.models.outbox import Task

SECONDS, MOST_BYTES, MOST_REDIRECTS = 10.0, 2_000_000, 5
Tone = Literal["success", "warning", "danger"]
START = re.compile(
    r"\b(connect|get started|sign ?up|start|try|set ?up|join|book a demo|activate|switch on|enable|add)\b", re.IGNORECASE
)
HELP = re.compile(r"\b(help|support|guide|documentation|docs|faq|how it works|how to)\b", re.IGNORECASE)
WAYS = re.compile(
    r"\b(direct debit|pay by bank|open banking|bank payments?|sepa|bacs|becs|ach|autogiro|betalingsservice|lastschrift)\b",
    re.IGNORECASE,
)
PRICE = re.compile(r"\d([.,]\d+)?\s?%\s*(\+|plus)\s*([£€$]\s?\d|\d+\s?p\b)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked for. A warning is advice; danger means that visitors cannot use the page."""

    tone: Tone
    words: str


@dataclass(frozen=True, slots=True)
class About:
    """Whom the page is about."""

    names: tuple[str, ...]
    start_url: str


@dataclass(frozen=True, slots=True)
class Visit:
    """What came back, after which redirects."""

    url: str
    redirects: tuple[str, ...]
    status: int
    media_type: str
    text: str


class NoPage(Exception):
    """No page came back; the words say why."""


def ask(listing: Listing) -> None:
    """Have the landing page of the draft looked at, soon. Without an address there is nothing to find."""
    url = str(listing.draft.get("landing_url", ""))
    listing.landing = {"url": url, "at": None, "findings": []} if url else None
    if url:
        outbox.enqueue(Task.LANDING, {"listing_id": listing.id}, title=f"Look at the landing page of listing {listing.key}")


def process(listing_id: int) -> None:
    """The worker's part. A page that was exchanged meanwhile has a row of its own in the outbox."""
    listing = db.session.get(Listing, listing_id)
    if listing is None or not listing.landing:
        return
    url, names = listing.landing["url"], (str(listing.draft.get("name", "")), listing.partner.name)
    about = About(tuple(name for name in names if name), str(listing.draft.get("start_url", "")))
    db.session.rollback()
    found = look(url, about)
    listing = db.session.get_one(Listing, listing_id, with_for_update=True)
    if listing.landing and listing.landing["url"] == url:
        listing.landing = told(url, found, clock.now())


def told(url: str, found: list[Finding], at: datetime) -> dict[str, Any]:
    """What is kept of a visit."""
    return {"url": url, "at": at.isoformat(), "findings": [asdict(one) for one in found]}


def look(url: str, about: About) -> list[Finding]:
    """Ask for the page and read it. Raises nothing: whatever goes wrong is a finding."""
    try:
        visit = _visit(url)
    except NoPage as none:
        return [Finding("danger", str(none))]
    return [*_journey(url, visit), *(read(visit.text, about) if _is_page(visit) else [])]


def _visit(url: str) -> Visit:
    redirects: list[str] = []
    while True:
        answer = _asked(url)
        target = urldefrag(urljoin(url, answer.header("Location"))).url if 300 <= answer.status < 400 else ""
        if not target or not answer.header("Location"):
            return Visit(url, tuple(redirects), answer.status, _media_type(answer), _text(answer))
        if len(redirects) >= MOST_REDIRECTS or target in (url, *redirects):
            raise NoPage("The page redirects again and again, so that no visitor arrives.")
        redirects.append(target)
        url = target


def _asked(url: str) -> outgoing.Answer:
    headers = {"Accept": "text/html,application/xhtml+xml", "Accept-Encoding": "gzip"}
    try:
        return outgoing.send("GET", url, headers=headers, timeout=SECONDS, most_bytes=MOST_BYTES, plain=True)
    except outgoing.TimedOut as slow:
        raise NoPage(f"The page did not come within {SECONDS:.0f} seconds.") from slow
    except outgoing.TooLarge as large:
        raise NoPage("The page is larger than 2 MB, without its pictures. That is slow to open on a phone.") from large
    except outgoing.NotSent as refusal:
        raise NoPage(f"We could not open {url[:200]}: {refusal.words}") from refusal


def _media_type(answer: outgoing.Answer) -> str:
    return answer.header("Content-Type").partition(";")[0].strip().lower()


def _text(answer: outgoing.Answer) -> str:
    named = re.search(r"charset=\"?([\w-]+)", answer.header("Content-Type"))
    try:
        return answer.body.decode(named.group(1) if named else "utf-8", "replace")
    except LookupError:
        return answer.body.decode("utf-8", "replace")


def _is_page(visit: Visit) -> bool:
    return visit.status == 200 and visit.media_type in ("text/html", "application/xhtml+xml")


def _journey(url: str, visit: Visit) -> list[Finding]:
    """How one got there."""
    if visit.status != 200:
        return [Finding("danger", f"The page answers with {visit.status} instead of showing itself.")]
    found = [Finding("success", "The page can be reached.")]
    if urlsplit(visit.url).scheme != "https":
        found.append(Finding("danger", f"It leads to {visit.url[:200]}, which is not encrypted. Send visitors to https."))
    if visit.redirects and visit.url.rstrip("/") != url.rstrip("/"):
        found.append(
            Finding("warning", f"It redirects to {visit.url[:200]}. Enter that address, so that visitors arrive at once.")
        )
    if not _is_page(visit):
        found.append(Finding("danger", f"What comes back is no web page but {visit.media_type[:60] or 'without a type'}."))
    return found


@dataclass(frozen=True, slots=True)
class _Check:
    holds: Callable[["_Page", About], bool]
    good: str
    advice: str


class _Page(HTMLParser):
    """The words that a visitor sees, the words on links and buttons with where they lead, and what the head says."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.labels: list[str] = []
        self.targets: list[str] = []
        self.meta: dict[str, str] = {}
        self._hidden = 0
        self._label: list[str] | None = None
        self.feed(text)
        self.close()
        self.seen = re.sub(r"\s+", " ", " ".join(self.words))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in ("script", "style", "template"):
            self._hidden += 1
        elif tag in ("a", "button"):
            self._label = []
            self.targets.append(given.get("href", ""))
        elif tag == "meta":
            self.meta[given.get("name", "").lower()] = given.get("content", "")
        self.words.append(given.get("alt", "") if tag == "img" else "")
        if tag == "input" and given.get("type") == "submit":
            self.labels.append(given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style", "template"):
            self._hidden = max(0, self._hidden - 1)
        elif tag in ("a", "button") and self._label is not None:
            self.labels.append(" ".join(self._label))
            self._label = None

    def handle_data(self, data: str) -> None:
        if self._hidden:
            return
        self.words.append(data)
        if self._label is not None:
            self._label.append(data)

    def says(self, *names: str) -> bool:
        return any(name.casefold() in self.seen.casefold() for name in names if name)


CHECKS = (
    _Check(
        lambda page, _: page.says("GoCardless"),
        "It names GoCardless.",
        "It does not name GoCardless. Merchants look for the name before they connect.",
    ),
    _Check(
        lambda page, about: page.says(*about.names),
        "It names your product.",
        "It does not name your product as your listing does.",
    ),
    _Check(
        lambda page, about: (
            any(START.search(label) for label in page.labels) or (bool(about.start_url) and about.start_url in page.targets)
        ),
        "It has a button or link with which merchants begin.",
        "It has no button or link with which merchants begin. Add one, such as “Connect to GoCardless”.",
    ),
    _Check(
        lambda page, _: bool(WAYS.search(page.seen)),
        "It says how payments are collected.",
        "It does not say how payments are collected, such as by Direct Debit or Pay by Bank, and where.",
    ),
    _Check(
        lambda page, _: any(HELP.search(label) for label in page.labels),
        "It leads to a guide or to support.",
        "It has no link to a guide or to support. Link to your support documentation.",
    ),
    _Check(
        lambda page, _: not PRICE.search(page.seen),
        "",
        "It prints fees. Prices change: link to GoCardless's price page instead.",
    ),
    _Check(
        lambda page, _: "noindex" not in page.meta.get("robots", "").lower(),
        "",
        "It asks search engines not to list it (robots: noindex).",
    ),
)


def read(text: str, about: About) -> list[Finding]:
    """What a page says and what it leaves out. Pure."""
    page = _Page(text)
    if len(page.seen.split()) < 20:
        return [Finding("warning", "There are hardly any words on it before scripts run, so that we could not read it.")]
    found = [(check, check.holds(page, about)) for check in CHECKS]
    return [
        Finding("success", check.good) if holds else Finding("warning", check.advice)
        for check, holds in found
        if check.good or not holds
    ]


def findings(landing: Mapping[str, Any] | None) -> list[Finding]:
    """Those of a stored visit."""
    return [Finding(**one) for one in (landing or {}).get("findings", ())]

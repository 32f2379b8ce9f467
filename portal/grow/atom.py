"""The Atom feed of one partner (RFC 4287): what it may read in Grow, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree as ET

from sqlalchemy import Row, bindparam, select

from portal import mail
from portal.extensions import rows
from portal.grow import audience, finding
from portal.grow.finding import Asked, Person
from portal.grow.values import FIRST
from portal.models.content import ContentText
from portal.models.partner import Partner
from portal.status import CONTENT_KIND

MOST = 50
"""Entries."""
NAMESPACE = "http://www.w3.org/2005/Atom"
_HTML = select(ContentText.shown_id, ContentText.html).where(
    ContentText.shown_id.in_(bindparam("ids", expanding=True)), ContentText.language == FIRST
)


@dataclass(frozen=True, slots=True)
class Feed:
    body: bytes
    updated: datetime


def of(partner: Partner, *, own_address: str) -> Feed:
    """At most five statements."""
    reader = audience.reader(partner.id)
    entries = finding.find(Asked(), Person(0, reader), page=MOST).cards
    updated = max((entry.changed_at for entry in entries), default=partner.created_at)
    feed = ET.Element("feed", {"xmlns": NAMESPACE, "xml:lang": FIRST})
    _put(feed, "id", f"urn:gocardless-partner-portal:grow:{partner.key}")
    _put(feed, "title", f"GoCardless partner news for {partner.name}")
    _put(feed, "updated", _time(updated))
    _put(feed, "link", rel="self", type="application/atom+xml", href=own_address)
    _put(feed, "link", rel="alternate", type="text/html", href=mail.link("grow.content"))
    _put(ET.SubElement(feed, "author"), "name", "GoCardless partner team")
    html = _bodies(entries)
    for entry in entries:
        _entry(feed, entry, html.get(entry.id, ""))
    return Feed(ET.tostring(feed, encoding="utf-8", xml_declaration=True), updated)


def _bodies(entries: Sequence[Row[Any]]) -> dict[int, str]:
    return {row.shown_id: row.html for row in rows(_HTML, {"ids": [one.id for one in entries]})} if entries else {}


def _entry(feed: ET.Element, shown: Row[Any], html: str) -> None:
    entry = ET.SubElement(feed, "entry")
    _put(entry, "id", f"urn:gocardless-partner-portal:content:{shown.key}")
    _put(entry, "title", shown.title)
    _put(entry, "published", _time(shown.published_at))
    _put(entry, "updated", _time(shown.changed_at))
    _put(entry, "link", rel="alternate", type="text/html", href=mail.link("grow.article", article_key=shown.key))
    _put(entry, "category", term=shown.kind, label=CONTENT_KIND[shown.kind].words)
    for tag in shown.tags:
        _put(entry, "category", term=tag)
    summary = f"Action required by {shown.action_by.isoformat()}. " if shown.action_by else ""
    _put(entry, "summary", f"{summary}{shown.summary}", type="text")
    if html:
        _put(entry, "content", _absolute(html), type="html")


def _absolute(html: str) -> str:
    """A reader elsewhere knows nothing of our own addresses."""
    home = mail.link("grow.show").removesuffix("/grow")
    return html.replace('href="/', f'href="{home}/').replace('src="/', f'src="{home}/')


def _put(parent: ET.Element, name: str, text: str | None = None, **attributes: str) -> None:
    ET.SubElement(parent, name, attributes).text = text


def _time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")

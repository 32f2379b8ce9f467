"""The public partner directory: search and facets, a page for each partner, its logo and documents, and what search engines read."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import Response, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from portal import mail
from portal.extensions import db
from portal.gates import Gate, gate
from portal.launch import directory
from portal.launch.cards import card
from portal.launch.document_routes import whole
from portal.launch.fields import BY_NAME, languages, words
from portal.launch.logo_routes import picture
from portal.models.directory import Entry
from portal.models.listing import Logo, SupportDocument
from portal.public import caching, finding
from portal.public.routes import bp

DAY, FOR_EVER = "public, max-age=86400", "public, max-age=604800, immutable"
TITLES = {"category": "Category", "scheme": "Scheme", "country": "Country", "feature": "Feature"}
LABELS = {"countries": "Merchants in", "languages": "Languages"}
"""Where visitors read something else than the form asks."""
MOST_IN_SITEMAP = 50_000
"""Of one file, https://www.sitemaps.org/protocol.html."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a facet: its link takes it into the search, or out of it again. Without a count where counting would be guessing."""

    words: str
    url: str
    current: bool
    count: int | None


@bp.get("/directory", endpoint="directory")
@gate(Gate.PUBLIC)
def directory_page() -> ResponseReturnValue:
    wanted = finding.asked(dict(request.args.lists()))
    mark = hashlib.sha256(repr((wanted, finding.revision())).encode()).hexdigest()[:20]
    return caching.answer(mark, lambda: _directory(wanted))


def _directory(wanted: finding.Asked) -> str:
    numbers = finding.counts()
    found = finding.find(wanted, numbers)
    return render_template(
        "public/directory.html",
        wanted=wanted,
        found=found,
        cards=[card(row.content, None, slug=row.slug) for row in found.rows],
        facets=[(kind, TITLES[kind], _choices(kind, wanted, numbers)) for kind in TITLES],
        chips=[(_words(kind, code), _address(wanted, without=(kind, code))) for kind, code in wanted.pairs],
        older=_address(wanted, after=found.next_slug) if found.next_slug else "",
        first=_address(wanted),
    )


def _choices(kind: str, wanted: finding.Asked, numbers: finding.Counts) -> list[Choice]:
    """Only what somebody has, by its words."""
    chosen = wanted.chosen.get(kind, ())
    codes = {code for of, code in numbers if of == kind} | set(chosen)
    choices = [_choice(kind, code, wanted, numbers) for code in codes]
    return sorted(choices, key=lambda choice: choice.words)


def _choice(kind: str, code: str, wanted: finding.Asked, numbers: finding.Counts) -> Choice:
    current = code in wanted.chosen.get(kind, ())
    url = _address(wanted, without=(kind, code)) if current else _address(wanted, also=(kind, code))
    return Choice(_words(kind, code), url, current, numbers.get((kind, code)) if wanted.everything else None)


def _words(kind: str, code: str) -> str:
    return words("category" if kind == "category" else directory.FACETS[kind], code)


def _address(
    wanted: finding.Asked, *, also: tuple[str, str] | None = None, without: tuple[str, str] | None = None, after: str = ""
) -> str:
    pairs = [pair for pair in [*wanted.pairs, *([also] if also else [])] if pair != without]
    query = [("q", wanted.text)] * bool(wanted.text) + sorted(set(pairs)) + [("after", after)] * bool(after)
    return f"/directory?{urlencode(query)}" if query else "/directory"


@bp.get("/directory/<slug>")
@gate(Gate.PUBLIC)
def partner(slug: str) -> ResponseReturnValue:
    entry = _entry(slug)
    mark = hashlib.sha256(f"{slug} {finding.revision()}".encode()).hexdigest()[:20]
    return caching.answer(mark, lambda: _partner(entry))


def _entry(slug: str) -> Entry:
    return finding.entry(slug) or abort(404)


def _partner(entry: Entry) -> str:
    version, own = entry.content, entry.slug
    return render_template(
        "public/partner.html",
        entry=entry,
        version=version,
        card=card(version, None, slug=own),
        facts=list(_facts(version)),
        categories=[
            (words("category", code), url_for("public.directory", category=code)) for code in directory.categories(version)
        ],
        documents=[_document(one, own) for one in version["documents"]],
        certificate=url_for("public.certificate", certificate_key=entry.certificate_key),
        badge=url_for("public.certificate_badge", certificate_key=entry.certificate_key),
        link=mail.link("public.partner", slug=own),
        image=mail.link("public.logo", shown_logo=entry.logo_key, size="social"),
        data=_structured(entry),
        support=_contact(version["support_contact"]),
    )


def _facts(version: dict[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """What is listed on the page, with the words of each."""
    for name in ("features", "schemes", "countries", "user_sizes", "industries", "languages"):
        if version[name]:
            yield LABELS.get(name, BY_NAME[name].label), [words(name, code) for code in version[name]]


def _contact(contact: str) -> tuple[str, str]:
    """Words and address of whom to ask."""
    return (
        (contact, f"mailto:{contact}")
        if "@" in contact and "://" not in contact
        else (urlsplit(contact).hostname or contact, contact)
    )


def _document(one: dict[str, Any], slug: str) -> dict[str, Any]:
    names = dict(languages())
    url = one["url"] or url_for("public.document", slug=slug, shown_document=one["key"])
    day = date.fromisoformat(one["reviewed_on"])
    return {
        **one,
        "reviewed": f"{day.day} {day:%B %Y}",
        "address": url,
        "in_words": [names.get(code, code) for code in one["languages"]],
    }


def _structured(entry: Entry) -> dict[str, Any]:
    """schema.org, for search engines."""
    version = entry.content
    return {
        "@context": "https://schema.org",
        "@type": "SoftwareApplication",
        "name": version["name"],
        "description": version["summary"],
        "applicationCategory": "BusinessApplication",
        "applicationSubCategory": words("category", version["category"]),
        "operatingSystem": "Web",
        "url": version["landing_url"],
        "image": mail.link("public.logo", shown_logo=entry.logo_key, size="large"),
        "mainEntityOfPage": mail.link("public.partner", slug=entry.slug),
        "featureList": [words("features", code) for code in version["features"]],
        "areaServed": version["countries"],
        "availableLanguage": version["languages"],
        "publisher": {"@type": "Organization", "name": version["name"], "url": version["landing_url"]},
    }


@bp.get("/logos/<shown_logo>/<size>.png")
@gate(Gate.PUBLIC)
def logo(shown_logo: str, size: str) -> ResponseReturnValue:
    """Of those in the directory only."""
    shown = select(Entry.id).where(Entry.logo_key == Logo.key).exists()
    found = db.session.scalars(select(Logo).where(Logo.key == shown_logo, shown)).one_or_none()
    response = picture(found or abort(404), size, cache=FOR_EVER)
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@bp.get("/directory/<slug>/documents/<shown_document>")
@gate(Gate.PUBLIC)
def document(slug: str, shown_document: str) -> ResponseReturnValue:
    """A file of the published version, also when it was removed from the draft since."""
    entry = _entry(slug)
    if shown_document not in {one["key"] for one in entry.content["documents"]}:
        abort(404)
    found = db.session.scalars(select(SupportDocument).where(SupportDocument.key == shown_document)).one_or_none()
    return whole(found or abort(404), cache=caching.MINUTE)


@bp.get("/sitemap.xml")
@gate(Gate.PUBLIC)
def sitemap() -> ResponseReturnValue:
    return caching.answer(f"sitemap-{finding.revision()}", _sitemap, page=False)


def _sitemap() -> Response:
    entries = select(Entry.slug, Entry.published_at).order_by(Entry.id).limit(MOST_IN_SITEMAP - 2)
    rows = db.session.execute(entries).all()
    fixed = [mail.link("public.welcome"), mail.link("public.directory")]
    pages = [(mail.link("public.partner", slug=row.slug), row.published_at) for row in rows]
    return Response(render_template("public/sitemap.xml", fixed=fixed, pages=pages), mimetype="application/xml")


@bp.get("/robots.txt")
@gate(Gate.PUBLIC)
def robots() -> ResponseReturnValue:
    """Search engines read the directory and the front door, and nothing behind the sign-in."""
    allowed = (
        "/directory$",
        "/directory/",
        "/certificates/",
        "/welcome$",
        "/questions$",
        "/static/",
        "/logos/",
        "/sitemap.xml$",
    )
    lines = [
        "User-agent: *",
        *(f"Allow: {path}" for path in allowed),
        "Disallow: /",
        f"Sitemap: {mail.link('public.sitemap')}",
        "",
    ]
    return caching.answer("robots", lambda: Response("\n".join(lines), mimetype="text/plain"), cache=DAY, page=False)

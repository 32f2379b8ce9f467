"""The directory as visitors, search engines and caches see it."""

import io
import json
import re

import pytest
import time_machine
from selectolax.lexbor import LexborHTMLParser

from portal import clock, search
from portal.extensions import db
from portal.files.intake import Upload
from portal.launch import certificates, directory, documents, publishing, service
from portal.launch.fields import FIELDS
from portal.launch.forms import TypedDocument
from portal.models.certificate import Certificate
from portal.models.directory import Count
from portal.models.integration import Integration
from portal.models.listing import Listing, Logo
from portal.models.partner import Partner, Profile
from portal.public import finding
from portal.status import ListingStatus
from portal.transaction import writing
from tests.files import samples
from tests.launch import acts
from tests.statements import MOST, counted, statements_of


@pytest.fixture
def partner(app, world):
    return acts.published(app, world)


def add(number, name, **changed):
    """A published listing, straight into the tables: the service makes the entry."""
    house = Partner(name=name)
    house.profile = Profile(trading_name=name)
    db.session.add(house)
    db.session.flush()
    integration = Integration(partner_id=house.id, catalog_version="2026-11")
    db.session.add(integration)
    db.session.flush()
    now = clock.now()
    certificate = Certificate(
        integration_id=integration.id, partner_id=house.id, number=f"GC-2026-{number + 500:05d}", content={"partner": name, "number": "x",
        "sections": [], "catalog_version": "2026-11", "issuer": "us"}, certified_at=now, valid_until=certificates.months_after(now, 12),
    )  # fmt: skip
    logo = Logo(
        partner_id=house.id, original_name="x", original_kind="image/png", width=1, height=1, sha256="x", large_key="x", small_key="x",
        social_key="x",
    )  # fmt: skip
    db.session.add_all((certificate, logo))
    db.session.flush()
    version = {
        **{field.name: [] if field.several else "" for field in FIELDS},
        **acts.GOOD,
        "name": name,
        "documents": [],
        "logo": logo.key,
    }
    listing = Listing(
        partner_id=house.id, status=ListingStatus.PUBLISHED, slug=f"p{number}", published=version | changed, published_at=now
    )
    db.session.add(listing)
    db.session.flush()
    directory.refresh(listing, certificate)
    return listing


@pytest.fixture
def many(app, world):
    """Thirty, every third of them for memberships by SEPA."""
    with app.app_context(), writing():
        for number in range(30):
            third = {"category": "membership", "more_categories": [], "schemes": ["bacs", "sepa_core"], "countries": ["DE"]}
            add(number, f"House {number:02d}", **(third if number % 3 == 0 else {}))


def names(page):
    return [node.text().strip() for node in LexborHTMLParser(page.text).css(".p-listings h2")]


def test_empty_it_says_what_will_be_here(nobody):
    assert "Partners appear here when their integration is certified" in nobody.get("/directory").text


def test_only_published_and_certified_partners_are_found(app, world, partner, nobody, ada):
    assert names(nobody.get("/directory")) == ["Acme Billing"]
    with app.app_context():
        key = db.session.scalars(db.select(Certificate.key)).one()
    ada.post(f"/staff/certificates/{key}/suspend", data={"reason": "Webhooks fail."})
    assert names(nobody.get("/directory")) == []
    assert nobody.get(f"/directory/{partner}").status_code == 404
    ada.post(f"/staff/certificates/{key}/restore")
    assert names(nobody.get("/directory")) == ["Acme Billing"]
    with time_machine.travel(clock.now() + 370 * clock.DAY, tick=False):
        assert names(nobody.get("/directory")) == []
        assert nobody.get(f"/directory/{partner}").status_code == 404
        with app.app_context(), writing():
            directory.leave_expired()
    with app.app_context():
        assert db.session.get(Count, directory.ALL).number == 0


def test_pages_follow_the_names(many, nobody):
    first = nobody.get("/directory")
    assert names(first) == [f"House {n:02d}" for n in range(24)]
    assert "30 partners." in first.text
    more = LexborHTMLParser(first.text).css_first("a[rel=next]").attributes["href"]
    assert names(nobody.get(more)) == [f"House {n:02d}" for n in range(24, 30)]
    assert "From the beginning" in nobody.get(more).text
    assert names(nobody.get("/directory?after=gone")) == names(first)


FACETS = (
    ("category=membership", 10),
    ("scheme=sepa_core", 10),
    ("scheme=bacs", 30),
    ("scheme=bacs&scheme=sepa_core", 10),
    ("country=GB&category=accounting", 20),
    ("country=GB&category=membership", 0),
    ("feature=one_off&q=direct+debit", 30),
    ("q=house+0", 10),
    ("q=membership+clubs", 10),
    ("category=no-such", 0),
    ("nonsense=1", 30),
)


def test_facets_hold_together(many, nobody):
    for query, count in FACETS:
        page = nobody.get(f"/directory?{query}")
        assert f"{count} partner{'' if count == 1 else 's'}." in page.text, query
        assert len(names(page)) == min(count, 24), query


def test_facets_are_links_with_counts_that_come_off_again(many, nobody):
    page = LexborHTMLParser(nobody.get("/directory").text)
    choice = next(node for node in page.css(".p-facets a") if "Membership" in node.text())
    assert choice.css_first("span").text() == "10"
    chosen = LexborHTMLParser(nobody.get(choice.attributes["href"]).text)
    assert chosen.css_first(".p-chip[aria-current]").attributes["href"] == "/directory"


STRANGE = (
    '"', "'", "*", "AND", "OR NOT", "NEAR(a b)", "-house", "house*", "sort_name:house", "(", ")", "a:b", "\\", "%", "_", "x" * 5000, "c++",
     "\x00", "💥", "{sort_name}:x", "house & !bacs", "<->", "--", "; DROP TABLE directory_entry"
)  # fmt: skip


def test_quotes_and_operators_are_only_words(many, nobody):
    for text in STRANGE:
        page = nobody.get("/directory", query_string={"q": text})
        assert page.status_code == 200, text
        if re.search(r"[A-Za-z]", text) and not re.search("house", text, re.IGNORECASE):
            assert len(names(page)) in (0, 24), text


def test_words_are_found_with_any_ending_without_accents_and_names_by_their_beginning(app, world, nobody):
    with app.app_context(), writing():
        add(
            1,
            "Älteste Bücher",
            summary="Keeps the books of a café in order.",
            description="Nothing else is said here about it at all.",
        )
        add(
            2, "Zebra", summary="A cafe that sells books.", description="Reconciles with Aelteste, and with others, day by day."
        )
    assert names(nobody.get("/directory?q=cafe")) == ["Älteste Bücher", "Zebra"]
    assert names(nobody.get("/directory?q=CAFÉ+book")) == ["Älteste Bücher", "Zebra"]
    assert names(nobody.get("/directory?q=reconciling")) == ["Zebra"]
    assert names(nobody.get("/directory?q=zebr")) == ["Zebra"]
    assert names(nobody.get("/directory?q=bucher")) == ["Älteste Bücher"]
    assert names(nobody.get("/directory?q=cafe+no-such-word")) == []


def test_a_search_among_too_many_says_so(app, world, nobody, monkeypatch):
    monkeypatch.setattr(finding, "MOST", 5)
    with app.app_context(), writing():
        for number in range(8):
            add(number, f"House {number}")
    assert "More than 5 partners" in nobody.get("/directory?q=house").text
    assert "More than 5 partners" in nobody.get("/directory?scheme=bacs").text
    assert "More than 5 partners" in nobody.get("/directory").text


ASKED = ("", "?after=p3", "?q=house", "?scheme=bacs&category=membership&country=DE&q=house&after=p3", "?q=no-such-thing")


def test_a_few_statements_whatever_is_asked(many, nobody):
    for query in ASKED:
        assert statements_of(nobody, f"/directory{query}") <= 5 <= MOST, query


def test_a_partner_page_tells_all_and_links_on(partner, nobody):
    page = nobody.get(f"/directory/{partner}")
    for words in (
        *[acts.GOOD[name] for name in ("name", "summary", "description", "start_url", "landing_url")],
        "help@acme.example.com",
        "Set it up",
    ):
        assert words in page.text
    html = LexborHTMLParser(page.text)
    assert html.css_first("meta[name=description]").attributes["content"] == acts.GOOD["summary"]
    image = html.css_first("meta[property='og:image']").attributes["content"]
    assert image.startswith("http://localhost")
    card = nobody.get(image.removeprefix("http://localhost:5000"))
    assert (card.status_code, card.mimetype) == (200, "image/png")
    data = json.loads(html.css_first("script[type='application/ld+json']").text())
    assert (data["@type"], data["name"]) == ("SoftwareApplication", "Acme Billing")
    assert html.css_first("link[rel=canonical]").attributes["href"].endswith(f"/directory/{partner}")
    assert "/certificates/" in page.text


def test_what_a_partner_writes_stays_words(app, world, nobody):
    evil = '</script><script>alert(1)</script> "quoted" {{ 7*7 }} %(x)s'
    slug = acts.published(
        app, world, description=evil + " and fifty characters are needed at least for this.", summary=evil[:120]
    )
    page = nobody.get(f"/directory/{slug}").text
    assert "<script>alert" not in page
    assert "49" not in LexborHTMLParser(page).css_first("meta[name=description]").attributes["content"]
    assert (
        json.loads(LexborHTMLParser(page).css_first("script[type='application/ld+json']").text())["description"]
        == evil[:120].strip()
    )


def test_search_engines_are_told_of_every_page(partner, nobody):
    text = nobody.get("/sitemap.xml").text
    assert f"/directory/{partner}</loc>" in text
    robots = nobody.get("/robots.txt").text
    assert "Disallow: /\n" in robots
    assert "Sitemap: http" in robots
    assert 'name="robots"' in nobody.get("/directory?q=x").text
    assert 'name="robots"' not in nobody.get("/directory").text


@pytest.mark.parametrize("path", ["/directory", "/directory/acme-billing", "/sitemap.xml"])
def test_nothing_is_sent_twice_until_something_changes(app, world, partner, nobody, alice, path):
    first = nobody.get(path)
    assert first.headers["Cache-Control"] == "public, max-age=60"
    again = nobody.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert "Content-Security-Policy" not in again.headers, "the page that is kept has another nonce"
    assert statements_of_304(nobody, path, first.headers["ETag"]) <= 2
    with app.app_context(), writing():
        directory.refresh(db.session.scalars(db.select(Listing)).one(), db.session.scalars(db.select(Certificate)).one())
    assert nobody.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200
    if path != "/sitemap.xml":
        assert alice.get(path).headers["Cache-Control"] == "no-store", "with the bar of a person"


def statements_of_304(client, path, etag):
    with counted() as ran:
        assert client.get(path, headers={"If-None-Match": etag}).status_code == 304
    return len([text for text in ran if not text.startswith("PRAGMA")])


def test_a_document_of_the_published_version_stays_until_the_next(app, world, nobody, alice):
    with app.app_context(), writing():
        acts.certify(world, "acme")
        acts.fill(world, "acme", by="alice")
        typed = TypedDocument("Manual", "", ["en"], "2026-11-01", with_file=True)
        file = documents.receive(Upload("Manual.pdf", io.BytesIO(samples.pdf())))
        added = documents.add(world.partner("acme"), typed, by=world.user("alice"), file=file)
        documents.found_clean(added)
        key, listing = added.key, service.send(world.partner("acme"), by=world.user("alice"))
        publishing.publish(listing, number=1, by=world.user("pam"))
    alice.post(f"/launch/documents/{key}/remove")
    answer = nobody.get(f"/directory/acme-billing/documents/{key}")
    assert answer.headers["Content-Disposition"] == "attachment; filename=\"Manual.pdf\"; filename*=UTF-8''Manual.pdf"
    assert answer.data == samples.pdf()
    answer.close()
    assert nobody.get("/directory/acme-billing/documents/no-such").status_code == 404


def test_searched_words_are_folded_alike():
    assert search.words('Über-"Café" OR c++ 日本') == ["uber", "cafe", "or", "c", "日本"]
    assert search.fts5(["a", "b"]) == '"a" "b"'
    assert search.tsquery(["a", "b"]) == "'a' & 'b'"
    assert len(search.words("a " * 50)) == search.MOST_WORDS

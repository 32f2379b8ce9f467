"""The listing from its first draft to the directory and out of it again."""

import pytest

from portal import timeline
from portal.extensions import db
from portal.launch import drafting, features, publishing, service
from portal.launch.fields import BY_NAME, FIELDS, problem
from portal.launch.forms import TypedListing
from portal.launch.readiness import missing
from portal.launch.versions import changes
from portal.models.directory import Count, Entry, Facet
from portal.models.event import Event
from portal.models.outbox import Outbox, Task
from portal.refusals import IllegalMove, Invalid, NotReady, StaleDraft
from portal.status import LISTING_MOVES, ListingStatus, move
from portal.transaction import writing
from tests.launch import acts


@pytest.fixture
def place(app, world):
    """Acme is certified and its listing is filled in; inside an application context whose changes are never stored."""
    with app.app_context(), writing():
        acts.certify(world, "acme")
        acts.fill(world, "acme", by="alice")
    with app.app_context():
        yield world
        db.session.rollback()


def mails(template=""):
    rows = db.session.scalars(db.select(Outbox.title).where(Outbox.task == Task.MAIL)).all()
    return [title for title in rows if template in title]


def happened():
    rows = db.session.execute(db.select(Event.kind, Event.payload).order_by(Event.id)).all()
    return {kind: timeline.read(kind, payload).sentence() for kind, payload in rows}


def sent(place):
    return service.send(place.partner("acme"), by=place.user("alice"))


def published(place):
    listing = sent(place)
    publishing.publish(listing, number=listing.pending_number, by=place.user("pam"))
    return listing


def test_the_first_draft_comes_from_what_is_known(app, world):
    with app.app_context(), writing():
        acts.certify(world, "acme")
        world.partner(
            "acme"
        ).profile.description = "Invoices that are paid. And more, with many words after the first sentence of it."
    with app.app_context():
        listing = service.launch(world.partner("acme")).listing
        assert set(listing.draft) == set(BY_NAME)
        assert listing.draft["summary"] == "Invoices that are paid."
        assert (listing.draft["schemes"], listing.draft["category"]) == (["bacs", "faster_payments"], "invoicing")
        assert "one_off" in listing.draft["features"]
        assert listing.draft["landing_url"] == "https://example.com"
        assert db.session.scalars(db.select(type(listing))).all() == [], "reading stores nothing"


def test_only_approved_answers_become_features(app, world):
    with app.app_context(), writing():
        acts.submit(world, "acme")
        acts.acts.say(world.integration("acme"), "endpoints_used", ("one_off",), by=world.user("alice"))
        assert features.shown(drafting.approved_answers(world.partners["acme"])) == []
        acts.acts.row(world.integration("acme"), "payments").status = "approved"
        db.session.flush()
        assert features.shown(drafting.approved_answers(world.partners["acme"])) == ["one_off"]


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ({"endpoints_used": ("subscriptions", "one_off")}, "subscriptions"),
        ({"open_banking": "yes"}, "pay_by_bank"),
        ({"existing_mandates": "spreadsheet"}, "import"),
        ({"reconciliation_depth": "payout_items"}, "reconciliation"),
    ],
)
def test_a_feature_follows_its_answer(answers, code):
    assert code in features.shown(answers)
    assert features.shown({"open_banking": "no", "existing_mandates": "not_supported", "reconciliation_depth": "none"}) == []


def test_a_draft_is_kept_whatever_was_typed_and_says_what_is_missing(place):
    values = {field.name: [] if field.several else "" for field in FIELDS} | {"landing_url": "http://x", "name": "x" * 100}
    service.save(place.partner("acme"), TypedListing(values, 1), by=place.user("alice"))
    now = service.launch(place.partner("acme"))
    assert now.listing.draft["name"] == "x" * 100
    assert now.problems["name"] == "Use at most 60 characters; this has 100."
    assert now.problems["landing_url"] == "Begin the address with https://."
    with pytest.raises(NotReady) as refusal:
        sent(place)
    assert {one.anchor for one in refusal.value.missing} == set(now.problems)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("support_contact", "help at acme", "Enter an e-mail address"),
        ("support_contact", "http://acme.example.com", "Enter an e-mail address"),
        ("support_contact", "https://acme.example.com/help", ""),
        ("more_categories", ["accounting", "crm", "erp"], "at most two"),
        ("category", "no-such", "Choose from the list"),
        ("languages", ["xx"], "Choose from the list"),
        ("summary", "Too short", "at least 20"),
        ("video_url", "", ""),
    ],
)
def test_each_field_is_judged_by_its_own_rule(name, value, words):
    found = problem(BY_NAME[name], value)
    assert words in found
    assert bool(words) == bool(found)


def test_schemes_and_features_cannot_be_invented(place):
    service.save(
        place.partner("acme"),
        TypedListing({**acts.GOOD, "schemes": ["becs"], "features": ["refunds"]}, 1),
        by=place.user("alice"),
    )
    assert set(service.launch(place.partner("acme")).problems) == {"schemes", "features"}


def test_a_logo_and_a_document_are_needed(place):
    found = missing(acts.GOOD, logo=False, documents=[], schemes=["bacs"], features=["one_off"])
    assert [one.endpoint for one in found] == ["launch.logo", "launch.documents"]


def test_two_people_do_not_overwrite_each_other(place):
    mine = TypedListing({**acts.GOOD, "summary": "What Alice wrote about it."}, 1)
    service.save(place.partner("acme"), mine, by=place.user("alice"))
    with pytest.raises(StaleDraft):
        service.save(
            place.partner("acme"), TypedListing({**acts.GOOD, "summary": "What Bob wrote about it."}, 1), by=place.user("bob")
        )
    service.save(place.partner("acme"), TypedListing(mine.values, 1), by=place.user("bob"))
    assert acts.listing_of(place, "acme").draft["summary"] == "What Alice wrote about it."


def test_sent_and_published_it_is_in_the_directory_and_everybody_is_told(place):
    listing = sent(place)
    assert listing.status is ListingStatus.READY
    assert mails("sent its listing") == ["pam@example.com: Acme Billing sent its listing"]
    publishing.publish(listing, number=1, by=place.user("pam"))
    assert (listing.status, listing.slug, listing.pending) == (ListingStatus.PUBLISHED, "acme-billing", None)
    assert [title.partition(":")[0] for title in mails("is published")] == ["alice@example.com", "bob@example.com"]
    entry = db.session.scalars(db.select(Entry)).one()
    facets = set(db.session.execute(db.select(Facet.kind, Facet.code)).tuples())
    assert ("scheme", "bacs") in facets
    assert {code for kind, code in facets if kind == "category"} == {"invoicing", "accounting"}
    assert "collect them by direct debit" in entry.body
    assert happened()["listing_published"] == "published your listing in the partner directory"


def test_an_update_waits_beside_what_is_published(place):
    listing = published(place)
    acts.fill(place, "acme", by="alice", summary="Send invoices and see them paid.")
    assert listing.published["summary"] == acts.GOOD["summary"]
    sent(place)
    assert listing.status is ListingStatus.UPDATE_PENDING
    assert next((one.label, one.after) for one in changes(listing.published, listing.pending)) == (
        "In one sentence", "Send invoices and see them paid.",
    )  # fmt: skip
    assert db.session.scalars(db.select(Entry.summary)).one() == acts.GOOD["summary"]
    publishing.publish(listing, number=2, by=place.user("pam"))
    assert db.session.scalars(db.select(Entry.summary)).one() == "Send invoices and see them paid."
    assert listing.slug == "acme-billing"
    assert happened()["listing_published"] == "published the update of your listing"


@pytest.mark.parametrize(("first", "after"), [(True, ListingStatus.DRAFT), (False, ListingStatus.PUBLISHED)])
def test_declined_it_goes_back_to_what_it_was_with_the_reason(place, first, after):
    listing = sent(place) if first else published(place)
    if not first:
        sent(place)
    with pytest.raises(Invalid):
        publishing.decline(listing, number=listing.pending_number, reason="", by=place.user("pam"))
    publishing.decline(listing, number=listing.pending_number, reason="Say what it costs elsewhere.", by=place.user("pam"))
    assert (listing.status, listing.pending, listing.reason) == (after, None, "Say what it costs elsewhere.")
    assert mails("needs another look")
    assert bool(db.session.scalars(db.select(Entry)).all()) is not first


def test_taken_back_it_waits_no_longer(place):
    listing = sent(place)
    service.take_back(place.partner("acme"), by=place.user("bob"))
    assert (listing.status, listing.pending) == (ListingStatus.DRAFT, None)
    with pytest.raises(IllegalMove):
        service.take_back(place.partner("acme"), by=place.user("bob"))
    with pytest.raises(IllegalMove):
        publishing.publish(listing, number=1, by=place.user("pam"))


def test_a_manager_decides_on_what_the_page_showed(place):
    listing = sent(place)
    sent(place)
    for decide in (publishing.publish, lambda of, **words: publishing.decline(of, reason="no", **words)):
        with pytest.raises(StaleDraft):
            decide(listing, number=1, by=place.user("pam"))


@pytest.mark.parametrize(("who", "told"), [("pam", "was taken out"), ("alice", "withdrew its listing")])
def test_withdrawn_it_leaves_the_directory_and_the_other_side_is_told(place, who, told):
    listing = published(place)
    publishing.withdraw(listing, reason="We rename the product.", by=place.user(who))
    assert (listing.status, listing.published) == (ListingStatus.WITHDRAWN, None)
    assert db.session.scalars(db.select(Entry)).all() == db.session.scalars(db.select(Facet)).all() == []
    assert set(db.session.scalars(db.select(Count.number).where(Count.kind != "revision"))) == {0}
    assert mails(told)
    assert sent(place).status is ListingStatus.READY


def test_without_a_certificate_nothing_is_published(app, world):
    with app.app_context(), writing():
        acts.submit(world, "acme")
        acts.acts.say(world.integration("acme"), "endpoints_used", ("one_off",), by=world.user("alice"))
        acts.acts.row(world.integration("acme"), "payments").status = "approved"
        acts.fill(world, "acme", by="alice")
    with app.app_context():
        listing = service.send(world.partner("acme"), by=world.user("alice"))
        with pytest.raises(NotReady):
            publishing.publish(listing, number=1, by=world.user("pam"))


def test_names_become_addresses_of_their_own(place):
    published(place)
    assert publishing.free_slug("Acme Billing") == "acme-billing-2"
    assert publishing.free_slug("Über Café & Söhne!") == "uber-cafe-sohne"
    assert publishing.free_slug("日本") == "partner"
    assert publishing.free_slug("Sitemap") == "sitemap-2"


def test_moves_that_make_no_sense_are_refused():
    for before, after in ((ListingStatus.DRAFT, ListingStatus.PUBLISHED), (ListingStatus.WITHDRAWN, ListingStatus.PUBLISHED)):
        with pytest.raises(IllegalMove):
            move(before, after, LISTING_MOVES)

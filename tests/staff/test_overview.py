"""One partner on a page: the journey with its days, and a short list of everything with the way to the whole."""

from datetime import UTC, datetime

from portal import clock, timeline
from portal.extensions import db
from portal.models.integration import Integration
from portal.models.partner import Partner
from portal.staff import overview
from portal.timeline.account import Joined
from portal.transaction import writing
from tests.statements import MOST, statements_of


def test_the_journey_counts_working_days(app, world):
    with app.app_context(), writing():
        acme, integration = world.partner("acme"), world.integration("acme")
        acme.created_at = datetime(2026, 4, 1, 10, tzinfo=UTC)
        with clock.at(datetime(2026, 4, 7, 10, tzinfo=UTC)):  # Easter between: the 2nd and the 7th are worked
            timeline.record(Joined("admin"), by=world.user("alice"), partner=acme)
        integration.submitted_at = datetime(2026, 4, 8, 10, tzinfo=UTC)
    with app.app_context():
        told = overview.journey(world.partner("acme"))
        db.session.rollback()
    assert [(words, days) for words, _, days in told] == [
        ("Accepted", 0), ("First sign-in", 2), ("My Account complete", None), ("Sent for review", 3),
        ("First answer of the reviewers", None), ("Certified", None), ("In the directory", None),
    ]  # fmt: skip


def test_everything_of_the_partner_and_nothing_of_another(furnished):
    rita = furnished.client("rita")
    ids = furnished.ids["acme"]
    page = rita.get(f"/staff/partners/{ids['partner_key']}").text
    for key in ("app_key", "run_key", "delivery_key", "case_key", "listing_key", "round_key"):
        assert ids[key] in page, key
        assert furnished.ids["birch"][key] not in page, key
    assert "walrus" not in page
    for words in ("All apps", "All runs", "All webhooks", "All cases", "All leads", "All checks", "New zebra"):
        assert words in page


def test_a_partner_with_nothing_has_words(app, world, rita):
    with app.app_context(), writing():
        empty = Partner(name="Empty")
        db.session.add(empty)
        db.session.flush()
        assert overview.lists(empty) == {name: [] for name in (*overview.STATUSES, "certificate", "invitation")}
        db.session.delete(empty)
    with app.app_context():
        key = world.partner("acme").key
        assert db.session.query(Integration).count() == 2
        db.session.rollback()
    page = rita.get(f"/staff/partners/{key}").text
    for words in (
        "No app is registered.",
        "No run was started.",
        "No webhook was received.",
        "The checks were not run.",
        "No case was opened.",
        "No lead was sent.",
        "Not certified yet.",
    ):
        assert words in page


def test_it_takes_ten_statements_at_most(furnished):
    url = f"/staff/partners/{furnished.ids['acme']['partner_key']}"
    assert statements_of(furnished.client("rita"), url) <= MOST

"""Merchant leads from draft to live, from both sides; what must not be told, and what two people do at once."""

import base64
import hashlib
import hmac
import json
from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select

from portal import clock
from portal.extensions import db
from portal.leads import crm
from portal.leads.fields import FIELDS
from portal.leads.likeness import likeness
from portal.models.integration import Integration
from portal.models.lead import Lead, LeadUpdate
from portal.models.listing import Listing
from portal.models.partner import Profile
from portal.status import LEAD_MOVES, IntegrationStatus, LeadStatus, ListingStatus
from portal.transaction import writing

GOOD = {
    "last_name": "Baker",
    "email": "jo@bakery.example.com",
    "consent": "y",
    "company": "Baker's Bread Ltd",
    "country": "GB",
    "industry": "retail",
    "description": "Bread, delivered every morning.",
    "has_account": "no",
    "schemes": ["bacs"],
    "payments": "1200",
    "currency": "GBP",
    "average": "25",
}
SEND = {"send": "y"}


@pytest.fixture
def grown(world, app):
    """Both partners have Grow open."""
    with app.app_context(), writing():
        for profile in db.session.scalars(select(Profile)):
            profile.complete = True
            db.session.add(Listing(partner_id=profile.partner_id, status=ListingStatus.PUBLISHED))
        for integration in db.session.scalars(select(Integration)):
            integration.status = IntegrationStatus.LIVE
    return world


def sent(client, **other):
    answer = client.post("/grow/leads/new", data=GOOD | SEND | other)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return answer.location.split("/")[-1]


def stored(app, key):
    with app.app_context():
        return db.session.scalars(select(Lead).where(Lead.key == key)).one()


def move(client, key, to, *, seen, text=""):
    return client.post(f"/staff/leads/{key}/move", data={"to": to, "seen": seen, "text": text})


def test_leads_are_locked_with_grow(world, alice):
    for address in ("/grow/leads", "/grow/leads/new", "/grow/leads.csv"):
        answer = alice.get(address)
        assert (answer.status_code, answer.location) == (303, "/grow")
    assert alice.post("/grow/leads/new", data=GOOD).location == "/grow"


def test_a_draft_keeps_what_was_typed_and_only_the_team_sees_it(grown, app, alice, bob, carol, sam):
    key = alice.post("/grow/leads/new", data={"company": "Half <b>done</b>", "average": "a lot"}).location.split("/")[-1]
    assert "a lot" in bob.get(f"/grow/leads/{key}").get_data(as_text=True)
    assert carol.get(f"/grow/leads/{key}").status_code == 404
    assert "Half" not in sam.get("/staff/leads").get_data(as_text=True)
    assert sam.get(f"/staff/leads/{key}").status_code == 303
    assert sam.post(f"/staff/leads/{key}/assign", data={"to": grown.users["sam"]}).status_code == 409
    answer = alice.post(f"/grow/leads/{key}", data={"company": "Half", "version": "1", **SEND})
    assert answer.status_code == 422
    assert "Enter last name" in answer.get_data(as_text=True)
    assert stored(app, key).company == "Half"


def test_the_yearly_volume_is_reckoned_unless_it_is_stated(grown, app, alice):
    assert stored(app, sent(alice)).yearly_volume == 1200 * 25 * 12
    assert stored(app, sent(alice, company="Other", volume="1,000")).yearly_volume == 1000


def test_sales_work_a_lead_until_it_is_live_and_the_partner_reads_it(grown, app, alice, sam, rita):
    key = sent(alice)
    page = sam.get("/staff/leads").get_data(as_text=True)
    assert "Baker&#39;s Bread Ltd" in page
    steps = ["submitted", "accepted", "contacted", "qualified", "proposal", "won", "live"]
    for seen, to in pairwise(steps):
        assert move(rita, key, to, seen=seen).status_code == 403
        assert move(sam, key, to, seen=seen, text=f"Now {to}").status_code == 303
    lead = stored(app, key)
    assert (lead.status, lead.owner_id, lead.next_update_at) == (LeadStatus.LIVE, grown.users["sam"], None)
    told = alice.get(f"/grow/leads/{key}").get_data(as_text=True)
    assert "Now contacted" in told
    assert "Now live" in told


def test_two_who_move_at_once_do_not_undo_each_other(grown, app, alice, sam, ada):
    key = sent(alice)
    move(sam, key, "accepted", seen="submitted")
    answer = move(ada, key, "rejected", seen="submitted", text="Out of scope")
    assert answer.status_code == 409
    assert stored(app, key).status is LeadStatus.ACCEPTED


def test_lost_and_rejected_need_a_reason(grown, app, alice, sam):
    key = sent(alice)
    answer = move(sam, key, "rejected", seen="submitted")
    assert answer.status_code == 422
    assert "Give the reason" in answer.get_data(as_text=True)
    move(sam, key, "rejected", seen="submitted", text="We know them since May.")
    assert "We know them since May." in alice.get(f"/grow/leads/{key}").get_data(as_text=True)
    assert move(sam, key, "live", seen="rejected").status_code == 409


def test_partners_cannot_move_a_lead_on_and_sales_cannot_withdraw_it(grown, app, alice, sam):
    key = sent(alice)
    assert move(sam, key, "withdrawn", seen="submitted").status_code == 409
    assert alice.post(f"/staff/leads/{key}/move", data={"to": "won"}).status_code == 403
    assert alice.post(f"/grow/leads/{key}/withdraw", data={"reason": "They closed."}).status_code == 303
    assert stored(app, key).status is LeadStatus.WITHDRAWN


def test_a_merchant_that_is_known_already_is_warned_of_without_a_name(grown, app, alice, carol, sam):
    sent(alice)
    answer = carol.post("/grow/leads/new", data=GOOD | SEND | {"company": "BAKERS BREAD limited".replace("BAKERS", "Baker's")})
    assert answer.location.endswith("/check")
    page = carol.get(answer.location).get_data(as_text=True)
    assert "Sales may already be in touch" in page
    assert "Acme" not in page
    key = answer.location.split("/")[-2]
    assert carol.post(f"/grow/leads/{key}/send").status_code == 303
    assert "Acme Billing" in sam.get(f"/staff/leads/{key}").get_data(as_text=True)
    assert carol.post(f"/grow/leads/{key}/send").status_code == 303


def test_the_same_draft_twice_is_one(grown, app, alice):
    for _ in range(2):
        alice.post("/grow/leads/new", data={"company": "Twice"})
    with app.app_context():
        assert len(db.session.scalars(select(Lead)).all()) == 1


def test_two_editors_of_a_draft(grown, app, alice, bob):
    key = alice.post("/grow/leads/new", data={"company": "One"}).location.split("/")[-1]
    bob.post(f"/grow/leads/{key}", data={"company": "Two", "version": "1"})
    answer = alice.post(f"/grow/leads/{key}", data={"company": "Three", "version": "1"})
    assert answer.status_code == 409
    assert "Three" in answer.get_data(as_text=True)
    assert stored(app, key).company == "Two"


def test_internal_notes_stay_with_the_staff(grown, app, alice, sam):
    key = sent(alice)
    sam.post(f"/staff/leads/{key}/update", data={"news": "Their credit is poor", "internal": "y"})
    sam.post(f"/staff/leads/{key}/update", data={"news": "We called them."})
    told = alice.get(f"/grow/leads/{key}").get_data(as_text=True)
    assert "We called them." in told
    assert "credit is poor" not in told
    assert "credit is poor" in sam.get(f"/staff/leads/{key}").get_data(as_text=True)
    assert sam.post(f"/staff/leads/{key}/update", data={"news": ""}).status_code == 422


def test_news_that_are_due_are_listed_and_put_off_by_news(grown, app, alice, sam):
    key = sent(alice)
    later = clock.now() + timedelta(days=20)
    with clock.at(later):
        assert "Baker" in sam.get("/staff/leads?overdue=y").get_data(as_text=True)
        sam.post(f"/staff/leads/{key}/update", data={"news": "Still at it."})
        assert "Baker" not in sam.get("/staff/leads?overdue=y").get_data(as_text=True)


def test_board_pipeline_filters_and_csv(grown, app, alice, carol, sam):
    key = sent(alice, company="=HYPERLINK(1)")
    sent(carol, company="Second")
    move(sam, key, "accepted", seen="submitted")
    board = sam.get("/staff/leads/board").get_data(as_text=True)
    assert "=HYPERLINK" in board
    assert "Second" not in sam.get("/staff/leads/board?whose=mine").get_data(as_text=True)
    assert "360,000" in sam.get("/staff/leads/pipeline").get_data(as_text=True)
    assert "Second" not in sam.get("/staff/leads?status=accepted").get_data(as_text=True)
    assert "No lead fits" in sam.get("/staff/leads?status=won").get_data(as_text=True)
    rows = sam.get("/staff/leads.csv").get_data(as_text=True).splitlines()
    assert len(rows) == 3
    assert any("'=HYPERLINK(1)" in row for row in rows)
    assert "360,000" in alice.get("/grow/leads/pipeline").get_data(as_text=True)
    own = alice.get("/grow/leads.csv").get_data(as_text=True)
    assert "Second" not in own
    assert "Second" not in alice.get("/grow/leads").get_data(as_text=True)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Baker's Bread Ltd", "BAKER'S BREAD LIMITED"),
        ("Café Zoë", "cafe zoe"),
        ("The Company", "the company"),
        ("A-B C", "a b c gmbh"),
    ],
)
def test_spellings_of_one_name_are_alike(one, other):
    assert likeness(company=one, country="GB") == likeness(company=other, country="gb")
    assert likeness(company=one, country="GB") != likeness(company=other, country="FR")


def test_every_stage_can_be_reached_and_every_end_is_one():
    reached = {after for moves in LEAD_MOVES.values() for after in moves} | {LeadStatus.DRAFT}
    assert reached == set(LeadStatus)


def test_every_field_is_shown_again_when_it_is_wrong(grown, alice):
    typed = {field.name: ["nonsense"] if field.several else "nonsense\x07" for field in FIELDS}
    answer = alice.post("/grow/leads/new", data=typed | SEND)
    assert answer.status_code == 422
    assert "Enter a whole number" in answer.get_data(as_text=True)


def test_the_crm_can_verify_what_it_is_told():
    secret = "whsec_" + base64.b64encode(b"k" * 24).decode()
    body = json.dumps({"type": "lead.moved"}).encode()
    expected = base64.b64encode(hmac.new(b"k" * 24, b"msg.1." + body, hashlib.sha256).digest()).decode()
    assert crm.signature("msg", 1, body, secret) == f"v1,{expected}"
    with pytest.raises(ValueError, match="whsec_"):
        crm.signature("msg", 1, body, "plain")


def test_news_go_to_nobody_twice(grown, app, alice):
    key = sent(alice)
    with app.app_context():
        assert len(db.session.scalars(select(LeadUpdate)).all()) == 1
    assert alice.post(f"/grow/leads/{key}/update", data={"text": "They asked again."}).status_code == 303

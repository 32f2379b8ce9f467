"""What staff see of partners, and the audit log."""

import re

import pytest

from portal import timeline
from portal.extensions import db
from portal.models.integration import Integration
from portal.models.partner import Partner, Profile
from portal.timeline.account import ProfileSaved
from portal.timeline.build import InternalNoteWritten
from portal.transaction import writing


def key(app, world, house="acme"):
    with app.app_context():
        return world.partner(house).key


def test_partners_are_found_by_name_and_page_by_key(app, world, rita):
    with app.app_context(), writing():
        for number in range(60):
            partner = Partner(name=f"Same name {number // 2:02}", profile=Profile())
            db.session.add(partner)
            db.session.flush()
            db.session.add(Integration(partner_id=partner.id, catalog_version="2026-11"))
    seen, url = [], "/staff/partners?q=same"
    while url:
        page = rita.get(url).text
        seen += re.findall(r"Same name \d\d", page)
        following = re.search(r'href="([^"]*after=[^"]*)"', page)
        url = following and following.group(1).replace("&amp;", "&")
    assert len(seen) == 60
    assert seen == sorted(seen)
    assert "Birch" not in rita.get("/staff/partners?q=acme").text


@pytest.mark.parametrize("text", ["%", "_", "'", '"', "\\", "x" * 5000, "👩‍💻", "\x00"])
def test_odd_searches_find_nothing_and_break_nothing(rita, world, text):
    assert rita.get("/staff/partners", query_string={"q": text}).status_code == 200


def test_one_partner_on_a_page(app, world, rita):
    page = rita.get(f"/staff/partners/{key(app, world)}")
    for words in ("Acme Billing", "Alice Example", "0 of 10 sections complete"):
        assert words in page.text


def test_partners_may_not_look(app, world, alice, carol):
    for client in (alice, carol):
        assert client.get(f"/staff/partners/{key(app, world)}").status_code == 403
        assert client.get("/staff/partners/nope").status_code == 403


def test_the_audit_log_tells_before_and_after_and_filters(app, world, ada, rita):
    with app.app_context(), writing():
        partner, integration = world.partner("acme"), world.integration("acme")
        timeline.record(
            ProfileSaved(before={"website": "old"}, after={"website": "new"}), by=world.user("alice"), partner=partner
        )
        timeline.record(InternalNoteWritten(text="quiet"), by=world.user("rita"), integration=integration, section_key="oauth")
    page = ada.get("/staff/audit").text
    assert '"website": "old"' in page
    assert "Alice Example" in page
    assert "quiet" not in ada.get("/staff/audit?kind=profile_saved").text
    assert "Alice Example" not in ada.get("/staff/audit?partner=nope").text
    assert rita.get("/staff/audit").status_code == 403

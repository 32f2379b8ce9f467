"""Proofs kept with sections: what they spare, what falls with them, what they contradict, and what reviewers see."""

from datetime import timedelta

import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from portal import clock
from portal.build import disagreeing, proofs, submission
from portal.build.proving import read_all
from portal.build.service import draft, mark_complete
from portal.build.snapshots import latest
from portal.catalog import certification
from portal.extensions import db
from portal.models.event import Event
from portal.models.evidence import File
from portal.models.outbox import Outbox, Task
from portal.models.partner_app import PartnerApp
from portal.refusals import Gone, Invalid, NotReady, Sealed
from portal.status import ProofState, SectionStatus
from portal.transaction import writing
from portal.worker import drain
from portal.worker.periodic import age_proofs
from tests.build.acts import complete_all, decide, fill, row, say
from tests.build.checks import an_app, newest, says
from tests.world import complete_profile

VIEWS = ("links.view_signup", "links.view_login")
STATE = certification().question("oauth_state_csrf").checks


@pytest.fixture
def acme(app, world):
    """Inside a transaction that is stored: the integration, an app of its partner, and its team."""
    with app.app_context(), writing():
        integration = world.integration("acme")
        integration.app_id = an_app(integration.partner_id)
        yield integration


@pytest.fixture
def alice_(acme, world):
    return world.user("alice")


def run(integration, **verdicts):
    keys = says(integration.app_id, {name.replace("__", "."): verdict for name, verdict in verdicts.items()})
    proofs.refresh(integration.partner_id)
    return keys


def proven(integration, section="oauth"):
    return {key: one.state for key, one in read_all(row(integration, section).proofs).items()}


def without_screenshot(integration, key):
    db.session.query(File).filter_by(integration_id=integration.id, question_key=key).delete()


def kinds(integration):
    wanted = db.select(Event.kind).where(Event.integration_id == integration.id).order_by(Event.id)
    return list(db.session.scalars(wanted))


def test_passed_checks_are_kept_with_the_questions_that_they_prove(acme):
    run(acme, links__view_signup="passed", links__view_login="passed", links__state="passed")
    assert proven(acme) == {"initial_views": ProofState.PROVEN, "oauth_state_csrf": ProofState.PARTIAL}
    assert proven(acme, "webhooks") == {}
    run(acme, links__view_login="failed")
    assert proven(acme)["initial_views"] is ProofState.FAILED
    run(acme, links__view_login="passed")
    assert proven(acme)["initial_views"] is ProofState.PROVEN


def test_nothing_new_changes_nothing(acme):
    run(acme, links__state="passed")
    before = kinds(acme)
    assert not proofs.refresh(acme.partner_id)
    assert kinds(acme) == before


def test_a_fresh_proof_spares_the_screenshot(acme, alice_):
    fill(acme, "oauth", by=alice_)
    without_screenshot(acme, "initial_views")
    with pytest.raises(NotReady) as refused:
        mark_complete(acme, "oauth", by=alice_)
    assert [one.anchor for one in refused.value.missing] == ["files-initial_views"]
    assert "Or run the checks that prove it" in refused.value.missing[0].words
    run(acme, links__view_signup="passed", links__view_login="passed")
    mark_complete(acme, "oauth", by=alice_)
    assert row(acme, "oauth").status is SectionStatus.COMPLETE


@pytest.mark.parametrize("cause", ["age", "settings", "retired", "failed"])
def test_before_it_is_sent_a_section_falls_with_its_proof(acme, alice_, cause, monkeypatch):
    fill(acme, "oauth", by=alice_)
    without_screenshot(acme, "initial_views")
    run(acme, links__view_signup="passed", links__view_login="passed")
    mark_complete(acme, "oauth", by=alice_)
    app = db.session.get(PartnerApp, acme.app_id)
    if cause == "age":
        with clock.at(clock.now() + timedelta(days=91)):
            assert proofs.ageing(clock.now()) == [acme.partner_id]
            proofs.refresh(acme.partner_id)
            assert proofs.ageing(clock.now()) == []
    elif cause == "failed":
        run(acme, links__view_login="failed")
    else:
        app.webhook_url = "https://elsewhere.example.com/" if cause == "settings" else app.webhook_url
        app.retired_at = clock.now() if cause == "retired" else None
        db.session.flush()
        proofs.refresh(acme.partner_id)
    assert row(acme, "oauth").status is SectionStatus.IN_PROGRESS
    assert "section_reopened" in kinds(acme)


def test_what_was_sent_stays_when_its_proof_grows_old(acme, alice_):
    complete_profile(acme.partner)
    complete_all(acme, by=alice_)
    without_screenshot(acme, "initial_views")
    run(acme, links__view_signup="passed", links__view_login="passed")
    submission.confirm(acme, by=alice_)
    submission.submit(acme, [section.key for section in certification()], by=alice_)
    sent = latest(acme)["oauth"].row.snapshot["answers"]["initial_views"]["proof"]
    assert (sent["state"], [one["check"] for one in sent["checks"]]) == ("proven", list(VIEWS))
    with clock.at(clock.now() + timedelta(days=91)):
        proofs.refresh(acme.partner_id)
    assert proven(acme)["initial_views"] is ProofState.STALE
    assert row(acme, "oauth").status is SectionStatus.UNDER_REVIEW
    assert latest(acme)["oauth"].row.snapshot["answers"]["initial_views"]["proof"] == sent
    decide(acme, {"oauth": ["oauth_only"]})
    assert submission.missing_corrections(acme, row(acme, "oauth")) == []  # the sealed question needs no fresh proof
    decide(acme, {"oauth": ["oauth_only", "initial_views"]})
    assert [one.anchor for one in submission.missing_corrections(acme, row(acme, "oauth"))] == ["files-initial_views"]


def test_a_contradiction_asks_for_a_word_before_anything_is_sent(acme, alice_):
    complete_profile(acme.partner)
    complete_all(acme, by=alice_)
    submission.confirm(acme, by=alice_)
    run(acme, links__state="failed")
    assert acme.confirmed_at is None
    assert kinds(acme).count("answer_contradicted") == 1
    with pytest.raises(NotReady) as refused:
        submission.confirm(acme, by=alice_)
    assert [one.anchor for one in refused.value.missing] == ["against-oauth_state_csrf"]
    disagreeing.explain(acme, certification().section("oauth"), "oauth_state_csrf", "Our gateway adds it.", by=alice_)
    submission.confirm(acme, by=alice_)
    assert draft(acme).answers["oauth_state_csrf"] == "yes"
    submission.submit(acme, [section.key for section in certification()], by=alice_)
    sent = latest(acme)["oauth"].row.snapshot["answers"]["oauth_state_csrf"]["contradiction"]
    assert (sent["said"], sent["explanation"]["words"]) == ("Yes", "Our gateway adds it.")
    assert [one["check"] for one in sent["failed"]] == ["links.state"]
    with pytest.raises(Sealed):
        disagreeing.explain(acme, certification().section("oauth"), "oauth_state_csrf", "", by=alice_)


def test_taking_note_is_enough_and_another_answer_needs_none(acme, alice_):
    complete_all(acme, by=alice_)
    run(acme, links__state="failed")
    disagreeing.explain(acme, certification().section("oauth"), "oauth_state_csrf", "", by=alice_)
    submission.confirm(acme, by=alice_)
    run(acme, links__state_fresh="failed")
    assert [one.open for one in disagreeing.in_integration(acme)] == [True]
    say(acme, "oauth_state_csrf", "no", by=alice_, comment="Not yet.")
    assert disagreeing.in_integration(acme) == []


def test_only_what_is_contradicted_can_be_explained(acme, alice_):
    oauth = certification().section("oauth")
    with pytest.raises(Gone):
        disagreeing.explain(acme, oauth, "oauth_state_csrf", "", by=alice_)
    say(acme, "oauth_state_csrf", "yes", by=alice_)
    run(acme, links__state="failed")
    with pytest.raises(Gone):
        disagreeing.explain(acme, certification().section("webhooks"), "oauth_state_csrf", "", by=alice_)
    with pytest.raises(Invalid):
        disagreeing.explain(acme, oauth, "oauth_state_csrf", "x" * 2001, by=alice_)


def test_the_newest_verdict_counts_whichever_app_it_was_of(acme):
    other = an_app(acme.partner_id, name="Another", client_id="C2")
    run(acme, links__view_signup="passed", links__view_login="failed")
    says(other, {"links.view_login": "passed"})
    proofs.refresh(acme.partner_id)
    assert proven(acme)["initial_views"] is ProofState.PROVEN
    db.session.get(PartnerApp, other).retired_at = clock.now()
    db.session.flush()
    proofs.refresh(acme.partner_id)
    assert proven(acme)["initial_views"] is ProofState.FAILED


def test_pages_show_badges_and_both_sides(app, world, alice, acme, alice_):
    say(acme, "oauth_state_csrf", "yes", by=alice_)
    say(acme, "initial_views", ("login",), by=alice_)
    keys = run(acme, links__view_signup="passed", links__view_login="passed", links__state="failed")
    db.session.commit()
    page = HTMLParser(alice.get("/build/oauth").text)
    views, state = (
        " ".join(page.css_first(f"#q-{key}").text(separator=" ").split()) for key in ("initial_views", "oauth_state_csrf")
    )
    assert "Proven by a run today" in views
    assert "Is this answer still right?" in views
    assert "Not needed: a run has shown it." in views
    assert "A check failed" in state
    assert "A check saw something else" in state
    assert "“state is sent” failed: As it should be." in state
    assert f"/developers/checks/results/{keys['links.state']}" in page.html
    summary = alice.get("/build/summary").text
    assert "A check contradicts 1 answer" in summary
    answer = alice.post("/build/oauth/explain", data={"question": "oauth_state_csrf", "words": "We know\0.", "back": "summary"})
    assert answer.headers["Location"].endswith("/build/summary#against")
    assert "Explained by Alice Example:" in alice.get("/build/oauth").text
    assert "We know." in alice.get("/build/summary").text
    assert alice.post("/build/oauth/explain", data={"question": "initial_views"}).status_code == 410


def test_the_badge_counts_days(alice, acme):
    run(acme, links__view_signup="passed", links__view_login="passed")
    db.session.commit()
    assert "Proven by a run today" in alice.get("/build/oauth").text
    for days, words in ((1, "1 day ago"), (3, "3 days ago")):
        with clock.at(clock.now() + timedelta(days=days)):
            assert f"Proven by a run {words}" in alice.get("/build/oauth").text


def test_reviewers_see_what_was_proven_when_it_was_sent(app, world, rita, acme, alice_):
    complete_profile(acme.partner)
    complete_all(acme, by=alice_)
    run(acme, links__view_signup="passed", links__view_login="passed", links__state="failed")
    disagreeing.explain(acme, certification().section("oauth"), "oauth_state_csrf", "Our gateway adds it.", by=alice_)
    submission.confirm(acme, by=alice_)
    key = submission.submit(acme, [section.key for section in certification()], by=alice_).key
    db.session.commit()
    page = HTMLParser(rita.get(f"/staff/reviews/{key}/oauth").text)
    views, state = (
        " ".join(page.css_first(f"#q-{key}").text(separator=" ").split()) for key in ("initial_views", "oauth_state_csrf")
    )
    assert "Proven by a run" in views
    assert "A check saw something else" in state
    assert "Our gateway adds it." in state
    assert "Explained by Alice Example:" in state


def test_a_change_of_settings_is_looked_at_by_the_worker(app, world, alice, acme):
    run(acme, links__view_signup="passed", links__view_login="passed")
    app_row = db.session.get(PartnerApp, acme.app_id)
    mark_before = newest("links.view_login").settings_mark
    from portal.exam import proof

    app_row.redirect_uris = ["https://other.example.com/back"]
    proof.settings_changed(app_row)
    assert db.session.scalars(db.select(Outbox.task)).all().count(Task.PROOFS) == 1
    db.session.commit()
    drain(app)
    db.session.expire_all()
    assert proven(acme)["initial_views"] is ProofState.STALE
    assert newest("links.view_login").settings_mark == mark_before


def test_the_clock_finds_those_that_became_too_old(app, acme):
    run(acme, links__view_signup="passed", links__view_login="passed")
    db.session.commit()
    with clock.at(clock.now() + timedelta(days=90, hours=1)):
        age_proofs(app)
    db.session.expire_all()
    assert proven(acme)["initial_views"] is ProofState.STALE

"""A newer version of the certification: answers carried over, new and changed questions named, what was sent readable."""

from pathlib import Path

import pytest

from portal.build import moving, service, submission
from portal.catalog.versions import configure
from portal.extensions import db
from portal.models.event import Event
from portal.models.integration import Answer, Section
from portal.models.review import RoundSection
from portal.refusals import IllegalMove
from portal.status import IntegrationStatus, SectionStatus
from portal.transaction import writing
from tests.build.acts import attach, complete_all, decide, row, say, stored, submitted

VERSIONS = Path(__file__).parent.parent / "catalog" / "versions"
OLD, NEW = "2026-11", "2027-03"
S = SectionStatus


@pytest.fixture
def two_versions():
    configure(VERSIONS)
    yield
    configure(None)


@pytest.fixture
def acme(two_versions, app, world):
    """Acme began when there was only the older version."""
    with app.app_context(), writing():
        integration = world.integration("acme")
        integration.catalog_version = OLD
        yield integration


@pytest.fixture
def alice_(acme, world):
    return world.user("alice")


def test_answers_go_over_by_their_key_and_what_no_longer_fits_is_asked_again(acme, alice_):
    say(acme, "app_public_name", "Acme", by=alice_)
    say(acme, "refunds", "no", by=alice_, comment="Not offered")
    changes = moving.carry_over(acme, NEW, by=alice_)
    assert (acme.catalog_version, acme.previous_version) == (NEW, OLD)
    assert stored(acme, "app_public_name").value == "Acme"
    assert (stored(acme, "refunds").value, stored(acme, "refunds").comment) == (None, "Not offered")
    assert "webhook_secret_rotation" in changes.added
    moved = db.session.query(Event).filter_by(kind="catalog_moved").one().payload
    assert (moved["before"], moved["after"]) == (OLD, NEW)
    assert "webhook_secret_rotation" in moved["added"]


def test_an_answer_and_its_files_follow_their_question_into_another_section(acme, alice_):
    say(acme, "disconnect_button", "yes", by=alice_)
    file = attach(acme, "disconnect_button", by=alice_)
    moving.carry_over(acme, NEW, by=alice_)
    db.session.expire_all()
    assert db.session.query(Answer).filter_by(question_key="disconnect_button").one().section_key == "oauth"
    assert file.section_key == "oauth"
    assert say(acme, "disconnect_button", "no", by=alice_, comment="x").taken


def test_a_retired_answer_is_kept_and_ignored(acme, alice_):
    say(acme, "success_plus_enable", "Somehow", by=alice_)
    moving.carry_over(acme, NEW, by=alice_)
    assert stored(acme, "success_plus_enable").value == "Somehow"
    assert "success_plus_enable" not in {question.key for question in service.catalog_of(acme).questions}


def test_complete_sections_that_ask_for_more_lose_their_mark(acme, alice_):
    complete_all(acme, by=alice_)
    submission.confirm(acme, by=alice_)
    moving.carry_over(acme, NEW, by=alice_)
    assert acme.confirmed_at is None
    assert row(acme, "webhooks").status is S.IN_PROGRESS
    assert row(acme, "app-setup").status is S.COMPLETE
    reasons = {
        event.section_key: event.payload["reason"] for event in db.session.query(Event).filter_by(kind="section_reopened")
    }
    assert NEW in reasons["webhooks"]


def test_the_same_move_twice_is_one_and_back_is_refused(acme, alice_):
    moving.carry_over(acme, NEW, by=alice_)
    moving.carry_over(acme, NEW, by=alice_)
    assert db.session.query(Event).filter_by(kind="catalog_moved").count() == 1
    with pytest.raises(IllegalMove):
        moving.carry_over(acme, OLD, by=alice_)


def test_nothing_moves_under_the_hands_of_the_reviewers(acme, alice_):
    submitted(acme, by=alice_)
    with pytest.raises(IllegalMove):
        moving.carry_over(acme, NEW, by=alice_)


def test_a_certified_integration_is_asked_what_became_mandatory_and_its_submission_stays_readable(acme, alice_):
    submitted(acme, by=alice_)
    before = {part.section_key: part.snapshot for part in db.session.query(RoundSection)}
    decide(acme, {section.key: S.APPROVED for section in service.catalog_of(acme)})
    acme.status = IntegrationStatus.LIVE
    moving.carry_over(acme, NEW, by=alice_)
    assert row(acme, "payments").status is S.ATTENTION_NEEDED
    assert "cancel_payment" in row(acme, "payments").open_questions
    assert row(acme, "webhooks").open_questions == ["webhook_secret_rotation"]
    assert row(acme, "app-setup").status is S.APPROVED
    assert acme.status is IntegrationStatus.CHANGES_REQUESTED
    db.session.expire_all()
    assert {part.section_key: part.snapshot for part in db.session.query(RoundSection)} == before
    assert {part.snapshot["catalog"] for part in db.session.query(RoundSection)} == {OLD}


def test_the_pages_offer_the_move_and_name_what_is_new(two_versions, app, world, alice):
    with app.app_context(), writing():
        world.integration("acme").catalog_version = OLD
    assert f"Move my answers to version {NEW}" in alice.get("/build/").get_data(as_text=True)
    assert alice.post("/build/version", data={"version": NEW}).status_code == 303
    assert alice.post("/build/version", data={"version": NEW}).status_code == 303
    assert "New in this version" in alice.get("/build/webhooks").get_data(as_text=True)
    assert "Changed in this version" in alice.get("/build/payments").get_data(as_text=True)
    assert "Move my answers" not in alice.get("/build/").get_data(as_text=True)


@pytest.mark.parametrize("version", ["", "1999-01", "../../etc/passwd", "2027-03\x00"])
def test_a_version_that_does_not_exist_is_refused(version, two_versions, alice):
    assert alice.post("/build/version", data={"version": version}).status_code == 422


def test_each_integration_keeps_its_version_until_it_is_moved(acme, alice_, world):
    assert [section.title for section in service.catalog_of(acme)]
    assert db.session.query(Section).filter_by(integration_id=acme.id).count() == 10
    assert service.catalog_of(acme).version == OLD

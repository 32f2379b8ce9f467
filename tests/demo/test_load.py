"""The demo data obeys the rules of the product and reads as if it were real."""

import re
from pathlib import Path

import pytest
from flask_security import verify_password
from sqlalchemy import func, select

from portal import clock, demo
from portal.build import service as build
from portal.build.progress import DRAFTING, asked_in, section_progress, status_of
from portal.demo import pictures, stories
from portal.extensions import db
from portal.models.event import Event
from portal.models.evidence import File
from portal.models.integration import Integration
from portal.models.outbox import Outbox, Task
from portal.models.partner import Registration
from portal.models.people import StaffRole, User
from portal.models.review import Remark, Round, usual_days
from portal.status import FileState, IntegrationStatus, OutboxState, RegistrationStatus, RemarkKind, RoundStatus
from portal.storage import current


@pytest.fixture
def _inside(played):
    with played.app.app_context():
        yield
        db.session.rollback()


def _integrations():
    return list(db.session.scalars(select(Integration).order_by(Integration.id)))


@pytest.mark.usefixtures("_inside")
def test_what_is_stored_of_a_section_agrees_with_its_answers():
    for integration in _integrations():
        catalog, draft = build.catalog_of(integration), build.draft(integration)
        asked = asked_in(catalog, draft)
        for row in integration.sections:
            progress = section_progress(catalog, catalog.section(row.key), draft, asked)
            place = f"{integration.partner.name}, {row.key}"
            assert (row.answered, row.total) == (progress.answered, progress.total), place
            assert row.status is status_of(
                progress, marked=row.marked_at is not None, stored=row.status, noted=bool(row.comment)
            ), place
            if row.status not in DRAFTING and not row.open_questions:
                assert not progress.missing, place


@pytest.mark.usefixtures("_inside")
def test_there_is_a_partner_at_every_stage():
    stages = {integration.partner.name: integration.status for integration in _integrations()}
    assert stages["Moorings"] is stages["Ledgerline"] is IntegrationStatus.DRAFT
    assert stages["Clubhouse"] is IntegrationStatus.SUBMITTED
    assert stages["Fieldnote"] is IntegrationStatus.CHANGES_REQUESTED
    assert stages["Brightbooks"] is IntegrationStatus.LIVE


@pytest.mark.usefixtures("_inside")
def test_fieldnote_waits_for_two_sections_and_for_a_second_round():
    fieldnote = next(one for one in _integrations() if one.partner.name == "Fieldnote")
    assert sorted(key for row in fieldnote.sections for key in row.open_questions) == [
        "duplicates",
        "late_failures",
        "mandate_events",
    ]
    rounds = db.session.scalars(select(Round).filter_by(integration_id=fieldnote.id).order_by(Round.number)).all()
    assert [one.status for one in rounds] == [RoundStatus.CLOSED, RoundStatus.OPEN]


@pytest.mark.usefixtures("_inside")
def test_the_queue_has_running_and_paused_rounds_and_a_past_that_gives_a_forecast():
    waiting = db.session.scalars(select(Round).where(Round.status != RoundStatus.CLOSED)).all()
    assert {one.status for one in waiting} == {RoundStatus.OPEN, RoundStatus.PAUSED}
    assert any(one.assigned_to_id is None for one in waiting)
    assert all(one.due_at > clock.now() for one in waiting if one.status is RoundStatus.OPEN)
    assert usual_days(clock.now(), first=True) in range(1, 6)
    assert usual_days(clock.now(), first=False) in range(1, 6)


@pytest.mark.usefixtures("_inside")
def test_reviewers_have_said_something_of_every_kind():
    kinds = set(db.session.scalars(select(Remark.kind)))
    assert kinds == set(RemarkKind)


@pytest.mark.usefixtures("_inside")
def test_registrations_are_new_accepted_and_declined():
    assert set(db.session.scalars(select(Registration.status))) == set(RegistrationStatus)


@pytest.mark.usefixtures("_inside")
def test_two_of_each_staff_role_can_sign_in_and_so_can_everybody_printed():
    for role in StaffRole:
        assert db.session.scalar(select(func.count()).select_from(User).where(User.staff_role == role)) == 2
    one = db.session.scalars(select(User).filter_by(username="mira")).one()
    assert verify_password(demo.PASSWORD, one.password)
    assert {person.username for person in demo.sign_ins().people} <= set(db.session.scalars(select(User.username)))
    assert demo.PASSWORD in str(demo.sign_ins())
    assert demo.loaded()


@pytest.mark.usefixtures("_inside")
def test_nothing_lies_in_the_future_and_everything_in_the_order_of_its_time():
    latest = db.session.scalar(select(func.max(Event.at)))
    assert latest <= clock.now()
    for integration in _integrations():
        times = db.session.scalars(select(Event.at).filter_by(integration_id=integration.id).order_by(Event.id)).all()
        assert times == sorted(times)


@pytest.mark.usefixtures("_inside")
def test_every_file_is_ready_and_in_storage():
    for file in db.session.scalars(select(File)):
        assert file.state is FileState.READY
        assert file.thumbnail_key
    file = db.session.scalars(select(File).where(File.media_type == "application/pdf")).first()
    assert current().read(file.storage_key).startswith(b"%PDF")
    assert current().read(file.preview_key)[8:12] == b"WEBP"


@pytest.mark.usefixtures("_inside")
def test_one_mail_was_given_up_and_the_latest_wait_for_the_worker():
    rows = db.session.scalars(select(Outbox)).all()
    assert {row.task for row in rows} == {Task.MAIL}
    assert {row.state for row in rows} == {OutboxState.DONE, OutboxState.WAITING, OutboxState.DEAD}


def test_there_is_a_picture_for_every_screenshot_that_is_answered_with_one():
    assert len(pictures.described()) > 40
    words = {**{f"p{n}": f"Payer {n}" for n in range(1, 6)}, "product": "Test", "domain": "d.example", "item": "Invoice"}
    for key in pictures.described():
        drawn = pictures.draw(key, {**words, "m2": "payer@mail.example"}, "#123456")
        assert drawn.data.startswith(b"\x89PNG"), key
        assert len(drawn.data) < 40_000, key


def test_no_text_is_a_placeholder():
    forbidden = re.compile(r"lorem|ipsum|asdf|foo\b|\btbd\b|\btodo\b|xxx", re.IGNORECASE)
    for file in Path(stories.DATA).rglob("*.toml"):
        assert not forbidden.search(file.read_text(encoding="utf-8")), file.name

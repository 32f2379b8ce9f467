"""The office's calendar: seen by staff, changed by administrators, and every running clock follows."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from portal import clock, office
from portal.extensions import db
from portal.models.calendar import OfficeDay
from portal.models.event import Event
from portal.models.review import Round
from portal.refusals import Invalid
from portal.reviews import service as reviews
from portal.reviews.clock import start, stop
from portal.staff import holidays
from portal.status import RoundStatus
from portal.transaction import writing

MONDAY = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)
TODAY = MONDAY.date()
WEDNESDAY, FRIDAY = date(2026, 11, 18), date(2026, 11, 20)
DUE, LATER = datetime(2026, 11, 23, 17, 0, tzinfo=UTC), datetime(2026, 11, 24, 17, 0, tzinfo=UTC)


@pytest.fixture
def change(app, world):
    """`change(day, works, name)` as the administrator, on that Monday."""

    def make(day, *, works=False, name="Move to the new office"):
        with app.app_context(), clock.at(MONDAY), writing():
            return holidays.change(day, name, works=works, today=TODAY, by=world.user("ada"))

    return make


@pytest.fixture
def review(app, world):
    """A round of Acme, sent on that Monday at ten; its id."""
    with app.app_context(), writing():
        one = Round(integration_id=world.integrations["acme"], number=1, catalog_version="2026-11", submitted_at=MONDAY)
        one.due_at = one.due_in(office.current(), office.review_days())
        db.session.add(one)
        db.session.flush()
        assert one.due_at == DUE
        return one.id


def due(app, review):
    with app.app_context():
        found = db.session.get(Round, review).due_at
        db.session.rollback()
    return found


def test_a_day_off_moves_a_due_date_and_its_removal_moves_it_back(app, review, change):
    assert change(WEDNESDAY) == 1
    assert due(app, review) == LATER
    assert change(WEDNESDAY, works=True) == 1
    assert due(app, review) == DUE


def test_a_day_after_the_due_date_moves_nothing(app, review, change):
    assert change(date(2026, 11, 25)) == 0
    assert due(app, review) == DUE


def test_working_on_a_public_holiday_moves_it_forward(app, world, change):
    """Christmas Day and Boxing Day (observed on Monday 28th) of 2026."""
    with app.app_context(), writing():
        at = datetime(2026, 12, 22, 10, tzinfo=UTC)
        one = Round(integration_id=world.integrations["acme"], number=1, catalog_version="2026-11", submitted_at=at)
        one.due_at = one.due_in(office.current(), 5)
        db.session.add(one)
        db.session.flush()
        key, before = one.id, one.due_at
    assert before == datetime(2026, 12, 31, 17, tzinfo=UTC)
    assert change(date(2026, 12, 28), works=True, name="") == 1
    assert due(app, key) == datetime(2026, 12, 30, 17, tzinfo=UTC)
    assert change(date(2026, 12, 28), name="") == 1
    assert due(app, key) == before


def test_a_clock_that_was_stopped_keeps_its_minutes(app, review, change):
    """Paused on Tuesday at noon, resumed on Wednesday at ten; Friday is a day off."""
    with app.app_context(), writing():
        one = db.session.get(Round, review)
        stop(one, RoundStatus.PAUSED, at=datetime(2026, 11, 17, 12, tzinfo=UTC))
    assert change(FRIDAY) == 0  # paused: nothing is due
    with app.app_context(), writing():
        one = db.session.get(Round, review)
        start(one, at=datetime(2026, 11, 18, 10, tzinfo=UTC))
        left = one.resumed_with
    assert left == 300 + 4 * 480
    with_friday_off = due(app, review)
    assert change(FRIDAY, works=True) == 1
    assert with_friday_off - due(app, review) == timedelta(days=1)
    with app.app_context():
        assert clock.remaining(datetime(2026, 11, 18, 10, tzinfo=UTC), due(app, review), clock.Office()) == left


def test_reviewers_are_reminded_again_when_there_is_time_again(app, review, change):
    with app.app_context(), writing():
        db.session.get(Round, review).reminded_at = MONDAY
    change(WEDNESDAY)
    with app.app_context():
        assert db.session.get(Round, review).reminded_at is None
        db.session.rollback()


def test_counting_again_moves_nothing(app, review, change):
    change(WEDNESDAY)
    with app.app_context(), writing():
        assert reviews.move_due_dates() == 0


def test_new_clocks_know_the_calendar_at_once(app, world, change):
    change(WEDNESDAY)
    with app.app_context():
        assert not clock.is_working_day(WEDNESDAY, office.current())
        assert clock.due(MONDAY, office.current()) == LATER
        db.session.rollback()


def test_the_audit_log_tells_it(app, change, review):
    change(WEDNESDAY)
    with app.app_context():
        told = db.session.scalars(select(Event).where(Event.kind == "office_day_changed")).one()
        assert told.payload == {
            "day": "2026-11-18", "name": "Move to the new office", "before": "a working day", "after": "a day off", "moved": 1,
        }  # fmt: skip
        db.session.rollback()


@pytest.mark.parametrize(
    ("day", "works", "name", "field"),
    [
        (date(2026, 11, 21), False, "Saturday", "day"),
        (date(2026, 12, 25), False, "Christmas", "day"),
        (WEDNESDAY, True, "Work", "day"),
        (date(2026, 10, 1), False, "Long ago", "day"),
        (date(2029, 11, 21), False, "Far away", "day"),
        (WEDNESDAY, False, "", "name"),
        (WEDNESDAY, False, "x" * 81, "name"),
    ],
)
def test_what_cannot_be_is_refused(app, change, day, works, name, field):
    with pytest.raises(Invalid) as refused:
        change(day, works=works, name=name)
    assert list(refused.value.problems) == [field]
    with app.app_context():
        assert db.session.scalars(select(OfficeDay)).all() == []


def far():
    """A working day that lies ahead and is no public holiday."""
    day = clock.now().date() + timedelta(days=20)
    return next(one for one in (day + timedelta(days=n) for n in range(9)) if clock.is_working_day(one, clock.Office()))


def test_an_administrator_sees_what_moves_and_then_does_it(app, world, ada):
    with app.app_context(), writing():
        one = Round(integration_id=world.integrations["acme"], number=1, catalog_version="2026-11", due_at=clock.now())
        one.submitted_at = datetime.combine(far(), datetime.min.time(), UTC) - timedelta(hours=8)
        one.due_at = one.due_in(office.current(), office.review_days())
        db.session.add(one)
    typed = {"day": far().isoformat(), "name": "Office party"}
    page = ada.get("/staff/holidays", query_string=typed).text
    assert "1 running review is due at another time" in page
    assert "Acme Billing" in page
    with app.app_context():
        assert db.session.scalars(select(OfficeDay)).all() == []
        db.session.rollback()
    assert ada.post("/staff/holidays", data={**typed, "works": ""}).status_code == 303
    page = ada.get("/staff/holidays").text
    assert "Office party" in page
    assert "1 due date moved" in page
    assert ada.post("/staff/holidays", data={**typed, "works": "y"}).status_code == 303
    assert "Office party" not in ada.get("/staff/holidays").text.split("<table")[1]


@pytest.mark.parametrize("day", ["", "soon", "2026-02-31", "9999-12-31", "0001-01-01", "\0", "2026-11-21T10:00"])
def test_odd_days_are_told_so(ada, day):
    assert ada.post("/staff/holidays", data={"day": day, "name": "Party"}).status_code == 422
    page = ada.get("/staff/holidays", query_string={"day": day, "name": "Party"})
    assert (page.status_code, 'href="#day"' in page.text) == (200, True)


def test_staff_see_it_and_administrators_change_it(app, world, rita, alice):
    page = rita.get("/staff/holidays").text
    assert "Christmas Day" in page
    assert "Show what moves" not in page
    assert "Work on it" not in page
    assert rita.get("/staff/holidays", query_string={"day": far().isoformat(), "name": "Party"}).status_code == 200
    assert rita.post("/staff/holidays", data={"day": far().isoformat(), "name": "Party"}).status_code == 403
    assert alice.get("/staff/holidays").status_code == 403

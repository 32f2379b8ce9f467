"""The figures, against examples counted by hand. April 2026: Good Friday is the 3rd, Easter Monday the 6th."""

from datetime import UTC, datetime

import pytest

from portal import clock, office, timeline
from portal.extensions import db
from portal.models.case import Case
from portal.models.integration import Integration
from portal.models.lead import Lead, LeadUpdate
from portal.models.partner import Partner, Profile
from portal.models.review import Remark, Round, Verdict
from portal.staff.counting import FIGURES, Period, span
from portal.staff.workdays import Workdays, half
from portal.status import CaseCategory, LeadStatus, RemarkKind, RoundStatus, SectionStatus
from portal.timeline.account import AccountCompleted, Joined
from portal.timeline.build import SectionApproved
from portal.transaction import writing


def at(month, day, hour=10, year=2026):
    return datetime(year, month, day, hour, tzinfo=UTC)


NOW = at(4, 30, 12)


@pytest.fixture
def counted(app):
    """`counted(name, period, now)`: the figure as the worker would count it at that moment."""

    def count(name, period=Period.YEAR, now=NOW):
        with app.app_context():
            found = FIGURES[name](span(period, now, office.current()))
            db.session.rollback()
        return found

    return count


def partner_of(world, name, accepted, **marks):
    """A partner with its steps: joined, account, submitted, answered, certified."""
    if name in world.partners:
        partner, integration = world.partner(name), world.integration(name)
    else:
        partner = Partner(name=name, profile=Profile())
        db.session.add(partner)
        db.session.flush()
        integration = Integration(partner_id=partner.id, catalog_version="2026-11")
        db.session.add(integration)
        db.session.flush()
    partner.created_at = accepted
    integration.submitted_at, integration.certified_at = marks.get("submitted"), marks.get("certified")
    kinds = {"joined": Joined("admin"), "account": AccountCompleted(), "answered": SectionApproved(1)}
    for step in kinds.keys() & marks.keys():
        for later in (0, 1):  # only the first of a kind counts
            with clock.at(marks[step] + later * clock.DAY):
                timeline.record(kinds[step], by=None, partner=partner, integration=integration)
    return integration


@pytest.fixture
def certified(app, world):
    with app.app_context(), writing():
        partner_of(
            world,
            "acme",
            at(3, 2),
            joined=at(3, 3),
            account=at(3, 6),
            submitted=at(3, 16),
            answered=at(3, 19),
            certified=at(3, 23),
        )
        partner_of(
            world,
            "birch",
            at(3, 2),
            joined=at(3, 2, 15),
            account=at(3, 9),
            submitted=at(3, 10),
            answered=at(3, 17),
            certified=at(3, 20),
        )
        partner_of(world, "Cedar", at(4, 1), submitted=at(4, 7), certified=at(4, 8))
    return world


def test_how_long_certification_takes_and_each_stage_of_it(certified, counted):
    assert counted("certification") == {
        "partners": 3,
        "half": 14,
        "ninety": 15,
        "stages": [
            ["joined", 2, 0, 1],
            ["account", 2, 3, 5],
            ["submitted", 3, 2, 6],
            ["answered", 2, 3, 5],
            ["certified", 3, 2, 3],
        ],
    }


def test_a_period_takes_those_certified_in_it(certified, counted):
    assert counted("certification", Period.QUARTER)["partners"] == 3
    assert counted("certification", Period.QUARTER, at(6, 29))["partners"] == 1  # from Monday 6 April on
    assert counted("certification", Period.YEAR, at(3, 2, year=2027))["partners"] == 1  # from 1 April 2026 on
    assert counted("certification", Period.ALL, at(1, 1, year=2035))["partners"] == 3
    assert counted("certification", Period.YEAR, at(1, 1, year=2035)) == {
        "partners": 0,
        "half": None,
        "ninety": None,
        "stages": [[step, 0, None, None] for step in ("joined", "account", "submitted", "answered", "certified")],
    }


def test_where_partners_stand_and_who_has_stopped(app, certified, counted):
    with app.app_context(), writing():
        partner_of(certified, "Dawn", at(3, 2))
        partner_of(certified, "Ember", at(4, 28), joined=at(4, 28, 16))
    assert counted("stops") == {
        "partners": 5,
        "slow": 20,
        "steps": [
            ["accepted", 5, 1, 1],
            ["joined", 4, 1, 0],
            ["account", 3, 0, 0],
            ["submitted", 3, 0, 0],
            ["answered", 3, 0, 0],
            ["certified", 3, 3, 2],  # Acme for 26 working days, Birch for 27, Cedar for 16
            ["published", 0, 0, 0],
        ],
    }


def a_round(integration, number=1, **values):
    review = Round(
        integration_id=integration.id, number=number, catalog_version="2026-11", **{"due_at": at(4, 30, 17), **values}
    )
    db.session.add(review)
    db.session.flush()
    return review


def test_the_clock_kept_and_missed_by_column(app, world, counted):
    closed = (at(1, 20), 10, 3), (at(4, 20), 0, 5), (at(4, 29), -5, 6), (at(4, 29, year=2025), 60, 1)
    with app.app_context(), writing():
        for number, (stopped, left, days) in enumerate(closed, 1):
            a_round(
                world.integration("acme"),
                number,
                status=RoundStatus.CLOSED,
                stopped_at=stopped,
                minutes_left=left,
                days_taken=days,
            )
        a_round(world.integration("birch"))
    found = counted("clock")
    assert {name: found[name] for name in ("kept", "missed", "half", "ninety")} == {
        "kept": 2,
        "missed": 1,
        "half": 5,
        "ninety": 6,
    }
    assert [column for column in found["columns"] if any(column[1:3])] == [["2026-01-01", 1, 0, 3], ["2026-04-01", 1, 1, 5]]
    assert len(found["columns"]) == 12
    by_week = counted("clock", Period.QUARTER)
    assert (by_week["kept"], by_week["columns"][-2:]) == (1, [["2026-04-20", 1, 0, 5], ["2026-04-27", 0, 1, 6]])
    assert counted("clock", Period.ALL)["kept"] == 3


def test_a_week_begins_on_monday_in_the_office(app, world, counted):
    """Sunday 19 April, 23:30 in London, is still Sunday; half an hour later is another week."""
    with app.app_context(), writing():
        for number, moment in enumerate(
            (datetime(2026, 4, 19, 22, 30, tzinfo=UTC), datetime(2026, 4, 19, 23, 30, tzinfo=UTC)), 1
        ):
            a_round(
                world.integration("acme"), number, status=RoundStatus.CLOSED, stopped_at=moment, minutes_left=1, days_taken=1
            )
    columns = {begins: kept for begins, kept, *_ in counted("clock", Period.QUARTER)["columns"]}
    assert (columns["2026-04-13"], columns["2026-04-20"]) == (1, 1)


def test_how_long_the_queue_has_waited(app, world, counted):
    with app.app_context(), writing():
        acme = world.integration("acme")
        a_round(acme, 1, submitted_at=at(4, 30, 9))
        a_round(acme, 2, submitted_at=at(4, 24, 9))
        a_round(acme, 3, submitted_at=at(4, 20, 9), due_at=at(4, 27, 16))
        a_round(acme, 4, submitted_at=at(4, 1, 9), status=RoundStatus.PAUSED, due_at=at(4, 9))
        a_round(acme, 5, submitted_at=at(4, 1, 9), status=RoundStatus.CLOSED, stopped_at=at(4, 8))
    assert counted("queue") == {
        "running": 3,
        "overdue": 1,
        "paused": 1,
        "oldest": 8,
        "ages": [[0, 1, 0], [1, 0, 0], [2, 0, 0], [3, 0, 0], [4, 1, 0], [5, 0, 0], [6, 0, 1]],
    }


def test_an_empty_queue_has_no_oldest(world, counted):
    found = counted("queue")
    assert (found["running"], found["oldest"], sum(sum(counts) for _, *counts in found["ages"])) == (0, None, 0)


def test_which_questions_are_sent_back(app, world, counted):
    with app.app_context(), writing():
        rita = world.users["rita"]
        for house, said in {
            "acme": [("duplicates", at(4, 2), {}), ("duplicates", at(4, 20), {}), ("charge_date", at(4, 2), {}), ("webhook_https", at(4, 2), {"withdrawn_at": at(4, 3)})],
            "birch": [("duplicates", at(4, 9), {}), ("charge_date", None, {}), ("fx_handled", at(4, 9), {"kind": RemarkKind.SUGGESTION}), ("duplicates", at(4, 9, year=2024), {})],
        }.items():  # fmt: skip
            review = a_round(world.integration(house))
            status = SectionStatus.ATTENTION_NEEDED
            db.session.add(Verdict(round_id=review.id, section_key="webhooks", status=status, by_id=rita, sent_at=at(4, 9)))
            for question, sent_at, more in said:
                values = {"kind": RemarkKind.BLOCKING, "text": "Please.", "author_id": rita, "sent_at": sent_at, **more}
                db.session.add(
                    Remark(
                        integration_id=review.integration_id,
                        round_id=review.id,
                        section_key="webhooks",
                        question_key=question,
                        **values,
                    )
                )
    assert counted("flagged") == {"reviewed": 2, "questions": [["duplicates", 2, 3], ["charge_date", 1, 1]]}
    assert counted("flagged", Period.ALL)["questions"][0] == ["duplicates", 2, 4]


def test_cases_and_their_first_answers(app, world, counted):
    with app.app_context(), writing():
        for number, (opened, due, answered, ended) in enumerate([
            (at(4, 1), at(4, 2), at(4, 1, 15), at(4, 7)),
            (at(4, 8), at(4, 9), at(4, 10), None),
            (at(4, 8), at(4, 9), None, None),
            (at(3, 31, year=2025), at(4, 1, year=2025), at(5, 2, year=2025), at(5, 2, year=2025)),
        ], 1):  # fmt: skip
            db.session.add(
                Case(
                    partner_id=world.partners["acme"], number=number, subject="Words", category=CaseCategory.OTHER, created_at=opened,
                    first_due_at=due, first_answered_at=answered, ended_at=ended, sorted_at=due,
                )
            )  # fmt: skip
    found = counted("cases")
    assert {name: found[name] for name in ("opened", "in_time", "late", "ended")} == {
        "opened": 3,
        "in_time": 1,
        "late": 2,
        "ended": 2,
    }
    assert found["columns"][0] == ["2025-05-01", 0, 0, 1, 1]
    assert found["columns"][-1] == ["2026-04-01", 3, 1, 1, 1]


def test_leads_and_what_became_of_them(app, world, counted):
    with app.app_context(), writing():
        for number, ends in enumerate([LeadStatus.WON, LeadStatus.LOST, LeadStatus.REJECTED, LeadStatus.CONTACTED], 1):
            lead = Lead(partner_id=world.partners["acme"], number=number, status=ends, submitted_at=at(4, number))
            db.session.add(lead)
            db.session.flush()
            db.session.add(LeadUpdate(lead_id=lead.id, before=LeadStatus.SUBMITTED, after=ends, at=at(4, 20)))
        draft = Lead(partner_id=world.partners["acme"], number=9, status=LeadStatus.WITHDRAWN)
        db.session.add(draft)
        db.session.flush()
        db.session.add(LeadUpdate(lead_id=draft.id, before=LeadStatus.DRAFT, after=LeadStatus.WITHDRAWN, at=at(4, 20)))
    found = counted("leads")
    assert {name: found[name] for name in ("brought", "won", "lost")} == {"brought": 4, "won": 1, "lost": 2}
    assert found["columns"][-1] == ["2026-04-01", 4, 1, 2]


@pytest.mark.parametrize("zone", ["Europe/London", "America/New_York", "Pacific/Auckland"])
def test_working_days_are_those_of_the_clock(zone):
    place = clock.Office(zone=zone, extra_days_off=frozenset({at(4, 14).date()}))
    days = Workdays(place, at(3, 1).date(), at(5, 1).date())
    for begin in range(1, 32):
        for end in (at(3, 31, 23), at(4, 8), at(4, 30, 1)):
            assert days.between(at(3, begin, 13), end) == clock.working_days_left(at(3, begin, 13), end, place)
    assert days.between(at(4, 8), at(4, 2)) == 0


def test_half_is_what_so_many_took_at_most():
    assert [half([5]), half([1, 9]), half([1, 2, 9]), half([]), half(range(1, 11), 0.9)] == [5, 1, 2, None, 9]

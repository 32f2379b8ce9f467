from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from hypothesis import example, given
from hypothesis import strategies as st

from portal import clock
from portal.clock import Office

LONDON = ZoneInfo("Europe/London")
ENGLAND = Office()
OFFICES = [
    ENGLAND,
    Office(country="GB", subdivision="SCT"),
    Office(country="DE", subdivision="BE", zone="Europe/Berlin", opens="08:30", closes="16:45"),
    Office(country="AU", subdivision="VIC", zone="Australia/Melbourne"),
    Office(country="US", subdivision="", zone="America/New_York", extra_days_off=frozenset({date(2026, 11, 27)})),
]

moments = st.datetimes(datetime(2025, 1, 1), datetime(2030, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 (the zone is given beside)
offices = st.sampled_from(OFFICES)
minutes = st.integers(0, 480 * 15)


def london(text):
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


def closing(text):
    return london(f"{text}T17:00")


def test_now_is_the_current_moment_in_utc():
    with time_machine.travel(datetime(2026, 11, 20, 9, 30, tzinfo=UTC), tick=False):
        assert clock.now() == datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
        assert clock.now().tzinfo is UTC


@pytest.mark.parametrize(
    ("submitted", "day"),
    [
        ("2026-11-17T00:00", "2026-11-17"),  # a Tuesday, before opening
        ("2026-11-17T10:00", "2026-11-17"),
        ("2026-11-17T17:00", "2026-11-17"),  # closing time still counts
        ("2026-11-17T17:00:00.000001", "2026-11-18"),
        ("2026-11-20T18:00", "2026-11-23"),  # a Friday evening
        ("2026-11-21T10:00", "2026-11-23"),  # a Saturday
        ("2026-12-24T16:59", "2026-12-24"),
        ("2026-12-24T17:01", "2026-12-29"),  # Christmas, the weekend, and Boxing Day on the Monday
        ("2027-12-24T17:01", "2027-12-29"),  # both days observed on Monday and Tuesday
        ("2027-03-25T20:00", "2027-03-30"),  # Good Friday to Easter Monday
        ("2026-05-04T10:00", "2026-05-05"),  # May Day
    ],
)
def test_day_zero(submitted, day):
    assert clock.day_zero(london(submitted), ENGLAND) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("submitted", "due"),
    [
        ("2026-11-17T10:00", "2026-11-24"),
        ("2026-11-16T08:00", "2026-11-23"),
        ("2026-11-20T17:30", "2026-11-30"),
        ("2026-11-22T12:00", "2026-11-30"),
        ("2026-12-21T09:00", "2026-12-30"),  # Christmas Day and the Monday after are off
        ("2026-12-24T18:00", "2027-01-06"),  # New Year's Day as well
        ("2025-12-18T11:00", "2025-12-29"),
        ("2025-04-16T10:00", "2025-04-25"),  # Easter 2025
        ("2026-04-01T10:00", "2026-04-10"),  # Easter 2026
        ("2026-03-25T10:00", "2026-04-01"),  # clocks go forward on 29 March
        ("2026-10-22T10:00", "2026-10-29"),  # clocks go back on 25 October
        ("2030-04-17T10:00", "2030-04-26"),  # Easter 2030
    ],
)
def test_due_at_closing_time_of_the_fifth_working_day(submitted, due):
    assert clock.due(london(submitted), ENGLAND) == closing(due)


def test_closing_time_follows_the_clock_change():
    assert clock.due(london("2026-03-25T10:00"), ENGLAND) == datetime(2026, 4, 1, 16, tzinfo=UTC)
    assert clock.due(london("2026-10-22T10:00"), ENGLAND) == datetime(2026, 10, 29, 17, tzinfo=UTC)


def test_the_day_of_submission_is_the_one_at_the_office():
    in_auckland = datetime(2026, 11, 24, 5, tzinfo=ZoneInfo("Pacific/Auckland"))  # Monday 16:00 in London
    assert clock.day_zero(in_auckland, ENGLAND) == date(2026, 11, 23)


def test_extra_days_off_move_the_due_date():
    office = Office(extra_days_off=frozenset({date(2026, 11, 19), date(2026, 11, 24)}))
    assert clock.due(london("2026-11-17T10:00"), office) == closing("2026-11-26")


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2026-11-17T10:00", "2026-11-17T11:30", 90),
        ("2026-11-17T10:00:59", "2026-11-17T10:01:00", 1),  # each moment is the minute in which it lies
        ("2026-11-17T10:00:01", "2026-11-17T10:00:59", 0),
        ("2026-11-17T07:00", "2026-11-17T20:00", 480),
        ("2026-11-20T16:00", "2026-11-23T10:00", 120),  # over a weekend
        ("2026-11-21T10:00", "2026-11-22T10:00", 0),
        ("2026-12-24T16:30", "2026-12-29T09:30", 60),  # over Christmas
        ("2026-04-02T16:00", "2026-04-07T10:00", 120),  # over Easter
        ("2026-03-27T16:00", "2026-03-30T10:00", 120),  # over the clock change in spring
        ("2026-10-23T16:00", "2026-10-26T10:00", 120),  # and in autumn
        ("2026-11-18T10:00", "2026-11-17T16:00", -120),
    ],
)
def test_working_minutes_between(start, end, expected):
    assert clock.working_minutes_between(london(start), london(end), ENGLAND) == expected


@pytest.mark.parametrize(
    ("at", "minutes", "expected"),
    [
        ("2026-11-17T10:00", 90, "2026-11-17T11:30"),
        ("2026-11-17T10:00:45", 0, "2026-11-17T10:00"),
        ("2026-11-17T16:00", 60, "2026-11-17T17:00"),  # ends at closing time
        ("2026-11-17T16:00", 61, "2026-11-18T09:01"),
        ("2026-11-17T07:00", 30, "2026-11-17T09:30"),
        ("2026-11-17T19:00", 30, "2026-11-18T09:30"),
        ("2026-11-21T12:00", 480, "2026-11-23T17:00"),
        ("2026-12-24T16:00", 120, "2026-12-29T10:00"),
        ("2026-11-17T10:00", -30, "2026-11-17T09:30"),
        ("2026-11-17T10:00", -90, "2026-11-16T16:30"),
        ("2026-11-23T09:30", -60, "2026-11-20T16:30"),
    ],
)
def test_add_working_minutes(at, minutes, expected):
    assert clock.add_working_minutes(london(at), minutes, ENGLAND) == london(expected)


def test_a_pause_keeps_the_working_minutes():
    due = closing("2026-11-24")
    left = clock.pause(london("2026-11-19T12:00"), due, ENGLAND)
    assert left == 300 + 3 * 480
    assert clock.resume(london("2026-12-01T09:15"), left, ENGLAND) == london("2026-12-04T14:15")


def test_a_clock_that_was_late_stays_as_late():
    left = clock.pause(london("2026-11-25T10:00"), closing("2026-11-24"), ENGLAND)
    assert left == -60
    again = clock.resume(london("2026-11-27T12:00"), left, ENGLAND)
    assert again == london("2026-11-27T11:00")


@pytest.mark.parametrize(
    ("due", "reminder"),
    [
        ("2026-11-24T17:00", "2026-11-23T17:00"),
        ("2026-11-23T11:30", "2026-11-20T11:30"),
        ("2026-12-29T17:00", "2026-12-24T17:00"),
        ("2026-03-30T17:00", "2026-03-27T17:00"),  # 17:00 at the office on both sides of the clock change
    ],
)
def test_the_reminder_comes_one_working_day_before(due, reminder):
    assert clock.reminder_at(london(due), ENGLAND) == london(reminder)


@pytest.mark.parametrize(
    ("at", "left"),
    [
        ("2026-11-17T10:00", 5),
        ("2026-11-20T10:00", 2),
        ("2026-11-21T10:00", 2),
        ("2026-11-23T23:59", 1),
        ("2026-11-24T00:01", 0),
        ("2026-11-26T10:00", 0),
    ],
)
def test_working_days_left(at, left):
    assert clock.working_days_left(london(at), closing("2026-11-24"), ENGLAND) == left


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        ("2026-11-20T10:00", "Tue 24 Nov, 17:00 (2 working days left)"),
        ("2026-11-23T10:00", "Tue 24 Nov, 17:00 (1 working day left)"),
        ("2026-11-24T10:00", "Tue 24 Nov, 17:00 (today)"),
        ("2026-11-24T17:01", "Tue 24 Nov, 17:00 (overdue)"),
    ],
)
def test_a_due_date_is_described_with_the_days_left(seen, words):
    described = clock.describe(closing("2026-11-24"), "Europe/London", seen_at=london(seen), office=ENGLAND)
    assert str(described) == words


def test_a_moment_is_described_in_the_readers_zone_and_language():
    at, seen_at = closing("2026-11-24"), london("2026-11-20T10:00")
    assert str(clock.describe(at, "Australia/Sydney", seen_at=seen_at)) == "Wed 25 Nov, 04:00"
    assert clock.describe(at, "Europe/Berlin", seen_at=seen_at, locale="de").day == "Di. 24 Nov."


def test_another_year_is_named():
    described = clock.describe(closing("2027-01-06"), "Europe/London", seen_at=london("2026-12-24T18:00"))
    assert str(described) == "Wed 6 Jan 2027, 17:00"


@pytest.mark.parametrize(
    "settings",
    [
        {"opens": "17:00", "closes": "09:00"},
        {"opens": "9"},
        {"zone": "Europe/Londinium"},
        {"country": "XX"},
        {"subdivision": "NOWHERE"},
    ],
)
def test_an_office_that_cannot_be_is_refused(settings):
    with pytest.raises((ValueError, KeyError)):
        Office(**settings)


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        clock.working_minutes_between(datetime(2026, 11, 17), datetime(2026, 11, 18), ENGLAND)  # noqa: DTZ001 (that is the test)


@given(moments, moments, moments, offices)
def test_working_minutes_add_up(one, two, three, office):
    first, middle, last = sorted([one, two, three])
    parts = [clock.working_minutes_between(a, b, office) for a, b in [(first, middle), (middle, last)]]
    assert sum(parts) == clock.working_minutes_between(first, last, office)
    assert min(parts) >= 0


@given(moments, st.integers(-480 * 15, 480 * 15), offices)
@example(datetime(2026, 3, 27, 16, tzinfo=UTC), 480, ENGLAND)
@example(datetime(2026, 10, 23, 16, tzinfo=UTC), 480, ENGLAND)
def test_adding_minutes_and_counting_them_agree(at, minutes, office):
    there = clock.add_working_minutes(at, minutes, office)
    assert clock.working_minutes_between(at, there, office) == minutes


@given(moments, st.lists(st.tuples(minutes, st.timedeltas(timedelta(), timedelta(days=40))), max_size=5), offices)
def test_pauses_never_gain_or_lose_a_minute(submitted_at, stops, office):
    """However often the ball goes to the partner, the reviewers have the same working time in all."""
    due_at, at = clock.due(submitted_at, office), submitted_at
    allowed, used = clock.remaining(at, due_at, office), 0
    for worked, away in stops:
        paused_at = clock.add_working_minutes(at, worked, office)
        used += clock.working_minutes_between(at, paused_at, office)
        at = paused_at + away
        due_at = clock.resume(at, clock.pause(paused_at, due_at, office), office)
    assert used + clock.remaining(at, due_at, office) == allowed


@given(moments, minutes, offices)
def test_a_pause_of_no_length_changes_nothing(submitted_at, worked, office):
    due_at = clock.due(submitted_at, office)
    at = clock.add_working_minutes(submitted_at, worked, office)
    left = clock.pause(at, due_at, office)
    if left > 0:
        assert clock.resume(at, left, office) == due_at


@given(moments, offices)
def test_five_working_days_lie_between_submission_and_due_date(submitted_at, office):
    due_at, zero = clock.due(submitted_at, office), clock.day_zero(submitted_at, office)
    last = due_at.astimezone(ZoneInfo(office.zone))
    between = [zero + timedelta(days=n) for n in range(1, (last.date() - zero).days + 1)]
    assert sum(clock.is_working_day(day, office) for day in between) == 5
    assert last.strftime("%H:%M") == office.closes
    assert clock.is_working_day(zero, office)
    assert clock.is_working_day(last.date(), office)
    full = _minutes_a_day(office)
    assert 5 * full <= clock.remaining(submitted_at, due_at, office) <= 6 * full


@given(moments, offices)
def test_the_reminder_leaves_one_working_day(submitted_at, office):
    due_at = clock.due(submitted_at, office)
    reminder = clock.reminder_at(due_at, office)
    assert clock.working_minutes_between(reminder, due_at, office) == _minutes_a_day(office)


@given(moments, offices)
def test_a_later_submission_is_never_due_earlier(submitted_at, office):
    later = submitted_at + timedelta(hours=7)
    assert clock.due(submitted_at, office) <= clock.due(later, office)


def _minutes_a_day(office):
    opens, closes = (timedelta(hours=int(t[:2]), minutes=int(t[3:])) for t in (office.opens, office.closes))
    return (closes - opens) // timedelta(minutes=1)


def test_time_stands_still_at_a_moment_and_goes_on_after_it():
    moment = datetime(2026, 3, 4, 10, 5, tzinfo=UTC)
    before = clock.now()
    with clock.at(moment):
        assert clock.now() == moment
    assert clock.now() >= before

"""Pages of the log: every filter alone and together, against a plain look at every delivery."""

import functools
import operator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert

from portal import clock
from portal.extensions import db
from portal.models.delivery import Delivery, DeliveryValue
from portal.status import Signature
from portal.transaction import writing
from portal.webhooks import searching, values, walks
from portal.webhooks.searching import Count, Filters
from portal.webhooks.values import Kind, Mark, number
from tests.statements import counted
from tests.webhooks.sending import Hook, event, webhook

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
ACTIONS = ("failed", "confirmed", "paid_out")


@pytest.fixture
def log(hook, app):
    """Sixty deliveries a minute apart: every third forged, three kinds of event, five merchants."""
    other = Hook(app, hook.partner_id, name="The other app")
    for place in range(60):
        raw = webhook(
            event(
                id=f"EV{place}",
                action=ACTIONS[place % 3],
                links={"payment": f"PM{place % 10}", "organisation": f"OR{place % 5}"},
                details={"cause": "x", "description": f"Number {place} of sixty{' needle' * (place == 7)}"},
            )
        )
        with clock.at(BEGIN + timedelta(minutes=place)):
            (other if place % 4 == 3 else hook).send(raw, **({"header": "0" * 64} if place % 3 == 2 else {}))
    hook.read()
    hook.other = other
    return hook


def ids(hook, filters, **kwargs):
    with hook.app.app_context():
        found = [row.id for row in searching.page(hook.partner_id, filters, **{"limit": 100, **kwargs}).rows]
        db.session.rollback()
        return found


def places(hook, filters):
    """Which of the sixty fit, oldest first."""
    every = [stored.id for stored in hook.deliveries()]
    return [every.index(one) for one in reversed(ids(hook, filters))]


def those(test):
    return [place for place in range(60) if test(place)]


CASES = {
    "verdict": (Filters(verdict=Signature.VALID), lambda n: n % 3 != 2),
    "forged": (Filters(verdict=Signature.INVALID), lambda n: n % 3 == 2),
    "reason": (Filters(reason="unknown"), lambda n: n % 3 == 2),
    "event": (Filters(event="payments.confirmed"), lambda n: n % 3 == 1),
    "resource type": (Filters(resource_type="payments"), lambda n: True),
    "resource": (Filters(resource="PM7"), lambda n: n % 10 == 7),
    "organisation": (Filters(organisation="OR3"), lambda n: n % 5 == 3),
    "answer": (Filters(answer=498), lambda n: n % 3 == 2),
    "one word": (Filters(text="needle"), lambda n: n == 7),
    "words in any case and order": (Filters(text="SIXTY number 31"), lambda n: n == 31),
    "a word in every one": (Filters(text="sixty"), lambda n: True),
    "a word in none": (Filters(text="haystack"), lambda n: False),
    "half a word": (Filters(text="needl"), lambda n: False),
    "signs alone": (Filters(text='" * - ( ) :'), lambda n: False),
    "operators": (Filters(text='needle" OR "sixty'), lambda n: False),
    "not": (Filters(text="NOT needle"), lambda n: False),
    "since": (Filters(since=BEGIN + timedelta(minutes=50)), lambda n: n >= 50),
    "until": (Filters(until=BEGIN + timedelta(minutes=5)), lambda n: n < 5),
    "a range": (Filters(since=BEGIN + timedelta(minutes=10), until=BEGIN + timedelta(minutes=12)), lambda n: n in (10, 11)),
    "a range and a word": (Filters(since=BEGIN + timedelta(minutes=5), until=BEGIN + timedelta(minutes=9), text="needle"), lambda n: n == 7),
    "nothing": (Filters(), lambda n: True),
    "all at once": (
        Filters(
            verdict=Signature.VALID, event="payments.confirmed", resource_type="payments", resource="PM7", organisation="OR2", answer=204,
            text="number sixty", since=BEGIN, until=BEGIN + timedelta(days=1),
        ),
        lambda n: n % 3 == 1 and n % 10 == 7,
    ),
    "what never meets": (Filters(verdict=Signature.VALID, answer=498), lambda n: False),
}  # fmt: skip


def test_every_filter_finds_what_fits_and_nothing_else(log):
    assert {name: places(log, filters) for name, (filters, _) in CASES.items()} == {
        name: those(fits) for name, (_, fits) in CASES.items()
    }
    assert places(log, Filters(app_id=log.other.id)) == those(lambda n: n % 4 == 3)


def test_counts_agree(log):
    with log.app.app_context():
        found = {name: searching.count(log.partner_id, filters) for name, (filters, _) in CASES.items()}
    assert found == {name: Count(len(those(fits)), more=False) for name, (_, fits) in CASES.items()}


@pytest.mark.sqlite  # the planner of PostgreSQL looks at the sizes of tables, which are small here
@pytest.mark.parametrize("filters", [Filters(), Filters(answer=204), Filters(answer=204, text="sixty"), Filters(since=BEGIN)])
def test_pages_follow_each_other_both_ways(log, filters):
    with log.app.app_context():
        pages, cursor = [], None
        while True:
            page = searching.page(log.partner_id, filters, before=cursor, limit=7)
            pages.append([row.id for row in page.rows])
            if page.older is None:
                break
            cursor = page.older
        back, cursor = [pages[-1]], pages[-1][0]
        while cursor is not None:
            page = searching.page(log.partner_id, filters, after=cursor, limit=7)
            back.append([row.id for row in page.rows])
            cursor = page.newer
    whole = ids(log, filters)
    assert [one for page in pages for one in page] == whole
    assert sorted((one for page in back for one in page), reverse=True) == whole
    assert all(len(page) == 7 for page in pages[:-1])


def test_the_first_page_has_nothing_newer_and_a_later_one_has(log):
    with log.app.app_context():
        first = searching.page(log.partner_id, Filters(), limit=5)
        second = searching.page(log.partner_id, Filters(), before=first.older, limit=5)
        newer = searching.page(log.partner_id, Filters(), after=second.newer, limit=5)
    assert (first.newer, newer.newer) == (None, None)
    assert [row.id for row in newer.rows] == [row.id for row in first.rows]


def test_marks_are_found(hook):
    hook.send(webhook(event()))
    hook.send(webhook(event(), event(id="EV2", created_at="2020-01-01T00:00:00Z", action="exploded")))
    hook.send(b"<html>")
    first, second, third = (stored.id for stored in hook.read())
    found = {mark: ids(hook, Filters(mark=mark)) for mark in Mark}
    assert found == {Mark.REPEATED: [second], Mark.LATE: [second], Mark.UNKNOWN: [second], Mark.PROBLEM: [third]}
    assert first not in functools.reduce(operator.iadd, found.values(), [])


def test_another_partner_sees_nothing_of_it(log, app, world):
    theirs = Hook(app, world.partners["birch"])
    for filters, _ in CASES.values():
        assert ids(theirs, filters) == []
    assert ids(theirs, Filters(app_id=log.id)) == []


def test_what_is_not_read_yet_is_in_the_log_without_filters(hook):
    hook.send(webhook(event()))
    (stored,) = hook.deliveries()
    assert (ids(hook, Filters()), ids(hook, Filters(answer=204))) == ([stored.id], [])
    hook.read()
    assert ids(hook, Filters(answer=204)) == [stored.id]


def test_the_version_changes_when_one_comes_and_when_it_is_read(hook, app, world):
    theirs, seen = Hook(app, world.partners["birch"]), []

    def look():
        with app.app_context(), counted() as ran:
            seen.append(searching.version(hook.partner_id))
        assert len(ran) == 1

    look()
    hook.send(webhook(event()))
    look()
    hook.read()
    look()
    theirs.send(webhook(event()))
    theirs.read()
    look()
    assert len(set(seen)) == 3
    assert seen[2] == seen[3]


def test_rare_combinations_are_looked_for_piece_by_piece(log, monkeypatch):
    """Two values that seldom meet: a page ends where its window ends, and says so."""
    filters, cursor, found, pages = Filters(answer=498, organisation="OR3"), None, [], 0
    whole = ids(log, filters)
    monkeypatch.setattr(walks, "WINDOW", 5)
    with log.app.app_context():
        while True:
            page = searching.page(log.partner_id, filters, before=cursor)
            found += [row.id for row in page.rows]
            pages += 1
            if page.older is None:
                break
            assert page.unfinished
            cursor = page.older
        back = searching.page(log.partner_id, filters, after=0)
        few = searching.count(log.partner_id, filters)
    assert found == whole
    assert (pages, back.unfinished) == (3, True)
    assert [row.id for row in back.rows] == [one for one in whole if one <= back.newer]
    assert (few.more, few.number < len(found)) == (True, True)


def test_counts_end_at_a_thousand(hook, app):
    hook.send(webhook(event()))
    (stored,) = hook.read()
    with app.app_context(), writing():
        row = {
            "partner_id": hook.partner_id,
            "app_id": hook.id,
            "signature": Signature.VALID,
            "answer": 204,
            "headers": [],
            "body": b"",
        }
        db.session.execute(insert(Delivery), [row | {"parsed_at": clock.now()} for _ in range(501)])
    new, of_answer = [one.id for one in hook.deliveries()], number(hook.partner_id, Kind.ANSWER, 204)
    with app.app_context(), writing():
        db.session.execute(insert(DeliveryValue), [{"value": of_answer, "delivery_id": one} for one in new if one != stored.id])
    with app.app_context():
        for filters in (Filters(), Filters(answer=204)):
            assert searching.count(hook.partner_id, filters) == Count(500, more=True)


def test_few_statements_whatever_is_asked(log):
    with log.app.app_context():
        for filters, _ in CASES.values():
            with counted() as ran:
                searching.page(log.partner_id, filters)
            assert len(ran) <= 4
        with counted() as ran:
            searching.page(log.partner_id, Filters(answer=204))
        assert len(ran) == 1


@pytest.mark.sqlite  # the planner of PostgreSQL looks at the sizes of tables, which are small here
@pytest.mark.parametrize("filters", [Filters(), Filters(answer=204), Filters(answer=204, text="sixty"), Filters(since=BEGIN)])
@pytest.mark.parametrize("way", [{}, {"after": 5}])
def test_every_walk_is_along_an_index(log, filters, way):
    """No statement reads a whole table or sorts: that is what makes a million as quick as a thousand."""
    with log.app.app_context():
        plans = []
        with counted() as ran:
            searching.page(log.partner_id, filters, **way)
        for statement in ran:
            plan = db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", (0,) * statement.count("?"))
            plans += [row[3] for row in plan]
        db.session.rollback()
    assert not [step for step in plans if step.startswith("SCAN") and not step.startswith(("SCAN CONSTANT", "SCAN anon"))]
    assert not [step for step in plans if "ORDER BY" in step]


@pytest.mark.sqlite  # see above
def test_a_poll_walks_along_what_is_not_read_yet(log):
    with log.app.app_context():
        connection = db.session.connection()
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {walks.VERSION.compile(db.engine)}", (1, 0, 1))
        steps = [row[3] for row in plan if " delivery USING " in row[3]]
        db.session.rollback()
    assert ["ix_delivery_unparsed" in step for step in steps] == [False, True]


TEXT = st.text(max_size=30) | st.text('"*():^-+ ANDORNOTsixty', max_size=30)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=TEXT, event=TEXT, resource=TEXT, organisation=TEXT, since=st.none() | st.datetimes(timezones=st.just(UTC)))
def test_whatever_is_typed_is_looked_for(hook, text, event, resource, organisation, since):
    filters = Filters(text=text, event=event, resource=resource, organisation=organisation, since=since)
    assert ids(hook, filters) == []


def test_words_of_a_search_are_limited(log):
    assert places(log, Filters(text=" ".join(["sixty"] * 500 + [f"w{n}" for n in range(500)]))) == []
    assert len(list(values.words("a b c"))) == 3

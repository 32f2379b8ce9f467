"""The queue: its order, its filters, its pages, and how little it costs to show."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import event

from portal.extensions import db
from portal.models.review import Round
from portal.reviews import service
from portal.reviews.queue import PAGE
from portal.status import RoundStatus
from portal.transaction import writing
from tests.reviews.rows import FIRST_DUE, add_rounds
from tests.reviews.sent import submit

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


@pytest.fixture
def store(app, world):
    """Rounds with names; values are those of the row."""

    def run(count, **values):
        with app.app_context(), writing():
            return [review.key for review in add_rounds(count, **values)]

    return run


def shown(page):
    """The partners on a queue page, in order."""
    return re.findall(r'<th scope="row"><a href="[^"]+">([^<]+)</a>', page.text)


def follow(client, page):
    """The next page, or None at the end."""
    found = re.search(r'href="([^"]+)" rel="next"', page.text)
    return client.get(found[1].replace("&amp;", "&")) if found else None


def test_oldest_due_first_whatever_the_order_of_arrival(rita, store):
    store(1, name="Late", due=FIRST_DUE + timedelta(days=3))
    store(1, name="Early", due=FIRST_DUE - timedelta(days=3))
    store(1, name="Middle")
    assert shown(rita.get("/staff/queue")) == ["Early 000", "Middle 000", "Late 000"]


@pytest.mark.parametrize("step", [timedelta(hours=1), timedelta()])
def test_pages_hold_every_round_once(rita, store, step):
    store(60, step=step)
    page, found = rita.get("/staff/queue"), []
    while page:
        found += shown(page)
        page = follow(rita, page)
    assert found == [f"Firm {number:03}" for number in range(60)]


def test_a_round_that_leaves_does_not_move_the_next_page(rita, app, store):
    store(30)
    page = rita.get("/staff/queue")
    with app.app_context(), writing():
        db.session.query(Round).order_by(Round.due_at).first().status = RoundStatus.CLOSED
    assert shown(follow(rita, page)) == [f"Firm {number:03}" for number in range(PAGE, 30)]


@pytest.mark.parametrize(
    "after", ["x", "~", "2026-11-24~", "~5", "2026-11-24T17:00:00+00:00~x", "9999-99-99~1", "0001-01-01T00:00:00+14:00~1"]
)
def test_a_page_that_nobody_linked_to_is_gone(rita, after):
    assert rita.get("/staff/queue", query_string={"after": after}).status_code == 410


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["Open 000"]),
        ("status=open", ["Open 000"]),
        ("status=nonsense", ["Open 000"]),
        ("status=paused", ["Paused 000"]),
        ("status=closed", ["Closed 000"]),
    ],
)
def test_by_status(rita, store, query, names):
    store(1, name="Open")
    store(1, name="Paused", status=RoundStatus.PAUSED, minutes_left=130, stopped_at=NOW)
    store(1, name="Closed", status=RoundStatus.CLOSED, minutes_left=0, stopped_at=NOW)
    page = rita.get(f"/staff/queue?{query}")
    assert shown(page) == names
    assert ("2 working hours left" in page.text) == (names == ["Paused 000"])


def test_answered_rounds_come_latest_first(rita, store):
    store(30, status=RoundStatus.CLOSED, minutes_left=0, stopped_at=NOW)
    first = rita.get("/staff/queue?status=closed")
    assert shown(first) == [f"Firm {number:03}" for number in range(29, 29 - PAGE, -1)]
    assert shown(follow(rita, first)) == [f"Firm {number:03}" for number in range(29 - PAGE, -1, -1)]


def test_mine_and_without_a_reviewer(rita, world, store):
    store(1, name="Mine", assigned_to_id=world.users["rita"])
    store(1, name="Ruths", assigned_to_id=world.users["ruth"])
    store(1, name="Free")
    assert shown(rita.get("/staff/queue?who=mine")) == ["Mine 000"]
    assert shown(rita.get("/staff/queue?who=nobody")) == ["Free 000"]
    assert shown(rita.get("/staff/queue?who=everybody")) == ["Mine 000", "Ruths 000", "Free 000"]


def test_overdue_is_said_and_can_be_filtered(rita, store):
    store(1, name="Late", due=FIRST_DUE)
    store(1, name="Today", due=NOW + timedelta(hours=2))
    store(1, name="Soon", due=NOW + timedelta(days=2, hours=5))
    with time_machine.travel(NOW, tick=False):
        page = rita.get("/staff/queue")
        assert page.text.count("<strong>overdue</strong>") == 1
        assert "2 working days left" in page.text
        assert shown(rita.get("/staff/queue?overdue=y")) == ["Late 000"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("zebra", ["Zebra Pay 000"]),
        ("EBRA p", ["Zebra Pay 000"]),
        ("100%", ["100% Software 000"]),
        ("%", ["100% Software 000"]),
        ("_", ["a_b 000"]),
        ("/", []),
        ("nobody", []),
        ("<script>", []),
        ("\x00", ["Zebra Pay 000", "100% Software 000", "a_b 000"]),
        ("x" * 5000, []),
    ],
)
def test_by_partner_text(rita, store, text, names):
    for number, name in enumerate(["Zebra Pay", "100% Software", "a_b"]):
        store(1, name=name, due=FIRST_DUE + timedelta(hours=number))
    page = rita.get("/staff/queue", query_string={"partner": text})
    assert page.status_code == 200
    assert shown(page) == names
    assert ("No round fits these filters" in page.text) == (not names)


def test_by_section(rita, store):
    store(1, name="One", sections=("app-setup",))
    store(1, name="Two", sections=("app-setup", "webhooks"))
    assert shown(rita.get("/staff/queue?section=webhooks")) == ["Two 000"]
    assert shown(rita.get("/staff/queue?section=app-setup")) == ["One 000", "Two 000"]
    assert shown(rita.get("/staff/queue?section=nope")) == []


def test_filters_combine_and_stay_while_paging(rita, world, store):
    store(30, name="Mine", assigned_to_id=world.users["rita"])
    store(30, name="Other")
    page = rita.get("/staff/queue?who=mine&partner=mine&section=webhooks")
    assert len(shown(page)) == PAGE
    assert shown(follow(rita, page)) == [f"Mine {number:03}" for number in range(PAGE, 30)]


def test_an_empty_queue_says_what_will_be_here(rita, world):
    assert "A round appears here when a partner sends sections for review." in rita.get("/staff/queue").text


def test_counts_stop_just_above_a_hundred(rita, store):
    store(101)
    assert "99+ running" in rita.get("/staff/queue").text


@pytest.fixture
def statements(app):
    """Counts what the database is asked."""
    asked = []

    def note(connection, cursor, statement, *_):
        if statement.lstrip().upper().startswith(("SELECT", "WITH", "INSERT", "UPDATE", "DELETE")):
            asked.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    yield asked
    event.remove(engine, "before_cursor_execute", note)


PLACES = [
    "/staff/queue",
    "{round}",
    "{round}/webhooks",
    "{round}/webhooks?about=duplicates",
    "{round}/webhooks/feed",
    "/staff/replies",
]


@pytest.mark.parametrize("place", PLACES)
def test_a_page_asks_the_same_few_questions_whatever_the_data(app, world, rita, store, statements, place):
    with app.app_context(), writing():
        review = submit(world, "acme")
        key = review.key
    url = place.format(round=f"/staff/reviews/{key}")

    def count():
        statements.clear()
        assert rita.get(url).status_code == 200
        return len(statements)

    few = count()
    store(30)
    with app.app_context(), writing():
        fill(db.session.query(Round).filter_by(key=key).one(), world)
    assert count() == few
    assert few <= 10


def fill(review, world):
    """Remarks, notes, verdicts, people looking, replies, in every section."""
    from portal.catalog import certification
    from portal.status import RemarkKind

    rita, ruth = world.user("rita"), world.user("ruth")
    for section in certification():
        for number in range(5):
            service.write_remark(review, section.key, by=ruth, kind=RemarkKind.SUGGESTION, text=f"Idea {number}")
        service.approve_section(review, section.key, by=ruth)
    for number in range(20):
        service.save_reply(None, by=rita, title=f"Reply {number}", text="Words", question_key=None)
    service.seen(review, by=ruth)

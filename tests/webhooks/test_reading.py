"""What the worker makes of stored webhooks: events, repetitions, order, connections; once, whoever else works."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import event as sql
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from portal import clock
from portal.extensions import db
from portal.models.delivery import Delivery, DeliveryEvent, DeliveryValue
from portal.models.event import Event
from portal.models.partner_app import Connection
from portal.status import ConnectionStatus
from portal.transaction import writing
from portal.webhooks import parsing, reading, understanding
from portal.worker import drain
from portal.worker.webhooks import Reader
from tests.waiting import until
from tests.webhooks.sending import Hook, event, sign, webhook

RAW = webhook(event())


def events(hook):
    with hook.app.app_context():
        found = db.session.scalars(select(DeliveryEvent).order_by(DeliveryEvent.id)).all()
        db.session.expunge_all()
        db.session.rollback()
        return found


@pytest.fixture
def merchant(app, world, hook):
    """A connected merchant of the hook's app."""
    with app.app_context(), writing():
        made = Connection(partner_id=hook.partner_id, app_id=hook.id, organisation_id="OR0001", access_token="a token")
        made.connected_at = clock.now() - timedelta(days=1)
        db.session.add(made)
        db.session.flush()
        return made.id


def connection(app, merchant):
    with app.app_context():
        found = db.session.get(Connection, merchant)
        db.session.expunge_all()
        db.session.rollback()
        return found


def test_events_become_rows_in_their_order(hook):
    hook.send(webhook(event(), event(id="EV0002", action="confirmed", created_at="2026-01-03T00:00:00.000Z")))
    (stored,) = hook.read()
    first, second = events(hook)
    assert (stored.events, stored.problem, stored.parsed_at is not None) == (2, "", True)
    assert (first.position, first.event_id, first.resource_id, first.organisation_id) == (0, "EV0001", "PM0001", "OR0001")
    assert (second.position, second.action, second.late, second.first_id) == (1, "confirmed", False, None)
    assert stored.summary == {
        "event": "payments.failed",
        "resource": "PM0001",
        "organisation": "OR0001",
        "cause": "insufficient_funds",
        "names": {"payments.failed": 1, "payments.confirmed": 1},
        "webhook": "WB0001",
    }


def test_what_was_seen_before_names_the_delivery_that_brought_it_first(hook):
    for _ in range(3):
        hook.send(RAW)
    first, second, third = hook.read()
    assert [found.first_id for found in events(hook)] == [None, first.id, first.id]
    assert [stored.summary.get("repeated") for stored in (first, second, third)] == [None, 1, 1]
    hook.send(webhook(event(), event()))
    hook.read()
    assert [found.first_id for found in events(hook)][3:] == [first.id, first.id]


def test_the_same_event_twice_in_one_delivery_is_no_repetition_of_another(hook):
    hook.send(webhook(event(), event()))
    hook.read()
    assert [found.first_id for found in events(hook)] == [None, None]


def test_events_without_an_id_repeat_nothing(hook):
    for _ in range(2):
        hook.send(webhook(event(id=None)))
    hook.read()
    assert [found.first_id for found in events(hook)] == [None, None]


def test_another_partners_same_event_is_another(hook, app, world):
    theirs = Hook(app, world.partners["birch"])
    hook.send(RAW)
    theirs.send(RAW)
    hook.read()
    assert [found.first_id for found in events(hook)] == [None, None]


def test_an_event_that_comes_after_a_later_one_is_late(hook):
    for number, day in enumerate((1, 3, 2, 3)):
        hook.send(webhook(event(id=f"EV{number}", created_at=f"2026-01-0{day}T00:00:00.000Z")))
    hook.send(webhook(event(id="EV9", created_at="2026-01-01T00:00:00.000Z", links={"payment": "PM0002"})))
    stored = hook.read()
    assert [found.late for found in events(hook)] == [False, False, True, False, False]
    assert [one.summary.get("late") for one in stored] == [None, None, 1, None, None]


def test_late_and_repeated_hold_across_batches(hook):
    hook.send(webhook(event(created_at="2026-01-03T00:00:00.000Z")))
    hook.read()
    hook.send(webhook(event(id="EV2", created_at="2026-01-02T00:00:00.000Z")))
    hook.send(webhook(event(created_at="2026-01-03T00:00:00.000Z")))
    hook.read()
    assert [(found.late, found.first_id is None) for found in events(hook)] == [(False, True), (True, True), (False, False)]


def test_what_is_forged_makes_no_events_and_repeats_nothing(hook):
    hook.send(RAW, "0" * 64)
    hook.send(RAW)
    forged, genuine = hook.read()
    (found,) = events(hook)
    assert (found.delivery_id, found.first_id) == (genuine.id, None)
    assert (forged.events, forged.summary["event"]) == (1, "payments.failed"), "it is shown all the same"


def test_a_body_that_is_no_webhook_is_answered_204_and_explained(hook):
    assert hook.send(b"<html>").status_code == 204
    assert hook.read()[0].problem == parsing.NOT_JSON


def test_250_events_and_251(hook):
    many = [event(id=f"EV{number:04}", links={"payment": f"PM{number:04}", "organisation": "OR1"}) for number in range(251)]
    hook.send(webhook(*many[:250]))
    hook.send(webhook(*many))
    whole, cut = hook.read()
    assert (whole.events, whole.problem, cut.events, cut.problem) == (250, "", 251, parsing.TOO_MANY)
    assert cut.summary["repeated"] == 250
    assert len(events(hook)) == 500


def test_an_organisation_leads_to_its_connection_with_this_app(hook, app, merchant):
    Hook(app, hook.partner_id).send(RAW)
    hook.send(webhook(event(), event(id="EV2", links={"payment": "PM1", "organisation": "OR-unknown"})))
    hook.read()
    assert [found.connection_id for found in events(hook)] == [None, merchant, None]


DISCONNECTED = event(
    id=None,
    resource_type="organisations",
    action="disconnected",
    created_at="2999-01-01T00:00:00.000Z",
    links={"organisation": "OR0001"},
    details={"cause": "app_disconnected", "origin": "gocardless"},
)


def test_a_disconnection_ends_the_connection(hook, app, merchant):
    hook.send(webhook(DISCONNECTED))
    (stored,) = hook.read()
    ended = connection(app, merchant)
    assert (ended.status, ended.access_token, ended.ended_delivery_id) == (ConnectionStatus.DISCONNECTED, None, stored.id)
    with app.app_context():
        told = db.session.scalars(select(Event.kind)).all()
    hook.send(webhook(DISCONNECTED))
    hook.read()
    with app.app_context():
        assert db.session.scalars(select(Event.kind)).all() == told != []


def test_a_forged_disconnection_ends_nothing(hook, app, merchant):
    for header in (None, "0" * 64, sign(webhook(DISCONNECTED), "another secret")):
        hook.send(webhook(DISCONNECTED), header)
    hook.read()
    assert connection(app, merchant).status is ConnectionStatus.CONNECTED


def test_a_disconnection_from_before_the_merchant_connected_again_ends_nothing(hook, app, merchant):
    hook.send(webhook({**DISCONNECTED, "created_at": "2020-01-01T00:00:00.000Z"}))
    hook.read()
    assert connection(app, merchant).status is ConnectionStatus.CONNECTED


@pytest.mark.parametrize("created_at", ["", "yesterday", None, "2020-01-01"])
def test_a_disconnection_without_a_time_counts(hook, app, merchant, created_at):
    hook.send(webhook({**DISCONNECTED, "created_at": created_at}))
    hook.read()
    assert connection(app, merchant).status is ConnectionStatus.DISCONNECTED


def test_workers_at_the_same_time_read_each_delivery_once(hook, app):
    for number in range(30):
        hook.send(webhook(event(id=f"EV{number % 10}")))
    failed = []

    def work():
        try:
            with app.app_context():
                reading.catch_up()
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    found = events(hook)
    assert sorted(one.delivery_id for one in found) == [stored.id for stored in hook.deliveries()]
    assert sum(one.first_id is None for one in found) == 10


def test_reading_stops_at_nothing_that_one_delivery_does(hook, app, monkeypatch):
    def stumble(raw):
        if raw == b"poison":
            raise ZeroDivisionError
        return understand(raw)

    understand = parsing.understand
    monkeypatch.setattr(parsing, "understand", stumble)
    for raw in (RAW, b"poison", webhook(event(id="EV2"))):
        hook.send(raw)
    assert [stored.problem for stored in hook.read()] == ["", reading.UNREADABLE, ""]
    assert len(events(hook)) == 2


def test_what_the_database_refused_is_due_again(hook, app, monkeypatch):
    def away(_):
        raise OperationalError("commit", {}, Exception("database is locked"))

    hook.send(RAW)
    with monkeypatch.context() as patched, app.app_context():
        patched.setattr(understanding, "store", away)
        with pytest.raises(OperationalError):
            reading.catch_up()
    assert hook.deliveries()[0].parsed_at is None
    assert hook.read()[0].events == 1


def test_a_worker_that_dies_in_the_middle_leaves_nothing_half(hook, app):
    class Killed(BaseException):
        pass

    def die(*_):
        raise Killed

    hook.send(RAW)
    with app.app_context():
        sql.listen(db.engine, "commit", die)
        with pytest.raises(Killed):
            reading.catch_up()
        sql.remove(db.engine, "commit", die)
    assert (events(hook), hook.deliveries()[0].parsed_at) == ([], None)
    assert (hook.read()[0].events, len(events(hook))) == (1, 1)


def test_more_than_a_batch_is_read_in_batches(hook, app, monkeypatch):
    monkeypatch.setattr(reading, "BYTES", len(RAW) * 2)
    for _ in range(5):
        hook.send(RAW)
    with app.app_context():
        assert [reading.read_some() for _ in range(4)] == [2, 2, 1, 0]


def test_nothing_due_takes_no_lock_on_the_database(hook, app):
    began = []
    with app.app_context():
        sql.listen(db.engine, "before_cursor_execute", note := lambda c, cur, statement, *rest: began.append(statement))
        reading.catch_up()
        sql.remove(db.engine, "before_cursor_execute", note)
    assert not [statement for statement in began if "IMMEDIATE" in statement]


def test_the_workers_thread_reads_what_comes(hook, app):
    with Reader(app):
        hook.send(RAW)
        until(lambda: hook.deliveries()[0].parsed_at is not None)
    assert len(events(hook)) == 1


def test_everything_it_is_found_by_is_kept_with_it(hook, app):
    hook.send(RAW)
    (stored,) = hook.read()
    with app.app_context():
        numbers = db.session.scalars(select(DeliveryValue.value).where(DeliveryValue.delivery_id == stored.id)).all()
    assert sorted(numbers) == sorted(understanding.values.unpacked(stored.found_by)) != []


def test_text_that_databases_refuse_is_stored_all_the_same(hook):
    hook.send(webhook(event(id="\0\ud800", action="\0" * 80, links={"payment": "\0"}, metadata={"\0": "\0 \ud800"})))
    hook.send(b'{"events":[{"id":' + b"9" * 3_000 + b"}]}")
    assert [stored.problem for stored in hook.read()] == ["", ""]
    assert [found.event_id for found in events(hook)] == ["\ufffd?", "9" * 64]


def test_html_is_kept_as_it_is(hook):
    hook.send(webhook(event(action="<script>alert(1)</script>")))
    assert hook.read()[0].summary["event"] == "payments.<script>alert(1)</script>"


def test_an_update_of_nothing_is_no_second_reading(hook, app):
    """A delivery that is read stays read, whatever a slower worker had in its hands."""
    hook.send(RAW)
    hook.read()
    with app.app_context():
        read = reading._understood([stored.id for stored in hook.deliveries()])
        reading._store(read)
        db.session.rollback()
    assert len(events(hook)) == 1
    with app.app_context(), writing():
        assert db.session.execute(update(Delivery).where(Delivery.parsed_at.is_(None)).values(problem="")).rowcount == 0
    assert drain(app) == 0

"""What developers of the demo data did can be looked at in every room of their area."""

import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from portal.demo.tape import FILE, Tape
from portal.extensions import db
from portal.models.api_key import ApiKey
from portal.models.delivery import Delivery, DeliveryEvent
from portal.models.partner_app import Connection, PartnerApp
from portal.models.run import Run
from portal.status import ConnectionStatus, Environment, RunKind, RunStatus, Signature


@pytest.fixture
def brightbooks(played):
    """Reads rows of the partner that has come furthest: `brightbooks(Run)`, oldest first."""
    with played.app.app_context():
        app = db.session.scalars(select(PartnerApp).filter_by(name="Brightbooks")).one()
        yield lambda model: db.session.scalars(select(model).filter_by(partner_id=app.partner_id).order_by(model.id)).all()
        db.session.rollback()


def test_runs_of_both_kinds_passed_and_failed(brightbooks):
    runs = brightbooks(Run)
    assert {(run.kind, run.status) for run in runs} == {
        (RunKind.CONNECT, RunStatus.PASSED),
        (RunKind.CONNECT, RunStatus.FAILED),
        (RunKind.BILLING_REQUEST, RunStatus.PASSED),
    }
    for run in runs:
        assert run.started_at <= run.steps[0].started_at <= run.steps[-1].ended_at <= run.ended_at
        assert run.app.environment is Environment.EMBEDDED


def test_a_merchant_is_connected_and_another_has_left(brightbooks):
    kept, gone = brightbooks(Connection)
    assert (kept.status, bool(kept.access_token)) == (ConnectionStatus.CONNECTED, True)
    assert (gone.status, gone.access_token) == (ConnectionStatus.DISCONNECTED, None)
    assert gone.ended_delivery_id == brightbooks(Delivery)[-1].id


def test_webhooks_are_signed_forged_read_and_explained(brightbooks):
    deliveries = brightbooks(Delivery)
    assert {one.signature for one in deliveries} == {Signature.VALID, Signature.INVALID, Signature.MISSING}
    assert all(one.parsed_at for one in deliveries)
    assert all(one.reason for one in deliveries if one.signature is not Signature.VALID)
    told = {(event.resource_type, event.action) for event in brightbooks(DeliveryEvent)}
    assert {("payments", "paid_out"), ("payments", "failed"), ("organisations", "disconnected")} <= told


def test_there_is_a_key(brightbooks):
    assert [key.name for key in brightbooks(ApiKey)] == ["Continuous integration"]


def test_nothing_is_left_to_fill_in_and_nothing_of_the_recording_shows(brightbooks):
    texts = [
        str((run.parameters, run.facts, [(s.verdict, s.request, s.response) for s in run.steps])) for run in brightbooks(Run)
    ]
    assert not [text for text in texts if re.search("[⟦⟧]|Corner Shop|Invoices", text)]
    assert "SGC1" not in "".join(texts)  # how the ids of the recording begin


def test_the_recording_holds_no_address_and_no_moment():
    known = FILE.read_text(encoding="utf-8").replace("2015-07-06", "the API's version")
    assert not re.search(r"localhost|127\.0\.0\.1|\b20\d\d-\d\d|@(?!example\.com)", known)


def test_a_tape_puts_in_names_ids_and_times():
    tape = Tape({"portal": "http://a b", "merchant": "Otter Press"}, datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC), salt="1")
    assert tape.play(["⟦portal|quoted⟧ ⟦merchant|upper⟧", {"at": "⟦+1.5⟧"}, 5]) == [
        "http%3A%2F%2Fa%20b OTTER PRESS",
        {"at": "2026-12-01T00:00:00.500Z"},
        5,
    ]
    assert tape.play("⟦http+1⟧ ⟦day+1⟧ ⟦words+1⟧") == "Tue, 01 Dec 2026 00:00:00 GMT 2026-12-01 1 Dec 2026"
    once, again = tape.play("PM00123456789A for PM00123456789A").split(" for ")
    assert once == again != "PM00123456789A"
    assert re.fullmatch("PM[0-9A-HJKMNP-TV-Z]{12}", once)


def test_half_a_year_of_payments_has_figures(played):
    page = played.client("rhys").get("/developers/insight?unit=month").text
    for words in ("Not enough money", "Bank account closed", "Mandate cancelled"):
        assert words in page

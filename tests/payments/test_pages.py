"""The pages of the billing request run and of the insight: what they show, refuse and lead to."""

import csv
import io
from datetime import date

import pytest

from portal import clock, sheets
from portal.extensions import db
from portal.models.delivery import Delivery, DeliveryEvent
from portal.models.partner_app import Connection
from portal.models.payment import PaymentFact, PaymentReading, Unit
from portal.models.run import Run
from portal.payments import exporting, figures, forms
from portal.payments.summing import sum_up
from portal.refusals import Invalid
from portal.status import ConnectionStatus, ReadingStatus, Signature
from portal.transaction import writing
from portal.worker import drain
from tests.payments import payer
from tests.statements import MOST, statements_of

RETURNS = "http://localhost/developers/payments/return"


@pytest.fixture
def form(merchant):
    return forms.beginning(RETURNS) | {"connection": merchant.key}


def test_the_form_holds_everything_that_a_run_needs(alice, merchant):
    page = alice.get("/developers/payments").text
    for words in ("Merchant, through Test app", "55779911", "Penniless", RETURNS, "Embedded sandbox"):
        assert words in page


def test_without_a_connection_the_page_says_where_to_make_one(alice):
    assert "/developers/connect" in alice.get("/developers/payments").text


def test_a_run_is_started_and_shown_with_its_link_simulators_and_time_line(alice, runs, form, gocardless, merchant):
    answer = alice.post("/developers/payments", data=form)
    assert answer.status_code == 303
    key = answer.location.rpartition("/")[2]
    drain(runs.app)
    page = alice.get(answer.location).text
    link = runs.seen(key)[2]["flow"]["url"]
    assert f'href="{link}"' in page
    assert "Payer at the hosted pages" in page
    payer.agree(gocardless.client(merchant), runs.seen(key)[2]["billing_request"]["id"])
    alice.post(f"/developers/runs/{key}/look")
    drain(runs.app)
    page = alice.get(answer.location).text
    assert "Mandate activated" in page
    assert "need an active mandate" in page
    assert "Payment: created" in page
    assert alice.post(f"/developers/runs/{key}/simulate", data={"simulator": "mandate_activated"}).status_code == 303
    drain(runs.app)
    page = alice.get(answer.location).text
    assert "Payment failed" in page
    assert statements_of(alice, answer.location) <= MOST
    assert key in alice.get("/developers/payments").text


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("connection", "of-nobody", "Choose the connected account"),
        ("ask", "nonsense", "Choose what the payer"),
        ("scheme", "nonsense", "Choose one of the schemes"),
        ("amount", "ten", "Write an amount such as 12.50"),
        ("amount", "1.234", "Write an amount such as 12.50"),
        ("amount", "-1", "Write an amount such as 12.50"),
        ("amount", "NaN", "Write an amount such as 12.50"),
        ("amount", "99999999", "more than a test needs"),
        ("description", " ", "Say what the payment is for"),
        ("email", "nobody", "Write an address such as"),
        ("redirect_uri", "javascript:alert(1)", "begins with https://"),
        ("exit_uri", "http://[", "begins with https://"),
        ("given_name", "x" * 101, "At most 100 characters"),
    ],
)
def test_what_cannot_be_is_named_beside_its_field(alice, form, field, value, words):
    answer = alice.post("/developers/payments", data=form | {field: value})
    assert (answer.status_code, words in answer.text, f'href="#{field}"' in answer.text) == (422, True, True)
    with alice.application.app_context():
        assert db.session.query(Run).count() == 0


def test_instant_payments_are_in_two_currencies_and_need_an_amount():
    typed = forms.beginning(RETURNS) | {"ask": "both", "scheme": "ach"}
    with pytest.raises(Invalid) as refused:
        forms.wanted(typed)
    assert list(refused.value.problems) == ["scheme"]
    with pytest.raises(Invalid) as refused:
        forms.wanted(typed | {"scheme": "sepa_core", "amount": ""})
    assert list(refused.value.problems) == ["amount"]
    assert forms.wanted(typed | {"scheme": "sepa_core", "amount": "12,5"}).amount == 1250


def test_a_connection_that_has_ended_starts_nothing(alice, merchant, form):
    with alice.application.app_context(), writing():
        db.session.get(Connection, merchant.id).access_token = None
    assert "This connection has ended" in alice.post("/developers/payments", data=form).text


def test_the_time_line_links_each_event_to_its_webhooks(alice, runs, gocardless, merchant):
    key = runs.start()
    payer.agree(gocardless.client(merchant), runs.seen(key)[2]["billing_request"]["id"])
    runs.look(key)
    with runs.app.app_context(), writing():
        run = runs.get(key)
        delivery = Delivery(
            partner_id=run.partner_id, app_id=run.app_id, signature=Signature.VALID, answer=204, headers=[], body=b"{}"
        )
        db.session.add(delivery)
        db.session.flush()
        event = run.facts["events"][0]["id"]
        db.session.add(DeliveryEvent(partner_id=run.partner_id, delivery_id=delivery.id, position=0, event_id=event))
        webhook = delivery.key
    page = alice.get(f"/developers/runs/{key}").text
    assert f"/developers/webhooks/{webhook}" in page
    assert "No webhook has brought this yet." in page


def test_a_payer_who_left_and_one_who_is_unknown(alice, runs):
    flow = runs.seen(runs.start())[2]["flow"]["id"]
    answer = alice.get(f"/developers/payments/return?outcome=left&id={flow}", follow_redirects=True)
    assert "The payer left the hosted pages" in answer.text
    answer = alice.get("/developers/payments/return?outcome=success&id=BRF1", follow_redirects=True)
    assert "not from the link of a run that is known here" in answer.text


def test_another_partner_finds_nothing_and_staff_only_read(carol, rita, runs):
    key = runs.start()
    flow = runs.seen(key)[2]["flow"]["id"]
    for verb in ("look", "simulate", "pay-again"):
        assert carol.post(f"/developers/runs/{key}/{verb}").status_code == 404
        assert rita.post(f"/developers/runs/{key}/{verb}").status_code == 403
    assert "not from the link" in carol.get(f"/developers/payments/return?id={flow}", follow_redirects=True).text
    page = rita.get(f"/developers/runs/{key}").text
    assert "/simulate" not in page
    assert "Payer at the hosted pages" in page


def test_again_leads_to_another_run(alice, runs):
    key = runs.start()
    answer = alice.post(f"/developers/runs/{key}/pay-again")
    assert (answer.status_code, key in answer.location) == (303, False)


def facts(connection_id, count, **values):
    known = {"created_at": "2026-11-01T00:00:00.000Z", "charge_date": date(2026, 11, 2), "currency": "GBP", "amount": 1000}
    return [
        PaymentFact(connection_id=connection_id, payment_id=f"PM{values.get('status')}{n}", **known | values)
        for n in range(count)
    ]


@pytest.fixture
def read(app, merchant):
    """An account whose payments were read: three succeeded, one failed; one more in euros."""
    with app.app_context(), writing():
        db.session.add(
            PaymentReading(
                connection_id=merchant.id,
                asked_at=clock.now(),
                finished_at=clock.now(),
                status=ReadingStatus.READ,
                read_until="2026-11-20T10:00:00.000Z",
            )
        )
        today = figures.start_of(clock.now().date(), Unit.MONTH)
        db.session.add_all(facts(merchant.id, 3, status="paid_out", charge_date=today))
        db.session.add_all(facts(merchant.id, 1, status="failed", cause="=cmd|' /C calc'!A0", failures=1, charge_date=today))
        db.session.add_all(facts(merchant.id, 1, status="confirmed", currency="EUR", amount=700, charge_date=today))
        db.session.flush()
        sum_up(merchant.id)
    return merchant


def test_the_insight_shows_each_currency_by_itself(alice, read):
    page = alice.get("/developers/insight").text
    for words in ("75.0 %", "£30.00", "€7.00", "How many payments succeed?", "Read until"):
        assert words in page
    page = alice.get(f"/developers/insight?connection={read.key}&currency=EUR&unit=month").text
    assert "100.0 %" in page
    assert page.count("chart.min.") == 1
    assert statements_of(alice, "/developers/insight") <= MOST


def test_the_chart_library_loads_where_there_are_charts_only(alice, merchant):
    for url in ("/developers/insight", "/developers/payments", "/"):
        assert "chart.min." not in alice.get(url).text


def test_honest_words_while_nothing_was_read(alice, merchant):
    page = alice.get("/developers/insight").text
    assert "Not read yet" in page
    assert alice.post("/developers/insight/refresh", data={"connection": merchant.key}).status_code == 303
    assert "Asked for" in alice.get("/developers/insight").text
    drain(alice.application)
    page = alice.get("/developers/insight").text
    assert "No payments" in page


def test_csv_has_every_payment_and_no_formula(alice, read, monkeypatch):
    monkeypatch.setattr(exporting, "PIECE", 2)
    answer = alice.get(f"/developers/connections/{read.key}/payments.csv")
    assert answer.mimetype == "text/csv"
    assert "attachment" in answer.headers["Content-Disposition"]
    lines = list(csv.DictReader(io.StringIO(answer.text)))
    assert [line["status"] for line in lines] == ["paid_out"] * 3 + ["failed", "confirmed"]
    assert lines[3]["cause"].startswith("'=cmd")
    assert lines[4]["amount"] == "7.00"


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\tx", "\rx"])
def test_cells_that_a_spreadsheet_would_calculate(text):
    assert sheets.safe(text) == f"'{text}"
    assert sheets.safe("plain") == "plain"


def test_others_find_no_insight_and_staff_do(carol, rita, read, world):
    assert carol.get(f"/developers/insight?connection={read.key}").status_code == 404
    assert carol.post("/developers/insight/refresh", data={"connection": read.key}).status_code == 404
    assert carol.get(f"/developers/connections/{read.key}/payments.csv").status_code == 404
    with world.app.app_context():
        partner = world.partner("acme").key
    page = rita.get(f"/staff/partners/{partner}/insight").text
    assert "75.0 %" in page
    assert "Refresh now" not in page
    assert rita.get(f"/developers/connections/{read.key}/payments.csv").status_code == 200


def test_an_ended_connection_keeps_its_figures(alice, read):
    with alice.application.app_context(), writing():
        db.session.get(Connection, read.id).status = ConnectionStatus.REVOKED
    page = alice.get("/developers/insight").text
    assert "This connection has ended" in page
    assert "75.0 %" in page
    answer = alice.post("/developers/insight/refresh", data={"connection": read.key}, follow_redirects=True)
    assert "nothing new can be read" in answer.text


def test_a_run_of_another_kind_has_none_of_these_buttons(alice, runs, world):
    key = runs.start()
    with runs.app.app_context(), writing():
        runs.get(key).kind = "connect"
    for verb in ("look", "simulate", "pay-again"):
        assert alice.post(f"/developers/runs/{key}/{verb}").status_code == 409


def test_a_merchant_who_is_not_verified_is_named(alice, runs, gocardless):
    other = gocardless.merchant(gocardless.app(), verified=False)
    page = alice.get(f"/developers/runs/{runs.start(merchant=other)}").text
    assert "The merchant is not verified yet" in page

"""Reading an account's payments from a real sandbox: everything once, then only what is new."""

from datetime import timedelta

import pytest

from portal import clock
from portal.extensions import db
from portal.models.outbox import Outbox
from portal.models.partner_app import Connection
from portal.models.payment import PaymentFact, PaymentFigure, PaymentReading, Unit
from portal.payments import insight, reading
from portal.status import ConnectionStatus, ReadingStatus
from portal.transaction import writing
from portal.worker import drain, periodic

GB = {"country_code": "GB", "branch_code": "200000", "account_number": "55779911", "account_holder_name": "Frank Osborne"}


class Account:
    """A merchant with a payer, whose payments come to whatever end a test wants."""

    def __init__(self, gocardless, merchant):
        self.app, self.merchant, self.api = gocardless.portal, merchant, gocardless.client(merchant)
        customer = self.api.customers.create(params={"given_name": "Frank", "family_name": "Osborne"})
        account = self.api.customer_bank_accounts.create(params={**GB, "links": {"customer": customer.id}})
        self.mandate = self.api.mandates.create(params={"links": {"customer_bank_account": account.id}}).id
        self.simulate("mandate_activated", self.mandate)

    def simulate(self, name, resource):
        self.api.scenario_simulators.run(name, params={"links": {"resource": resource}})

    def pay(self, end="", amount=1000):
        made = self.api.payments.create(params={"amount": amount, "currency": "GBP", "links": {"mandate": self.mandate}})
        if end:
            self.simulate(f"payment_{end}", made.id)
        return made.id

    def retry(self, payment, end):
        self.api.payments.retry(payment)
        self.simulate(f"payment_{end}", payment)

    def read(self):
        with self.app.app_context(), writing():
            reading.ask(db.session.get(Connection, self.merchant.id))
        drain(self.app)

    def facts(self):
        with self.app.app_context():
            return {one.payment_id: one for one in db.session.query(PaymentFact)}

    def state(self):
        with self.app.app_context():
            return db.session.query(PaymentReading).one()

    def told(self, unit=Unit.WEEK):
        with self.app.app_context():
            return insight.of(self.merchant.id, "GBP", unit)


@pytest.fixture
def account(gocardless, merchant):
    return Account(gocardless, merchant)


def test_everything_is_read_and_added_up(account):
    paid, failed, back = account.pay("paid_out", 2500), account.pay("failed", 300), account.pay("charged_back", 400)
    late, rescued = account.pay("late_failure", 500), account.pay("failed", 600)
    account.retry(rescued, "paid_out")
    account.pay()
    account.read()
    facts, told = account.facts(), account.told()
    assert {one.status for one in facts.values()} == {"paid_out", "failed", "charged_back", "pending_submission"}
    assert (facts[failed].failures, facts[failed].cause, facts[rescued].retries) == (1, "test_failure", 1)
    assert (facts[back].cause, facts[late].cause) == ("authorisation_disputed", "refer_to_payer")
    assert facts[paid].payout_id.startswith("PO")
    assert (told.tally.succeeded, told.tally.failed, told.tally.charged_back, told.tally.open) == (2, 2, 1, 1)
    assert (told.tally.rate, told.tally.amount) == (40, 3100)
    assert (told.retries.recovered, told.retries.amount, told.retries.attempts) == (1, 600, 1)
    assert {one.code: one.payments for one in told.causes} == {
        "test_failure": 2,
        "authorisation_disputed": 1,
        "refer_to_payer": 1,
    }
    assert told.to_payout.payments == 2
    months = account.told(Unit.MONTH)
    assert (months.tally, months.retries) == (told.tally, told.retries)


def test_only_what_is_new_is_read_again_and_nothing_is_counted_twice(account):
    first = account.pay("failed")
    account.read()
    before = account.state()
    assert before.status is ReadingStatus.READ
    account.read()
    assert account.state().events == before.events
    account.retry(first, "failed")
    account.retry(first, "confirmed")
    account.read()
    fact, state = account.facts()[first], account.state()
    assert (fact.status, fact.failures, fact.retries) == ("confirmed", 2, 2)
    assert state.read_until > before.read_until
    assert account.told().retries.recovered == 1


def test_page_by_page_and_job_by_job(account, monkeypatch):
    monkeypatch.setattr(reading, "PAGE", 2)
    monkeypatch.setattr(reading, "PAGES_A_JOB", 2)
    for end in ("failed", "failed", "paid_out", "paid_out"):
        account.pay(end)
    account.read()
    assert account.state().events == sum((3, 3, 4, 4))
    assert account.told().tally.decided == 4
    account.pay("failed")
    account.read()
    assert (account.told().tally.failed, account.state().seen_now) == (3, [])


def test_a_worker_that_dies_between_two_pages_counts_nothing_twice(account, monkeypatch, gocardless, merchant):
    monkeypatch.setattr(reading, "PAGE", 2)
    for _ in range(3):
        account.pay("failed")
    store, pages = reading.storing.apply_events, []

    def die(facts, events):
        pages.append(1)
        if len(pages) == 3:
            raise MemoryError
        store(facts, events)

    monkeypatch.setattr(reading.storing, "apply_events", die)
    account.read()
    assert account.state().status is ReadingStatus.RUNNING
    monkeypatch.undo()
    with account.app.app_context(), clock.at(clock.now() + timedelta(minutes=5)):
        drain(account.app)
    assert account.state().status is ReadingStatus.READ
    assert {one.failures for one in account.facts().values()} == {1}


@pytest.mark.parametrize(("fault", "problem"), [("500", "server_failed"), ("html", "not_json")])
def test_a_reading_that_fails_says_why_and_the_next_goes_on(account, gocardless, merchant, fault, problem):
    account.pay("failed")
    gocardless.fault(merchant, fault)
    account.read()
    assert (account.state().status, account.state().problem) == (ReadingStatus.FAILED, problem)
    account.read()
    assert (account.state().status, account.state().problem) == (ReadingStatus.READ, "")


def test_the_rate_limit_makes_it_wait(account, gocardless, merchant):
    gocardless.fault(merchant, "429")
    account.read()
    assert account.state().problem == "too_many_calls"
    with clock.at(clock.now() + reading.PAUSE + timedelta(seconds=1)):
        drain(account.app)
    assert account.state().status is ReadingStatus.READ


def test_a_revoked_token_ends_the_connection_and_keeps_what_was_read(account, merchant):
    account.pay("failed")
    account.read()
    with account.app.app_context(), writing():
        db.session.get(Connection, merchant.id).access_token = "sandbox_of_nobody"
    account.read()
    assert account.state().problem == "revoked"
    with account.app.app_context():
        assert db.session.get(Connection, merchant.id).status is ConnectionStatus.DISCONNECTED
    assert account.told().tally.failed == 1


def test_once_an_hour_every_living_sandbox_connection_is_asked_for(account, gocardless, merchant):
    other = gocardless.merchant(gocardless.app("birch"))
    with account.app.app_context(), writing():
        db.session.get(Connection, other.id).access_token = None
    periodic.read_payments(account.app)
    periodic.read_payments(account.app)
    with account.app.app_context():
        assert db.session.query(PaymentReading).one().connection_id == merchant.id
        assert db.session.query(Outbox).count() == 1


def test_without_payments_there_are_no_figures(account):
    account.read()
    with account.app.app_context():
        assert db.session.query(PaymentFigure).count() == 0
        assert insight.currencies(account.merchant.id, Unit.WEEK) == {}
    assert account.state().status is ReadingStatus.READ

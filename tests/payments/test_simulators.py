"""Every simulator button, pressed once at a real sandbox in a state for which it is offered."""

import pytest

from portal.payments import service, simulators
from portal.payments.choices import Ask
from portal.payments.simulators import BY_NAME, SIMULATORS
from portal.refusals import Invalid
from portal.transaction import writing
from tests.payments import payer

BANK_LEFT = [one.name for one in SIMULATORS if one.kind == "billing_request"]
MANDATE = [one.name for one in SIMULATORS if one.kind == "mandate" and one.states != ("pending_customer_approval",)]
PAYMENT = [one.name for one in SIMULATORS if one.kind == "payment"]
NEVER = {"mandate_suspended_by_payer", "mandate_customer_approval_granted", "mandate_customer_approval_skipped"}
"""PayTo, which the form does not offer, and second signatures, which are tried below."""


def told(runs, key):
    return [f"{one['type']} {one['action']}" for one in runs.seen(key)[2].get("events", ())]


def agreed(runs, gocardless, **how):
    key = runs.start(**how)
    payer.agree(gocardless.client(runs.merchant), runs.seen(key)[2]["billing_request"]["id"])
    runs.look(key)
    return key


def press(runs, key, name):
    """The button is there, and what it promises happens."""
    assert name in [one.name for one in simulators.fitting(runs.seen(key)[2])]
    runs.act(key, service.simulate, name)
    assert [one for one in BY_NAME[name].events if one not in told(runs, key) and not one.startswith("creditors")] == []
    assert ("simulated", "passed") in runs.seen(key)[3]


@pytest.mark.parametrize("name", [name for name in MANDATE if name not in NEVER])
def test_of_the_mandate(runs, gocardless, name):
    key = agreed(runs, gocardless, amount=0)
    press(runs, key, name)


@pytest.mark.parametrize("name", PAYMENT)
def test_of_the_payment(runs, gocardless, name):
    key = agreed(runs, gocardless)
    assert simulators.wanted_first(runs.seen(key)[2])
    runs.act(key, service.simulate, "mandate_activated")
    press(runs, key, name)


@pytest.mark.parametrize("name", BANK_LEFT)
def test_of_the_billing_request(runs, gocardless, merchant, name):
    key = runs.start(Ask.BOTH)
    payer.agree(gocardless.client(merchant), runs.seen(key)[2]["billing_request"]["id"], fulfil=False)
    runs.look(key)
    press(runs, key, name)
    assert ("fulfilled", "passed") in runs.seen(key)[3]


def test_of_the_payout_and_the_merchant(runs, gocardless):
    key = agreed(runs, gocardless)
    for name in ("mandate_activated", "payment_paid_out", "payout_bounced"):
        press(runs, key, name)
    assert runs.seen(key)[2]["payout"]["status"] == "bounced"
    for name in ("action_required", "in_review", "successful"):
        press(runs, key, f"creditor_verification_status_{name}")
        assert runs.seen(key)[2]["creditor"]["status"] == name


@pytest.mark.parametrize("name", ["mandate_customer_approval_granted", "mandate_customer_approval_skipped"])
def test_of_a_mandate_that_two_must_sign(runs, gocardless, merchant, name):
    key = runs.start(amount=0)
    known = runs.seen(key)[2]["billing_request"]["id"]
    api = gocardless.client(merchant)
    payer.agree(api, known, fulfil=False)
    api.billing_requests.confirm_payer_details(known, params={"payer_requested_dual_signature": True})
    api.billing_requests.fulfil(known)
    runs.look(key)
    press(runs, key, name)


def test_one_that_does_not_fit_is_refused(runs):
    key = runs.start()
    for name in ("payment_failed", "no_such_simulator", ""):
        with runs.app.app_context(), writing(), pytest.raises(Invalid):
            service.simulate(runs.get(key), name)


def test_the_table_names_what_the_sandbox_knows():
    from portal.sandbox.resources.simulators import SIMULATORS as KNOWN

    theirs = {name: one for name, one in KNOWN.items() if one.kind != "refunds"}
    assert set(BY_NAME) == set(theirs)
    assert {name for name, one in BY_NAME.items() if set(one.states) != set(theirs[name].states)} == set()


def test_what_fits_follows_the_scheme():
    known = {"mandate": {"id": "MD1", "status": "pending_submission", "scheme": "sepa_core"}}
    names = {one.name for one in simulators.fitting(known)}
    assert {"mandate_activated", "mandate_failed", "mandate_transferred_with_resubmission"} & names == set()
    assert {"mandate_expired", "mandate_transferred"} <= names

"""All 28 scenario simulators, what each needs, and the names and banks that make things happen by themselves."""

import pytest

from portal.sandbox.resources.simulators import SIMULATORS
from tests.sandbox.kit import ACCOUNTS, merchant

# name: (how the resource is made, the status it ends in, events that must have happened)
PAYMENT = {
    "payment_submitted": ("submitted", ["submitted"]),
    "payment_confirmed": ("confirmed", ["submitted", "confirmed"]),
    "payment_paid_out": ("paid_out", ["submitted", "confirmed", "paid_out"]),
    "payment_failed": ("failed", ["submitted", "failed"]),
    "payment_charged_back": ("charged_back", ["submitted", "confirmed", "paid_out", "charged_back"]),
    "payment_chargeback_settled": (
        "charged_back",
        ["submitted", "confirmed", "paid_out", "charged_back", "chargeback_settled"],
    ),
    "payment_late_failure": ("failed", ["submitted", "confirmed", "failed"]),
    "payment_late_failure_settled": ("failed", ["submitted", "confirmed", "paid_out", "failed", "late_failure_settled"]),
}
MANDATE = {
    "mandate_activated": ("active", ["submitted", "active"]),
    "mandate_failed": ("failed", ["submitted", "failed"]),
    "mandate_expired": ("expired", ["submitted", "active", "expired"]),
    "mandate_transferred": ("active", ["submitted", "active", "transferred"]),
    "mandate_transferred_with_resubmission": (
        "pending_submission",
        ["submitted", "active", "transferred", "resubmission_requested"],
    ),
}
REFUND = {
    "refund_paid": ("paid", ["paid"]),
    "refund_settled": ("paid", ["paid", "refund_settled"]),
    "refund_bounced": ("bounced", ["failed"]),
    "refund_returned": ("funds_returned", ["funds_returned"]),
}
REQUEST = {
    "billing_request_fulfilled": ("pending_submission", []),
    "billing_request_fulfilled_and_payment_failed": ("failed", ["submitted", "failed"]),
    "billing_request_fulfilled_and_payment_confirmed_to_failed": ("failed", ["submitted", "confirmed", "failed"]),
    "billing_request_fulfilled_and_payment_paid_out": ("paid_out", ["submitted", "confirmed", "paid_out"]),
}
CREDITOR = ("action_required", "in_review", "successful")
OTHERS = {
    "mandate_customer_approval_granted",
    "mandate_customer_approval_skipped",
    "mandate_suspended_by_payer",
    "payout_bounced",
}


def told(api, kind, name, identity):
    events = reversed(api.all("events", f"?{name}={identity}&limit=500"))
    return [event["action"] for event in events if event["resource_type"] == kind and event["action"] != "created"]


def refused(api, name, resource):
    answer = api.call("POST", f"/scenario_simulators/{name}/actions/run", {"data": {"links": {"resource": resource}}})
    return answer.status_code, answer.json["error"]["type"]


def test_these_are_all_of_them():
    tested = {
        *PAYMENT,
        *MANDATE,
        *REFUND,
        *REQUEST,
        *OTHERS,
        *(f"creditor_verification_status_{status}" for status in CREDITOR),
    }
    assert tested == set(SIMULATORS)
    assert len(SIMULATORS) == 28


@pytest.mark.parametrize("name", PAYMENT)
def test_payments(api, name):
    status, events = PAYMENT[name]
    payment = api.payment()
    api.simulate(name, payment["id"])
    assert api.one("payments", payment["id"])["status"] == status
    assert told(api, "payments", "payment", payment["id"]) == events
    if status != "paid_out":
        assert refused(api, "payment_submitted", payment["id"]) == (422, "invalid_state")


@pytest.mark.parametrize("scheme", ["sepa_core", "ach", "becs", "becs_nz"])
def test_schemes_that_send_the_mandate_with_its_first_payment(api, scheme):
    mandate = api.mandate(scheme)
    assert refused(api, "mandate_activated", mandate["id"]) == (422, "invalid_state")
    payment = api.payment(mandate)
    api.simulate("payment_confirmed", payment["id"])
    assert api.one("mandates", mandate["id"])["status"] == "active"


@pytest.mark.parametrize("scheme", ["bacs", "autogiro", "betalingsservice", "pad"])
def test_other_schemes_need_an_active_mandate_first(api, scheme):
    mandate = api.mandate(scheme)
    payment = api.payment(mandate)
    assert refused(api, "payment_confirmed", payment["id"]) == (422, "invalid_state")
    api.simulate("mandate_activated", mandate["id"])
    api.simulate("payment_confirmed", payment["id"])


def test_autogiro_has_no_late_failures(api):
    payment = api.payment(api.mandate("autogiro", active=True))
    assert refused(api, "payment_late_failure", payment["id"]) == (422, "invalid_state")


@pytest.mark.parametrize("name", MANDATE)
def test_mandates(api, name):
    status, events = MANDATE[name]
    mandate = api.mandate()
    api.simulate(name, mandate["id"])
    found = api.one("mandates", mandate["id"])
    assert found["status"] == status
    assert told(api, "mandates", "mandate", mandate["id"]) == events
    if "transferred" in events:
        event = next(e for e in api.all("events", f"?mandate={mandate['id']}") if e["action"] == "transferred")
        assert event["links"]["previous_customer_bank_account"] == mandate["links"]["customer_bank_account"]
        assert event["links"]["new_customer_bank_account"] == found["links"]["customer_bank_account"]


@pytest.mark.parametrize("name", ["granted", "skipped"])
def test_the_second_signature(api, name):
    account = api.account(company_name="Two Signatures Ltd")
    links = {"customer": account["links"]["customer"], "customer_bank_account": account["id"]}
    asked = {"mandate_request": {"scheme": "bacs", "payer_requested_dual_signature": True}, "links": links}
    request = api.create("billing_requests", asked)
    billing = {"address_line1": "1 Street", "city": "London", "postal_code": "E1 1AA", "country_code": "GB"}
    api.act("billing_requests", request["id"], "collect_customer_details", {"customer_billing_detail": billing})
    api.act("billing_requests", request["id"], "confirm_payer_details")
    done = api.act("billing_requests", request["id"], "fulfil").json["billing_requests"]
    mandate = api.one("mandates", done["links"]["mandate_request_mandate"])
    assert mandate["status"] == "pending_customer_approval"
    payment = api.payment(mandate)
    assert payment["status"] == "pending_customer_approval"
    subscription = api.create(
        "subscriptions", {"amount": 1, "currency": "GBP", "interval_unit": "monthly", "links": {"mandate": mandate["id"]}}
    )
    assert subscription["status"] == "pending_customer_approval"
    api.simulate(f"mandate_customer_approval_{name}", mandate["id"])
    assert api.one("mandates", mandate["id"])["status"] == "pending_submission"
    assert api.one("payments", payment["id"])["status"] == "pending_submission"
    assert api.one("subscriptions", subscription["id"])["status"] == "active"
    assert refused(api, f"mandate_customer_approval_{name}", mandate["id"]) == (422, "invalid_state")


def test_a_payer_suspends_a_pay_to_mandate(api, sandbox):
    mandate = api.mandate("becs")
    with sandbox.extensions["sandbox"].change(api.made["organisation_id"]) as world:
        doc = world.get("mandates", mandate["id"])
        doc.body.update(scheme="pay_to", status="active")
        world.save(doc)
    api.simulate("mandate_suspended_by_payer", mandate["id"])
    assert api.one("mandates", mandate["id"])["status"] == "suspended_by_payer"


@pytest.mark.parametrize("name", REFUND)
def test_refunds(api, name):
    status, events = REFUND[name]
    payment = api.payment()
    api.simulate("payment_paid_out", payment["id"])
    refund = api.create("refunds", {"amount": 100, "total_amount_confirmation": 100, "links": {"payment": payment["id"]}})
    api.simulate(name, refund["id"])
    assert api.one("refunds", refund["id"])["status"] == status
    assert told(api, "refunds", "refund", refund["id"]) == events


def test_a_payout_bounces(api):
    payment = api.payment()
    api.simulate("payment_paid_out", payment["id"])
    payout = api.all("payouts")[0]
    api.simulate("payout_bounced", payout["id"])
    assert api.one("payouts", payout["id"])["status"] == "bounced"
    assert ("creditors", "bounced_payout") in api.events()
    assert refused(api, "payout_bounced", payout["id"]) == (422, "invalid_state")


@pytest.mark.parametrize("status", CREDITOR)
def test_verification(api, status):
    creditor = api.made["creditor_id"]
    other = next(s for s in CREDITOR if s != status)
    api.simulate(f"creditor_verification_status_{other}", creditor)
    api.simulate(f"creditor_verification_status_{status}", creditor)
    assert api.one("creditors", creditor)["verification_status"] == status
    event = api.all("events", "?resource_type=creditors")[0]
    assert (event["action"], event["details"]["property"]) == ("updated", "verification_status")


@pytest.mark.parametrize("name", REQUEST)
def test_billing_requests(api, name):
    status, events = REQUEST[name]
    request = api.create("billing_requests", {"payment_request": {"amount": 500, "currency": "GBP", "description": "Once"}})
    assert refused(api, name, request["id"]) == (422, "invalid_state")
    person = {"given_name": "Pia", "family_name": "Payer", "email": "pia@example.com"}
    billing = {"address_line1": "1 Street", "city": "London", "postal_code": "E1 1AA", "country_code": "GB"}
    api.act(
        "billing_requests", request["id"], "collect_customer_details", {"customer": person, "customer_billing_detail": billing}
    )
    api.simulate(name, request["id"])
    done = api.one("billing_requests", request["id"])
    assert (done["status"], done["actions"]) == ("fulfilled", [])
    payment = api.one("payments", done["links"]["payment_request_payment"])
    assert payment["status"] == status
    assert told(api, "payments", "payment", payment["id"]) == events
    assert refused(api, name, request["id"]) == (422, "invalid_state")


def test_the_wrong_kind_of_resource_is_a_bad_link(api):
    mandate = api.mandate()
    assert refused(api, "payment_failed", mandate["id"]) == (422, "validation_failed")
    answer = api.call(
        "POST", "/scenario_simulators/payment_explodes/actions/run", {"data": {"links": {"resource": mandate["id"]}}}
    )
    assert answer.status_code == 404


NAMES = {
    "Successful": ("active", "paid_out", ["submitted", "confirmed", "paid_out"]),
    "Penniless": ("active", "failed", ["submitted", "failed"]),
    "Fickle": ("active", "charged_back", ["submitted", "confirmed", "paid_out", "charged_back"]),
    "Late": ("active", "failed", ["submitted", "confirmed", "failed"]),
    "Invalid": ("failed", None, None),
    "Expired": ("expired", None, None),
    "Switching": ("active", None, None),
}


@pytest.mark.parametrize("name", NAMES)
def test_magic_names(api, name):
    mandate_status, payment_status, events = NAMES[name]
    mandate = api.mandate(given_name=name)
    assert mandate["status"] == mandate_status
    if name == "Switching":
        assert ("mandates", "transferred") in api.events()
    if payment_status:
        payment = api.payment(mandate)
        assert payment["status"] == "pending_submission", "the answer comes before what follows from it"
        assert api.one("payments", payment["id"])["status"] == payment_status
        assert told(api, "payments", "payment", payment["id"]) == events


@pytest.mark.parametrize(
    ("given_name", "name", "status"),
    [("Successful", "In parts", "completed"), ("Penniless", "In parts", "errored"), ("Frank", "Faily", "creation_failed")],
)
def test_magic_instalments(api, given_name, name, status):
    mandate = api.mandate(given_name=given_name)
    day = mandate["next_possible_charge_date"]
    body = {
        "name": name,
        "total_amount": 100,
        "currency": "GBP",
        "links": {"mandate": mandate["id"]},
        "instalments": [{"amount": 100, "charge_date": day}],
    }
    made = api.create("instalment_schedules", body)
    assert made["status"] == "pending"
    found = api.one("instalment_schedules", made["id"])
    assert found["status"] == status
    assert bool(found["payment_errors"]) == (status == "creation_failed")


@pytest.mark.parametrize("scheme", ACCOUNTS)
def test_the_documented_bank_details_of_every_scheme(api, scheme):
    details = {k: v for k, v in ACCOUNTS[scheme].items() if k != "account_type"}
    looked = api.call("POST", "/bank_details_lookups", {"bank_details_lookups": details}).json["bank_details_lookups"]
    assert looked["available_debit_schemes"][0] == scheme
    account = api.account(scheme)
    assert account["account_number_ending"] == {"bacs": "11", "becs_nz": "6900"}.get(scheme, account["account_number_ending"])
    if scheme == "bacs":
        assert account["bank_name"] == "BARCLAYS BANK PLC"


def test_a_stranger_can_not_simulate(api, sandbox):
    payment = api.payment()
    assert refused(merchant(sandbox), "payment_submitted", payment["id"]) == (422, "validation_failed")

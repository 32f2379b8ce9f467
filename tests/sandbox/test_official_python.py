"""The official Python client against a running sandbox: every method of every service."""

import inspect
import re

import gocardless_pro
import pytest
from gocardless_pro import errors, webhooks

from tests.sandbox.calls import CALLS, GB, NOT_EMULATED, WITH_OWN_REQUEST, Call
from tests.sandbox.kit import merchant, wait_until


@pytest.fixture
def documented(running):
    return merchant(running.app, documented_ids=True)


@pytest.fixture
def client(running, documented):
    return gocardless_pro.Client(access_token=documented.token, base_url=running.url)


def methods_of_the_client():
    services = [
        name for name, value in vars(gocardless_pro.Client).items() if isinstance(value, property) and name != "rate_limit"
    ]
    known = gocardless_pro.Client(access_token="none", base_url="http://127.0.0.1:1")
    for service in services:
        for name, method in inspect.getmembers(getattr(known, service), inspect.ismethod):
            if not name.startswith("_") and name != "all" and re.search(r"path = ", inspect.getsource(method)):
                yield f"{service}.{name}"


def test_the_tables_cover_every_method_of_the_client():
    listed = [call.name for call in (*CALLS, *NOT_EMULATED)] + [
        f"{service}.{method}" for service, method, _ in WITH_OWN_REQUEST
    ]
    assert sorted(listed) == sorted(methods_of_the_client())
    assert len(listed) == 138


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.name)
def test_the_method_is_answered(client, call):
    answer = call.make(client)
    records = answer.records if hasattr(answer, "records") else [answer]
    assert records, "the list should show the documented resource"
    assert all(record.attributes for record in records)


@pytest.mark.parametrize(
    ("service", "method", "wanted"), WITH_OWN_REQUEST, ids=lambda value: value if isinstance(value, str) else ""
)
def test_the_method_is_answered_on_a_payment_request(client, service, method, wanted):
    request = client.billing_requests.create(params={**wanted, "links": {"customer": "CU123"}})
    chosen = {"country_code": "GB", "institution": "monzo"}
    if service == "bank_authorisations":
        client.billing_requests.select_institution(request.id, params=chosen)
        made = client.bank_authorisations.create(params={"links": {"billing_request": request.id}})
        assert made.links.institution == "monzo"
        return
    params = {"notify": {"notification_type": "email"}, "select_institution": chosen}.get(method)
    assert Call(service, method, request.id, params).make(client).id == request.id


@pytest.mark.parametrize("call", NOT_EMULATED, ids=lambda call: call.name)
def test_what_is_not_emulated_says_so(client, call):
    with pytest.raises(errors.PermissionsError) as refused:
        call.make(client)
    assert "is not emulated by this sandbox" in str(refused.value)
    assert refused.value.errors[0]["reason"] == "feature_disabled"


def test_a_life_in_one_go(client, running, receiver):
    """Customer to payout and refund, an idempotent repeat, a refusal, and the webhooks that tell of it."""
    own = merchant(running.app, webhook_url=receiver.url, webhook_secret="a shared secret")
    mine = gocardless_pro.Client(access_token=own.token, base_url=running.url)
    customer = mine.customers.create(params={"given_name": "Frank", "family_name": "Osborne", "email": "f@example.com"})
    account = mine.customer_bank_accounts.create(params={**GB, "links": {"customer": customer.id}})
    mandate = mine.mandates.create(params={"links": {"customer_bank_account": account.id}})
    mine.scenario_simulators.run("mandate_activated", params={"links": {"resource": mandate.id}})
    body = {"amount": 1000, "currency": "GBP", "links": {"mandate": mandate.id}}
    headers = {"Idempotency-Key": "one of its kind"}
    payment = mine.payments.create(params=body, headers=headers)
    assert mine.payments.create(params=body, headers=headers).id == payment.id
    mine.scenario_simulators.run("payment_paid_out", params={"links": {"resource": payment.id}})
    assert mine.payments.get(payment.id).status == "paid_out"
    assert mine.payouts.list().records[0].status == "paid"
    refund = mine.refunds.create(params={"amount": 200, "total_amount_confirmation": 200, "links": {"payment": payment.id}})
    assert mine.payments.get(payment.id).amount_refunded == 200
    mine.mandates.cancel(mandate.id)
    with pytest.raises(errors.InvalidStateError) as refused:
        mine.payments.create(params=body)
    assert refused.value.errors[0]["reason"] == "mandate_is_inactive"
    assert refund.links.payment == payment.id
    told = wait_until(lambda: _told(receiver, "a shared secret", ("mandates", "cancelled")))
    assert ("payments", "paid_out") in told
    assert mine.rate_limit["ratelimit-limit"]


def test_a_repeat_can_be_raised_instead_of_fetched(running, documented):
    client = gocardless_pro.Client(access_token=documented.token, base_url=running.url, raise_on_idempotency_conflict=True)
    headers = {"Idempotency-Key": "once"}
    first = client.customers.create(params={"company_name": "Acme"}, headers=headers)
    with pytest.raises(errors.IdempotentCreationConflictError) as refused:
        client.customers.create(params={"company_name": "Acme"}, headers=headers)
    assert refused.value.conflicting_resource_id == first.id


def test_all_walks_over_every_page(client):
    names = [f"Company {number}" for number in range(7)]
    for name in names:
        client.customers.create(params={"company_name": name})
    found = [customer.company_name for customer in client.customers.all(params={"limit": 2})]
    assert [name for name in reversed(found) if name] == names


def test_a_token_that_is_not_known_is_an_authentication_error(running):
    stranger = gocardless_pro.Client(access_token="sandbox_nobody", base_url=running.url)
    with pytest.raises(errors.AuthenticationError):
        stranger.customers.list()


def _told(receiver, secret, wanted):
    events = []
    for headers, body in list(receiver.seen):
        events += webhooks.parse(body, secret, headers["Webhook-Signature"])
    told = {(event.resource_type, event.action) for event in events}
    return told if wanted in told else None

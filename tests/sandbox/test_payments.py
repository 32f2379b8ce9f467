"""Payments: what may be asked, how they move, and what is refused."""

import pytest


def error_of(answer):
    return answer.json["error"]


def test_a_payment_answers_with_its_location_and_waits_for_submission(api):
    mandate = api.mandate(active=True)
    answer = api.call(
        "POST", "/payments", {"payments": {"amount": "1000", "currency": "GBP", "links": {"mandate": mandate["id"]}}}
    )
    made = answer.json["payments"]
    assert (answer.status_code, answer.headers["Location"]) == (201, f"/payments/{made['id']}")
    assert (made["amount"], made["status"]) == (1000, "pending_submission")
    assert made["charge_date"] == mandate["next_possible_charge_date"]


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"amount": 0}, "amount", "must be greater than or equal to 1"),
        ({"amount": "ten"}, "amount", "must be a number"),
        ({"amount": 1.5}, "amount", "must be a number"),
        ({"amount": True}, "amount", "must be a number"),
        ({"amount": None}, "amount", "can't be blank"),
        ({"currency": "EUR"}, "currency", "must be GBP, the currency of the mandate's scheme bacs"),
        ({"currency": "XXX"}, "currency", "must be one of AUD, CAD, DKK, EUR, GBP, NZD, SEK, USD"),
        ({"charge_date": "2001-01-01"}, "charge_date", "must be on or after mandate's next_possible_charge_date"),
        ({"charge_date": "2099-01-01"}, "charge_date", "must be within one year from today"),
        ({"charge_date": "tomorrow"}, "charge_date", "must be a date in the form YYYY-MM-DD"),
        ({"reference": "THIS IS TOO LONG"}, "reference", "is too long (maximum is 10 characters)"),
        ({"reference": "SHORT"}, "reference", "Custom payment references are not enabled for your scheme identifier"),
        ({"app_fee": 10}, "app_fee", "can only be set with an access token of a partner app"),
        ({"metadata": {"a": 1}}, "a", "must be a string"),
        ({"metadata": {str(n): "x" for n in range(4)}}, "metadata", "must have at most 3 keys"),
        ({"metadata": {"k" * 51: "x"}}, "k" * 51, "has a key that is too long (maximum is 50 characters)"),
        ({"metadata": {"k": "x" * 501}}, "k", "is too long (maximum is 500 characters)"),
        ({"colour": "red"}, "colour", "is not a parameter of this endpoint"),
    ],
)
def test_bad_values_are_named_with_a_pointer(api, values, field, words):
    mandate = api.mandate(active=True)
    body = {"amount": 1000, "currency": "GBP", "links": {"mandate": mandate["id"]}, **values}
    answer = api.call("POST", "/payments", {"payments": body})
    assert answer.status_code == 422
    entry = error_of(answer)["errors"][0]
    assert (entry["field"], entry["message"]) == (field, words)
    assert entry["request_pointer"].startswith("/payments/")


def test_an_unknown_mandate_is_a_link_that_is_not_found(api):
    body = {"amount": 1000, "currency": "GBP", "links": {"mandate": "MD123"}}
    answer = api.call("POST", "/payments", {"payments": body})
    assert (answer.status_code, error_of(answer)["errors"][0]["reason"]) == (404, "link_not_found")


def test_nothing_is_collected_on_a_cancelled_mandate(api):
    mandate = api.mandate(active=True)
    api.act("mandates", mandate["id"], "cancel")
    answer = api.call("POST", "/payments", {"payments": {"amount": 1, "currency": "GBP", "links": {"mandate": mandate["id"]}}})
    assert (answer.status_code, error_of(answer)["errors"][0]["reason"]) == (422, "mandate_is_inactive")


def test_a_payment_can_be_retried_three_times(api):
    payment = api.payment()
    for _ in range(3):
        api.simulate("payment_failed", payment["id"])
        assert api.act("payments", payment["id"], "retry").status_code == 200
    api.simulate("payment_failed", payment["id"])
    answer = api.act("payments", payment["id"], "retry")
    assert (answer.status_code, error_of(answer)["errors"][0]["reason"]) == (422, "retry_failed")


def test_cancelling_keeps_the_metadata_of_the_call_in_the_event(api):
    payment = api.payment()
    api.act("payments", payment["id"], "cancel", {"metadata": {"why": "duplicate"}})
    event = api.all("events", f"?payment={payment['id']}&action=cancelled")[0]
    assert event["metadata"] == {"why": "duplicate"}
    assert event["details"]["cause"] == "payment_cancelled"


def test_ending_a_mandate_cancels_what_waits_and_names_the_parent(api):
    payment = api.payment()
    mandate = payment["links"]["mandate"]
    api.act("mandates", mandate, "cancel")
    child = api.all("events", f"?payment={payment['id']}&action=cancelled")[0]
    parent = api.all("events", f"?mandate={mandate}&action=cancelled")[0]
    assert child["links"]["parent_event"] == parent["id"]
    assert child["details"]["cause"] == "mandate_cancelled"


def test_paying_out_makes_a_payout_whose_items_are_its_sum(api):
    payment = api.payment(amount=10_000)
    api.simulate("payment_paid_out", payment["id"])
    payout = api.one("payouts", api.one("payments", payment["id"])["links"]["payout"])
    items = api.all("payout_items", f"?payout={payout['id']}")
    assert [item["type"] for item in reversed(items)] == ["payment_paid_out", "gocardless_fee"]
    assert sum(float(item["amount"]) for item in items) == payout["amount"] == 10_000 - payout["deducted_fees"]

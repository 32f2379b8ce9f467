"""What a product asks for when it collects, judged from calls alone."""

import json

import pytest

from portal.exam.sandbox import Call
from portal.exam.usage.features import asked_for, judge_collected, judge_retries, judge_verify
from portal.status import CheckVerdict

GOOD = {"payments": {"amount": 1101, "retry_if_possible": True}}


def call(path, body, *, method="POST", status=201):
    record = {"number": 1, "at": "", "method": method, "path": path, "query": "", "headers": {}, "body": json.dumps(body)}
    return Call.of(record | {"status": status, "response": "{}", "milliseconds": 1.0})


def mandate(**more):
    return call("/billing_requests", {"billing_requests": {"mandate_request": {"currency": "GBP", **more}}})


@pytest.mark.parametrize(
    ("calls", "verdict"),
    [
        ([call("/payments", GOOD)], "passed"),
        ([call("/subscriptions", {"subscriptions": {"amount": 5}})], "passed"),
        ([call("/payments", GOOD, status=422)], "failed"),
        ([call("/payments", GOOD, method="GET")], "failed"),
        ([], "failed"),
    ],
    ids=["payment", "subscription", "refused", "only read", "nothing"],
)
def test_a_payment_is_taken(calls, verdict):
    assert judge_collected(asked_for(calls)).verdict is CheckVerdict(verdict)


@pytest.mark.parametrize(
    ("calls", "verdict"),
    [
        ([call("/payments", GOOD)], "passed"),
        ([call("/payments", {"payments": {"retry_if_possible": "true"}})], "passed"),
        ([call("/payments", {"payments": {"amount": 1}})], "failed"),
        ([call("/payments", {"payments": {"retry_if_possible": False}})], "failed"),
        ([call("/payments", GOOD), call("/subscriptions", {"subscriptions": {}})], "failed"),
        ([call("/payments", ["no", "object"])], "failed"),
    ],
    ids=["set", "as text", "left out", "false", "one of two", "no object"],
)
def test_success_plus_may_retry(calls, verdict):
    assert judge_retries(asked_for(calls)).verdict is CheckVerdict(verdict)


@pytest.mark.parametrize(
    ("calls", "verdict"),
    [
        ([mandate()], "passed"),
        ([mandate(verify="recommended")], "passed"),
        ([mandate(verify="always")], "passed"),
        ([mandate(verify="minimum")], "failed"),
        ([mandate(), mandate(verify="minimum")], "failed"),
        ([call("/billing_requests", {"billing_requests": {"payment_request": {}}})], "skipped"),
    ],
    ids=["left out", "recommended", "always", "minimum", "one of two", "no mandate"],
)
def test_payers_are_verified(calls, verdict):
    assert judge_verify(asked_for(calls)).verdict is CheckVerdict(verdict)

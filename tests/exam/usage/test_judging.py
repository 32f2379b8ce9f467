"""Every judge of the family API usage says yes to what should be, and no to what should not."""

import json

import pytest

from portal.exam import usage
from portal.exam.nouns import Verdict
from portal.exam.sandbox import Call
from portal.exam.usage.collecting import of_amount
from portal.exam.usage.tour import look

PASSED, FAILED, WARNING, SKIPPED = Verdict.PASSED, Verdict.FAILED, Verdict.WARNING, Verdict.SKIPPED
CHECKS = {check.id.partition(".")[2]: check for check in usage.CHECKS}
VERSIONED = {"gocardless-version": "2015-07-06"}


def call(method="GET", path="/creditors", *, query="", headers=None, body=None, status=None, response=None):
    known = VERSIONED | ({"idempotency-key": path} if method == "POST" else {}) if headers is None else headers
    made = status or (201 if method == "POST" else 200)
    said = json.dumps(response or {})
    sent = json.dumps(body) if body else ""
    return Call(1, "2026-11-21T05:00:00.000Z", method, path, query, known, sent, made, said, 3.0, "OR123")


def payment(amount=1101, **more):
    return call("POST", "/payments", body={"payments": {"amount": amount, "retry_if_possible": True}}, **more)


def keyed(key, amount):
    return payment(amount, headers=VERSIONED | {"idempotency-key": key})


MANDATE = call("POST", "/billing_requests", body={"billing_requests": {"mandate_request": {"currency": "GBP"}}})
WRONG_SCHEME = {"error": {"errors": [{"reason": "invalid_authorization_header", "message": "…"}]}}
REVOKED = {"error": {"errors": [{"reason": "access_token_revoked", "message": "…"}]}}


def tries(*keys, first=500, **more):
    return {
        "tries": [{"status": 201 if n else first, "same": key == keys[0]} for n, key in enumerate(keys)],
        "message": "",
        **more,
    }


def limited(*, again=True, early=False, waited=1.4):
    return {"limited": True, "again": again, "early": early, "waited": waited, "message": ""}


def refused(*statuses, hook=200, message="", shown=False):
    return {"calls": list(statuses), "hook": hook, "message": message, "shown": shown}


def wishes(first, second=0, hook=200):
    return {name: {"calls": many, "hook": hook, "message": ""} for name, many in {"first": first, "second": second}.items()}


def listed(reached, count=None, pages=6):
    return {"pages": pages, "reached": reached, "count": count, "there": 520}


TABLE = [
    ("bearer_header", look([call()]), PASSED),
    ("bearer_header", look([call(), call(query="access_token=…abcd", status=401)]), FAILED),
    ("bearer_header", look([call(status=401, response=WRONG_SCHEME)]), FAILED),
    ("bearer_header", look([call(status=401, response=REVOKED)]), PASSED),
    ("bearer_header", look([]), SKIPPED),
    ("version_header", look([call(), payment()]), PASSED),
    ("version_header", look([call(), call(headers={}, status=400)]), FAILED),
    ("version_header", look([]), SKIPPED),
    ("verification_read", {"read": "/creditors"}, PASSED),
    ("verification_read", {"read": ""}, FAILED),
    ("billing_requests", look([MANDATE]), PASSED),
    ("billing_requests", look([call("POST", "/redirect_flows")]), FAILED),
    ("billing_requests", look([MANDATE, call("POST", "/mandates")]), FAILED),
    ("billing_requests", look([payment()]), SKIPPED),
    ("idempotency_keys", look([MANDATE, payment()]), PASSED),
    ("idempotency_keys", look([MANDATE, payment(headers=VERSIONED)]), FAILED),
    ("idempotency_keys", look([call("POST", "/billing_request_flows", headers=VERSIONED), payment()]), PASSED),
    ("idempotency_keys", look([call("POST", "/payments/PM1/actions/cancel", headers=VERSIONED)]), SKIPPED),
    ("keys_differ", look([keyed("a", 1), keyed("b", 2)]), PASSED),
    ("keys_differ", look([keyed("a", 1), keyed("a", 1)]), PASSED),
    ("keys_differ", look([keyed("a", 1), keyed("a", 2)]), FAILED),
    ("keys_differ", look([call()]), SKIPPED),
    ("key_reused", tries("a", "a"), PASSED),
    ("key_reused", tries("a", "a", "b"), FAILED),
    ("key_reused", tries("a"), SKIPPED),
    ("key_reused", tries("a", first=201), SKIPPED),
    ("lost_answer", tries("a", "a", existing=1), PASSED),
    ("lost_answer", tries("a", "b", existing=2), FAILED),
    ("lost_answer", tries("a", existing=1), WARNING),
    ("lost_answer", tries("a", first=409, existing=1), SKIPPED),
    ("backs_off", limited(), PASSED),
    ("backs_off", limited(early=True, waited=0.05), FAILED),
    ("backs_off", limited(again=False), WARNING),
    ("backs_off", {"limited": False}, SKIPPED),
    ("invalid_state_once", refused(422), PASSED),
    ("invalid_state_once", refused(422, 422), FAILED),
    ("invalid_state_once", refused(), SKIPPED),
    ("validation_once", refused(422), PASSED),
    ("validation_once", refused(422, 201), FAILED),
    ("validation_shown", refused(422, shown=True, message="Description is too long"), PASSED),
    ("validation_shown", refused(422, message="Something went wrong"), FAILED),
    ("validation_shown", refused(422, hook=500), FAILED),
    ("validation_shown", refused(422, hook=0), FAILED),
    ("validation_shown", refused(422, hook=None), SKIPPED),
    ("validation_shown", refused(hook=400), SKIPPED),
    ("fetches", {"answer": {"status": 204}, "fetched": True}, PASSED),
    ("fetches", {"answer": {"status": 204}, "fetched": False}, FAILED),
    ("fetches", {"answer": {"status": 500}, "fetched": False}, SKIPPED),
    ("verification_followed", {"arrived": {"successful": True, "action_required": True}}, PASSED),
    ("verification_followed", {"arrived": {"successful": True, "action_required": False}}, FAILED),
    ("lists_whole", listed(600, 520), PASSED),
    ("lists_whole", listed(600), PASSED),
    ("lists_whole", listed(500, 500, pages=1), FAILED),
    ("lists_whole", listed(600, 50), FAILED),
    ("lists_whole", listed(50), FAILED),
    ("lists_whole", listed(0, pages=0), SKIPPED),
    ("stops", {"connected": False, "calls": 0, "message": "Not connected."}, PASSED),
    ("stops", {"connected": False, "calls": 1, "message": ""}, FAILED),
    ("stops", {"connected": True, "calls": 1, "message": ""}, SKIPPED),
    ("survives_401", wishes(1), PASSED),
    ("survives_401", wishes(1, 1), PASSED),
    ("survives_401", wishes(3), FAILED),
    ("survives_401", wishes(1, hook=500), FAILED),
    ("survives_401", wishes(1, hook=None), FAILED),
    ("survives_401", wishes(1, 3), WARNING),
    ("survives_401", wishes(0), SKIPPED),
    ("collects", look([payment()]), PASSED),
    ("collects", look([payment(status=422)]), FAILED),
    ("retry_if_possible", look([payment()]), PASSED),
    ("retry_if_possible", look([call("POST", "/payments", body={"payments": {"amount": 1}})]), FAILED),
    ("payers_verified", look([MANDATE]), PASSED),
    ("payers_verified", {"verify": ["minimum"]}, FAILED),
    ("payers_verified", look([]), SKIPPED),
]


@pytest.mark.parametrize(
    ("name", "seen", "verdict"), TABLE, ids=[f"{n}-{name}-{verdict}" for n, (name, _, verdict) in enumerate(TABLE)]
)
def test_the_judge_says(name, seen, verdict):
    said = CHECKS[name].judge(seen)
    assert said.verdict is verdict, said
    assert said.words.endswith(".")


def test_every_check_is_seen_to_pass_and_not_to_pass():
    said = {name: {verdict for known, _, verdict in TABLE if known == name} for name in CHECKS}
    assert {name for name, verdicts in said.items() if PASSED not in verdicts or not verdicts & {FAILED, WARNING}} == set()


@pytest.mark.parametrize(
    ("body", "found"),
    [({"payments": {"amount": 1103}}, True), ({"payments": {"amount": "1103"}}, True), ({"payments": {"amount": 1104}}, False),
     ({"billing_requests": {"payment_request": {"amount": 1103}}}, True), ({"billing_requests": {"mandate_request": {}}}, False),
     ({"billing_requests": None}, False), (None, False)],
    ids=["payment", "text", "another", "billing-request", "mandate", "null", "nothing"],
)  # fmt: skip
def test_a_payment_is_known_by_its_amount_however_it_is_asked_for(body, found):
    assert of_amount(call("POST", "/payments", body=body), 1103) is found

"""Every judge of the family Callbacks says yes to what should be, and no to what should not."""

import pytest

from portal.exam import callbacks
from portal.exam.nouns import Verdict

PASSED, FAILED, WARNING, SKIPPED = Verdict.PASSED, Verdict.FAILED, Verdict.WARNING, Verdict.SKIPPED
CHECKS = {check.id.partition(".")[2]: check for check in callbacks.CHECKS}
BACK = "https://partner.example.com/callback"


def page(status=200, **more):
    problem = "" if status else "The answer did not come within 10 seconds."
    return {
        "url": "https://partner.example.com/",
        "status": status,
        "leaves_for": "",
        "problem": problem,
        "milliseconds": 5,
        **more,
    }


def call(status=200, **more):
    form = {"grant_type": "authorization_code", "redirect_uri": BACK, "expected_redirect_uri": BACK}
    return {"status": status, "error": "" if status == 200 else "invalid_grant", "in_address": [], **form, **more}


def came(*calls, at=None, page_holds=(), address_holds=()):
    at = page() if at is None else at
    return {
        "from": "page",
        "page": at,
        "calls": list(calls),
        "page_holds": list(page_holds),
        "address_holds": list(address_holds),
    }


def by_hand(*calls):
    return {"from": "visit", "page": None, "calls": list(calls), "page_holds": [], "address_holds": []}


def tried(*exchanged, **pages):
    return {"pages": pages or {"no state": page(400)}, "exchanged": list(exchanged)}


def state_cases(**more):
    return [
        (tried() | more, PASSED),
        (tried(one=page(303), two=page(403)) | more, PASSED),
        (tried("no state") | more, FAILED),
        (tried(one=page(500)) | more, FAILED),
        (tried(one=page(None)) | more, FAILED),
    ]


def trouble_cases():
    well, ill = {"page": page(), "calls": [200], "connected": True}, {"page": page(400), "calls": [], "connected": False}
    return [
        (well, PASSED),
        (ill | {"later": well}, PASSED),
        (ill | {"later": ill}, FAILED),
        (ill | {"page": page(500), "later": well}, FAILED),
        (ill | {"page": page(None), "later": well}, FAILED),
    ]


CASES = {
    "exchanged": [(came(call()), PASSED), (came(call(400)), PASSED), (by_hand(call()), PASSED), (came(), FAILED), (came(at=page(None)), FAILED)],
    "exchanged_once": [(came(call()), PASSED), (came(call(), call(400)), FAILED)],
    "redirect_uri": [(came(call()), PASSED), (came(call(redirect_uri=f"{BACK}/")), FAILED), (came(call(400, redirect_uri="")), FAILED)],
    "grant_type": [(came(call()), PASSED), (came(call(400, grant_type="client_credentials")), FAILED), (came(call(400, grant_type="")), FAILED)],
    "credentials": [(came(call()), PASSED), (came(call(400)), PASSED), (came(call(401)), FAILED)],
    "secret_hidden": [(came(call()), PASSED), (came(call(in_address=["client_secret"])), FAILED), (came(call(in_address=["code"])), FAILED)],
    "connected": [(came(call()), PASSED), (came(call(500), call()), PASSED), (came(call(400)), FAILED)],
    "lands": [
        (came(call()), PASSED),
        (came(call(), at=page(302, leaves_for="https://www.partner.example.com/")), WARNING),
        (came(call(), at=page(404)), FAILED),
        (came(call(), at=page(500)), FAILED),
        (came(call(), at=page(None)), FAILED),
        (by_hand(call()), SKIPPED),
    ],
    "clean_page": [(came(call()), PASSED), (came(call(), page_holds=["code"]), FAILED), (came(call(), page_holds=["access token"]), FAILED), (by_hand(call()), SKIPPED)],
    "clean_address": [(came(call()), PASSED), (came(call(), address_holds=["code"]), FAILED), (by_hand(call()), SKIPPED)],
    "state_unknown": state_cases(),
    "state_missing": state_cases(),
    "state_tampered": state_cases(),
    "state_replayed": [*state_cases(first=True), (tried() | {"first": False}, SKIPPED)],
    "state_of_another": state_cases(),
    "denied": [
        ({"page": page(), "token_calls": 0}, PASSED),
        ({"page": page(400), "token_calls": 0}, PASSED),
        ({"page": page(400), "token_calls": 1}, FAILED),
        ({"page": page(500), "token_calls": 0}, FAILED),
        ({"page": page(None), "token_calls": 0}, FAILED),
    ],
    "error_escaped": [
        ({"pages": {"error": page(400)}, "raw": [], "shown": True}, PASSED),
        ({"pages": {"error": page(400)}, "raw": ["error_description"], "shown": True}, FAILED),
        ({"pages": {"error": page(500)}, "raw": [], "shown": False}, FAILED),
    ],
    "error_shown": [({"pages": {}, "raw": [], "shown": True}, PASSED), ({"pages": {}, "raw": [], "shown": False}, WARNING)],
    "code_wrong": [
        ({"pages": {"a": page(400), "b": page()}, "like_success": []}, PASSED),
        ({"pages": {"a": page(400), "b": page(500)}, "like_success": []}, FAILED),
        ({"pages": {"a": page(None)}, "like_success": []}, FAILED),
    ],
    "failure_told": [
        ({"pages": {"a": page(400)}, "like_success": []}, PASSED),
        ({"pages": {"a": page()}, "like_success": ["a"]}, FAILED),
    ],
    "code_used": [
        ({"first": True, "page": page(400), "before": True, "after": True}, PASSED),
        ({"first": True, "page": page(400), "before": None, "after": None}, PASSED),
        ({"first": True, "page": page(500), "before": True, "after": True}, FAILED),
        ({"first": True, "page": page(400), "before": True, "after": False}, FAILED),
        ({"first": False, "page": page(400), "before": None, "after": None}, SKIPPED),
    ],
    "token_slow": [
        ({"page": page(), "connected": True, "seconds": 3.0}, PASSED),
        ({"page": page(400), "connected": False, "seconds": 3.0}, WARNING),
        ({"page": page(500), "connected": False, "seconds": 3.0}, FAILED),
        ({"page": page(None), "connected": False, "seconds": 3.0}, FAILED),
    ],
    "token_500": trouble_cases(),
    "token_garbled": trouble_cases(),
}  # fmt: skip
GIVEN = [(name, number) for name, cases in CASES.items() for number in range(len(cases))]


@pytest.mark.parametrize(("name", "number"), GIVEN)
def test_the_judge_says_what_it_should(name, number):
    observation, verdict = CASES[name][number]
    said = CHECKS[name].judge(observation)
    assert said.verdict is verdict, said
    assert said.words.endswith("."), said.words


def test_every_judge_has_said_both():
    assert CASES.keys() == CHECKS.keys()
    for name, cases in CASES.items():
        said = {verdict for _, verdict in cases}
        assert PASSED in said, name
        assert said & {FAILED, WARNING}, name


def test_what_must_be_refused_or_survived_is_named_so():
    assert {name for name, check in CHECKS.items() if check.negative} == {
        "state_unknown", "state_missing", "state_tampered", "state_replayed", "state_of_another", "denied", "error_escaped",
        "code_wrong", "failure_told", "code_used", "token_slow", "token_500", "token_garbled",
    }  # fmt: skip

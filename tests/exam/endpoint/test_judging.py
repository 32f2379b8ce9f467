"""Every judge of the family Webhook endpoint says yes to what should be, and no to what should not."""

import pytest

from portal.exam import endpoint
from portal.exam.endpoint.forging import WORDS
from portal.exam.nouns import Verdict

PASSED, FAILED, WARNING, SKIPPED = Verdict.PASSED, Verdict.FAILED, Verdict.WARNING, Verdict.SKIPPED
CHECKS = {check.id.partition(".")[2]: check for check in endpoint.CHECKS}


def answer(status=204, milliseconds=12.0, **more):
    return {"status": status, "milliseconds": milliseconds, "location": "", **more}


OK = answer()
LATE = answer(milliseconds=11_000.0)
TIMED_OUT = answer(None, 0.0, problem="The answer did not come within 10 seconds.", code="timed_out")
GARBLED = answer(None, 0.0, problem="What example.com answered is not HTTP.", code="garbled")
UNSENT = {"status": None, "unsent": True, "problem": "It was not sent."}


def single(of):
    return {"answer": of, "limit": 10.0}


def acts(handled=1, fetched=1, of=OK):
    return {"answer": of, "handled": handled, "fetched": fetched}


def batch(of=OK, *, visible=True, **more):
    return {**single(of), "visible": visible, **more}


def forged(acted=None, **others):
    """All refused with 498 but these."""
    return {"answers": {name: answer(498) for name in WORDS} | others, "acted": acted}


def variants(**others):
    names = ("lower_case", "extra", "unicode", "raw", "previous", "not_json", "empty", "list", "no_events", "odd_events")
    return {"answers": {**dict.fromkeys(names, OK), **others}}


def repeated(*seen, again=OK, elsewhere=OK):
    return {"answers": [OK, again, elsewhere], "acts": [dict(zip(("handled", "fetched"), one, strict=True)) for one in seen]}


def order(handled, fetched, *answers):
    return {"answers": list(answers) or [OK, OK], "acts": {"handled": handled, "fetched": fetched}}


def retry(first=OK, *, failing=True, acted=True):
    return {"answers": [first, OK], "failing": failing, "acted": acted}


TABLE = [
    ("answers_success", single(OK), PASSED),
    ("answers_success", single(answer(302, location="/elsewhere")), FAILED),
    ("answers_success", single(answer(404)), SKIPPED),
    ("answers_success", single(GARBLED), SKIPPED),
    ("answers_in_time", single(OK), PASSED),
    ("answers_in_time", single(LATE), FAILED),
    ("answers_in_time", single(TIMED_OUT), FAILED),
    ("answers_in_time", single(GARBLED), SKIPPED),
    ("signed", single(OK), PASSED),
    ("signed", single(LATE), PASSED),
    ("signed", single(answer(401)), FAILED),
    ("signed", single(answer(500)), FAILED),
    ("signed", single(GARBLED), FAILED),
    ("signed", single(answer(301)), SKIPPED),
    ("signed", single(TIMED_OUT), SKIPPED),
    ("acts", acts(), PASSED),
    ("acts", acts(None, 2), PASSED),
    ("acts", acts(1, 0), PASSED),
    ("acts", acts(0, 0), FAILED),
    ("acts", acts(None, 0), SKIPPED),
    ("acts", acts(of=answer(500)), SKIPPED),
    ("batch", batch(), PASSED),
    ("batch", batch(LATE), FAILED),
    ("batch", batch(answer(413)), FAILED),
    ("batch", batch(TIMED_OUT), FAILED),
    ("batch", batch(UNSENT), SKIPPED),
    ("batch_whole", batch(acted=True), PASSED),
    ("batch_whole", batch(acted=False), FAILED),
    ("batch_whole", batch(visible=False), SKIPPED),
    ("forged_signature", forged(), PASSED),
    ("forged_signature", forged(signature=answer(401)), PASSED),
    ("forged_signature", forged(signature=OK), FAILED),
    ("forged_signature", forged(signature=TIMED_OUT), WARNING),
    ("forged_signature", forged(signature=UNSENT), SKIPPED),
    ("forged_body", forged(), PASSED),
    ("forged_body", forged(body=answer(200)), FAILED),
    ("missing_signature", forged(), PASSED),
    ("missing_signature", forged(missing=OK), FAILED),
    ("misnamed_signature", forged(), PASSED),
    ("misnamed_signature", forged(misnamed=OK), FAILED),
    ("nearly_right", forged(), PASSED),
    ("nearly_right", forged(nearly=OK), FAILED),
    ("nearly_right", forged(short=OK), FAILED),
    ("nearly_right", forged(empty=OK), FAILED),
    ("signature_capitals", forged(), PASSED),
    ("signature_capitals", forged(upper=OK), WARNING),
    ("refuses_with_498", forged(), PASSED),
    ("refuses_with_498", forged(body=answer(403)), WARNING),
    ("refuses_with_498", forged(**dict.fromkeys(WORDS, OK)), SKIPPED),
    ("refuses_calmly", forged(), PASSED),
    ("refuses_calmly", forged(garbled=answer(500)), FAILED),
    ("refuses_calmly", forged(**dict.fromkeys(WORDS, UNSENT)), SKIPPED),
    ("refused_has_no_effect", forged({"signature": False, "body": False}), PASSED),
    ("refused_has_no_effect", forged({"signature": False, "body": True}), FAILED),
    ("refused_has_no_effect", forged(), SKIPPED),
    *[
        row
        for name, key in {"header_case": "lower_case", "extra_fields": "extra", "unicode": "unicode", "raw_body": "raw"}.items()
        for row in (
            (name, variants(), PASSED),
            (name, variants(**{key: answer(498)}), FAILED),
            (name, variants(**{key: TIMED_OUT}), FAILED),
            (name, variants(**{key: UNSENT}), SKIPPED),
        )
    ],
    ("previous_secret", variants(), PASSED),
    ("previous_secret", variants(previous=answer(498)), FAILED),
    ("previous_secret", {"answers": {}}, SKIPPED),
    ("not_json", variants(), PASSED),
    ("not_json", variants(not_json=answer(400)), PASSED),
    ("not_json", variants(not_json=answer(500)), FAILED),
    ("not_json", variants(not_json=UNSENT), SKIPPED),
    ("empty_body", variants(empty=answer(422)), PASSED),
    ("empty_body", variants(empty=GARBLED), FAILED),
    ("odd_json", variants(list=answer(400)), PASSED),
    ("odd_json", variants(odd_events=answer(500)), FAILED),
    *[
        row
        for name, key in {"unknown_resource": "resource", "unknown_action": "action"}.items()
        for row in (
            (name, {key: answer(beside=True)}, PASSED),
            (name, {key: OK}, PASSED),
            (name, {key: answer(500)}, FAILED),
            (name, {key: TIMED_OUT}, FAILED),
            (name, {key: answer(beside=False)}, FAILED),
            (name, {key: UNSENT}, SKIPPED),
        )
    ],
    ("duplicate", repeated((1, 1), (1, 1), (1, 1)), PASSED),
    ("duplicate", repeated((1, 1), (1, 2), (1, 2)), PASSED),
    ("duplicate", repeated((1, 1), (2, 2), (2, 2)), FAILED),
    ("duplicate", repeated((None, 1), (None, 1), (None, 1)), PASSED),
    ("duplicate", repeated((None, 1), (None, 2), (None, 2)), FAILED),
    ("duplicate", repeated((1, 1), (1, 1), (1, 1), again=answer(409)), FAILED),
    ("duplicate", repeated((0, 0), (0, 0), (0, 0)), SKIPPED),
    ("duplicate", repeated((1, 1), (1, 1), (1, 1), again=UNSENT), SKIPPED),
    ("duplicate_event", repeated((1, 1), (1, 1), (1, 1)), PASSED),
    ("duplicate_event", repeated((1, 1), (1, 1), (2, 1)), FAILED),
    ("duplicate_event", repeated((1, 1), (1, 1), (1, 1), elsewhere=answer(500)), FAILED),
    ("out_of_order", order(1, 1), PASSED),
    ("out_of_order", order(0, 0), PASSED),
    ("out_of_order", order(1, 0), WARNING),
    ("out_of_order", order(None, 0), SKIPPED),
    ("out_of_order", order(1, 1, OK, answer(500)), FAILED),
    ("out_of_order", order(1, 1, OK, UNSENT), SKIPPED),
    ("retried", retry(), PASSED),
    ("retried", retry(answer(500)), PASSED),
    ("retried", retry(answer(500), acted=False), FAILED),
    ("retried", retry(failing=False), SKIPPED),
    ("routed", {"answer": OK, "mine": 2, "foreign": 0}, PASSED),
    ("routed", {"answer": OK, "mine": 1, "foreign": 1}, FAILED),
    ("routed", {"answer": OK, "mine": 1, "foreign": 0}, SKIPPED),
    ("disconnected_taken", {"answer": OK, "connected": False}, PASSED),
    ("disconnected_taken", {"answer": answer(500), "connected": None}, FAILED),
    ("disconnected_taken", {"answer": UNSENT, "connected": None}, SKIPPED),
    ("disconnected_noticed", {"answer": OK, "connected": False}, PASSED),
    ("disconnected_noticed", {"answer": OK, "connected": True}, FAILED),
    ("disconnected_noticed", {"answer": OK, "connected": None}, SKIPPED),
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

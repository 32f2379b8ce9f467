"""What checks prove of a question, and where an answer and a run disagree, from plain values alone."""

import pytest

from portal.build.contradictions import contradiction, contradictions, doubt, mark
from portal.build.proving import Checked, Proof, proof, proofs_of, read_all, replaces_screenshot
from portal.catalog import certification
from portal.status import CheckVerdict, ProofState

CATALOG = certification()
DAY = "2026-11-{:02d}T09:00:00+00:00"
TEXT = "They see a page that says what happened, with one button to try again."
ALL_ERRORS = ("gocardless", "invalid_api_usage", "invalid_state", "validation_failed")
FALSE = [
    ("oauth_only", "yes", "links.leads"),
    ("oauth_only", "yes", "callbacks.connected"),
    ("oauth_scope", "read_write", "links.write_access"),
    ("initial_views", ("login", "signup"), "links.view_signup"),
    ("initial_views", ("login", "signup"), "links.view_login"),
    ("prefill_fields", ("email",), "links.prefill"),
    ("oauth_state_csrf", "yes", "links.state"),
    ("oauth_state_csrf", "yes", "links.state_unguessable"),
    ("oauth_state_csrf", "yes", "callbacks.state_missing"),
    ("oauth_state_csrf", "yes", "callbacks.state_replayed"),
    ("oauth_state_csrf", "yes", "callbacks.state_of_another"),
    ("code_exchange_server", "yes", "links.no_secret"),
    ("code_exchange_server", "yes", "callbacks.clean_page"),
    ("oauth_denied_handled", TEXT, "callbacks.denied"),
    ("organisation_id_stored", "yes", "endpoint.routed"),
    ("status_checked_after_connect", "yes", "usage.verification_read"),
    ("reverification_handled", "yes", "usage.verification_followed"),
    ("mandate_api", "billing_requests", "usage.billing_requests"),
    ("success_plus", "yes", "usage.retry_if_possible"),
    ("verify_level", "recommended", "usage.payers_verified"),
    ("signature_verified", "yes", "endpoint.forged_body"),
    ("signature_verified", "yes", "endpoint.missing_signature"),
    ("bad_signature_498", "yes", "endpoint.refuses_with_498"),
    ("ack_strategy", "queued", "endpoint.batch"),
    ("duplicates", "yes", "endpoint.duplicate"),
    ("ordering", "fetch", "endpoint.out_of_order"),
    ("unknown_events", "yes", "endpoint.unknown_resource"),
    ("idempotency", "yes", "usage.key_reused"),
    ("error_types", ALL_ERRORS, "usage.validation_shown"),
    ("rate_limits", "yes", "usage.backs_off"),
    ("disconnected_event", TEXT, "usage.stops"),
]
"""Answers that say more than is true, and the check that saw otherwise."""
TRUE = [
    *dict.fromkeys((question, answer) for question, answer, _ in FALSE),
    ("oauth_scope", "read_only"),
    ("initial_views", ("login",)),
    ("oauth_state_csrf", "no"),
    ("mandate_api", "redirect_flows"),
    ("mandate_api", "direct"),
    ("success_plus", "no"),
    ("verify_level", "minimum"),
    ("ack_strategy", "no_limit"),
    ("ordering", "not_handled"),
    ("error_types", ("validation_failed",)),
]
"""Answers that agree with the run: those that pass and all checks passed, those that do not and all checks failed."""


def said(check, verdict="passed", day=10, stale=""):
    return Checked(
        check, f"Title of {check}", CheckVerdict(verdict), f"Words of {check}.", DAY.format(day), f"key-{check}", stale
    )


def results(question, **others):
    """All checks of a question passed, but for these (dots are written as double underscores)."""
    verdicts = dict.fromkeys(question.checks, "passed") | {name.replace("__", "."): one for name, one in others.items()}
    return {check: said(check, verdict) for check, verdict in verdicts.items()}


def test_there_are_thirty_of_each():
    assert len(FALSE) >= 30
    assert len(TRUE) >= 30


@pytest.mark.parametrize(("key", "answer", "check"), FALSE)
def test_a_false_answer_is_caught(key, answer, check):
    question = CATALOG.question(key)
    found = contradiction(question, answer, proof(question, results(question, **{check.replace(".", "__"): "failed"})))
    assert found is not None
    assert found.open
    assert [one.check for one in found.failed] == [check]
    assert found.said
    assert found.saw == f"“Title of {check}” failed: Words of {check}."


@pytest.mark.parametrize(("key", "answer"), TRUE)
def test_a_true_answer_raises_no_alarm(key, answer):
    question = CATALOG.question(key)
    passing = (key, answer) in [(one, other) for one, other, _ in FALSE]
    verdict = "passed" if passing else "failed"
    now = proof(question, {check: said(check, verdict) for check in question.checks})
    assert contradiction(question, answer, now) is None
    assert not doubt(question, answer, now)


@pytest.mark.parametrize(("key", "answer"), [("oauth_state_csrf", "no"), ("success_plus", "no"), ("ack_strategy", "no_limit")])
def test_the_other_way_round_it_is_a_hint(key, answer):
    question = CATALOG.question(key)
    now = proof(question, results(question))
    assert doubt(question, answer, now)
    assert not doubt(question, None, now)
    assert contradiction(question, answer, now) is None


@pytest.mark.parametrize(
    "verdicts", [{}, {"links__state": "skipped"}, {"links__state": "warning"}], ids=["none", "skipped", "warning"]
)
def test_without_a_failure_nothing_contradicts(verdicts):
    question = CATALOG.question("oauth_state_csrf")
    assert (
        contradiction(
            question,
            "yes",
            proof(question, {name.replace("__", "."): said(name.replace("__", "."), one) for name, one in verdicts.items()}),
        )
        is None
    )


@pytest.mark.parametrize(
    ("verdicts", "state", "day"),
    [
        ([("passed", 10, ""), ("passed", 12, "")], ProofState.PROVEN, 10),
        ([("passed", 10, "aged"), ("passed", 12, "")], ProofState.STALE, 10),
        ([("passed", 10, "changed"), ("passed", 12, "changed")], ProofState.STALE, 10),
        ([("passed", 10, ""), ("failed", 12, "")], ProofState.FAILED, 12),
        ([("failed", 10, "changed"), ("passed", 12, "")], ProofState.FAILED, 10),
        ([("failed", 10, ""), ("failed", 12, "")], ProofState.FAILED, 12),
        ([("passed", 10, "")], ProofState.PARTIAL, 10),
        ([("passed", 10, ""), ("warning", 12, "")], ProofState.PARTIAL, 10),
        ([("passed", 10, ""), ("skipped", 12, "")], ProofState.PARTIAL, 10),
    ],
)
def test_what_the_checks_of_a_question_say_together(verdicts, state, day):
    question = CATALOG.question("initial_views")
    checks = [said(check, *one) for check, one in zip(question.checks, verdicts, strict=False)]
    found = proof(question, {one.check: one for one in checks})
    assert (found.state, found.at) == (state, DAY.format(day))
    assert found.of == 2


def test_nothing_is_said_of_questions_without_a_verdict():
    section = CATALOG.section("oauth")
    assert proofs_of(section, {}) == {}
    assert proofs_of(section, {"links.view_login": said("links.view_login", "skipped")}) == {}
    assert set(proofs_of(section, {"links.view_login": said("links.view_login")})) == {"initial_views"}


def test_it_is_kept_as_json_and_read_back():
    question = CATALOG.question("initial_views")
    found = proof(question, results(question, links__view_login="failed"))
    assert Proof.read(found.plain()) == found
    assert read_all({"initial_views": found.plain()}) == {"initial_views": found}
    assert found.rests_on.check == "links.view_login"


def test_only_a_fresh_proof_replaces_a_screenshot_and_only_where_the_catalog_says_so():
    views, denied = CATALOG.question("initial_views"), CATALOG.question("oauth_denied_handled")
    fresh = {one.key: proof(one, results(one)) for one in (views, denied)}
    assert replaces_screenshot(views, fresh)
    assert not replaces_screenshot(denied, fresh)
    stale = proof(views, {check: said(check, stale="aged") for check in views.checks})
    assert not replaces_screenshot(views, {"initial_views": stale})
    assert not replaces_screenshot(views, {})


@pytest.mark.parametrize(
    ("explained", "open_"),
    [
        ({"answer": mark("yes"), "checks": ["links.state"]}, False),
        ({"answer": mark("yes"), "checks": ["links.state", "links.state_fresh"]}, False),
        ({"answer": mark("yes"), "checks": ["links.state_fresh"]}, True),
        ({"answer": mark("no"), "checks": ["links.state"]}, True),
        (None, True),
    ],
    ids=["same", "more", "another check", "another answer", "nothing"],
)
def test_an_explanation_counts_for_the_same_answer_and_checks(explained, open_):
    question = CATALOG.question("oauth_state_csrf")
    now = proof(question, results(question, links__state="failed"))
    kept = {"words": "w", "by": "b", "at": DAY.format(1), **explained} if explained else None
    assert contradiction(question, "yes", now, kept).open is open_


def test_only_what_is_asked_contradicts():
    question = CATALOG.question("success_plus")
    values = {
        "answers": {"success_plus": "yes"},
        "proofs": {"success_plus": proof(question, results(question, usage__retry_if_possible="failed"))},
        "explanations": {},
    }
    found = contradictions(CATALOG, asked=frozenset({"success_plus"}), **values)
    assert [one.question.key for one in found] == ["success_plus"]
    assert contradictions(CATALOG, asked=frozenset(), **values) == []

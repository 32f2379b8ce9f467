"""What the first version of the certification holds."""

from collections import Counter

import pytest

from portal.catalog import QuestionType, Screenshot, certification
from portal.catalog.nouns import Rule

CATALOG = certification("2026-11")
SECTIONS = {
    "app-setup": 10,
    "oauth": 10,
    "verification": 9,
    "mandates": 10,
    "payments": 10,
    "payment-intelligence": 10,
    "refunds-sending": 10,
    "webhooks": 10,
    "reconciliation": 10,
    "readiness": 10,
}


def test_the_newest_version_is_the_default():
    assert certification() is CATALOG


def test_ten_sections_in_order():
    assert {section.key: len(section.questions) for section in CATALOG} == SECTIONS
    assert [section.number for section in CATALOG] == list(range(1, 11))


def test_ninety_nine_questions():
    questions = CATALOG.questions
    assert len(questions) == 99
    assert sum(question.condition is None for question in questions) == 72
    assert Counter(question.grade for question in questions) == {"M": 7, "M*": 59, "R": 4, "R*": 29}
    assert sum(question.screenshot is Screenshot.REQUIRED for question in questions) == 47


def test_a_question_knows_its_section():
    question = CATALOG.question("retry_flag_scope")
    assert CATALOG.section_of(question.key) is CATALOG.section("payment-intelligence")
    assert question.key in CATALOG
    assert "no_such_question" not in CATALOG
    with pytest.raises(KeyError):
        CATALOG.question("no_such_question")


def test_exactly_the_mandatory_questions_need_an_answer():
    assert all(question.answer_required == question.mandatory for question in CATALOG.questions)


def test_what_a_condition_asks_comes_before_it():
    seen = set()
    for question in CATALOG.by_dependency:
        assert not question.condition or set(question.condition.subjects()) <= seen, question.key
        seen.add(question.key)
    assert seen == {question.key for question in CATALOG.questions}


@pytest.mark.parametrize("question", CATALOG.questions, ids=lambda question: question.key)
def test_the_words_help(question):
    assert question.text.endswith("?") or question.type is QuestionType.TEXT
    assert 2 <= question.help.count(". ") + 1 <= 4
    assert 80 <= len(question.help) <= 480
    assert len(question.text) <= 140
    assert question.guides
    assert question.passing.words.endswith(".")
    assert "  " not in question.text + question.help
    assert not {"!", "—"} & set(question.text + question.help)


@pytest.mark.parametrize("question", CATALOG.questions, ids=lambda question: question.key)
def test_why_it_is_asked_is_said_exactly_of_conditional_questions(question):
    assert bool(question.why_asked) == (question.condition is not None)


@pytest.mark.parametrize(
    ("key", "rule", "options"),
    [
        ("oauth_only", Rule.EQUALS, {"yes"}),
        ("initial_views", Rule.ALL_OF, {"signup", "login"}),
        ("prefill_fields", Rule.ALL_OF, {"email"}),
        ("mandate_api", Rule.EQUALS, {"billing_requests"}),
        ("verify_level", Rule.ANY_OF, {"recommended", "when_available", "always", "not_set"}),
        ("ack_strategy", Rule.EQUALS, {"queued"}),
        ("ordering", Rule.NOT, {"not_handled"}),
        ("webhook_url", Rule.HTTPS, set()),
        ("token_storage", Rule.ANY_OF, {"managed_keys", "application"}),
        ("mandate_events", Rule.ALL_OF, {"cancelled", "failed", "expired", "replaced"}),
        ("outbound", Rule.ANY, set()),
    ],
)
def test_what_passes(key, rule, options):
    passing = CATALOG.question(key).passing
    assert (passing.rule, set(passing.options)) == (rule, options)


@pytest.mark.parametrize("question", CATALOG.questions, ids=lambda question: question.key)
def test_why_nothing_proves_it_is_a_short_sentence(question):
    why = question.unproven or question.unjudged
    assert bool(why) == (question.mandatory and not question.checks)
    assert question.judgeable or not question.checks
    assert not why or (20 <= len(why) <= 140 and why.endswith("."))


def test_a_check_leads_to_the_questions_that_it_proves():
    for question in CATALOG.questions:
        for check in question.checks:
            assert question in CATALOG.proven_by(check)
    assert CATALOG.proven_by("links.no_such_check") == ()

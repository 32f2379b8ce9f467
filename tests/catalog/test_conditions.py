from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.catalog import AccountFacts, Condition, Operator, applicable, applies, certification, schemes

CATALOG = certification("2026-11")
NOBODY = AccountFacts()
ALWAYS = {question.key for question in CATALOG.questions if question.condition is None}


def asks(key, test, *values):
    return Condition(test, question=key, values=values)


@pytest.mark.parametrize(
    ("condition", "answers", "holds"),
    [
        (None, {}, True),
        (asks("a", Operator.EQUALS, "yes"), {"a": "yes"}, True),
        (asks("a", Operator.EQUALS, "yes"), {"a": "no"}, False),
        (asks("a", Operator.EQUALS, "yes"), {}, False),
        (asks("a", Operator.IN, "x", "y"), {"a": "y"}, True),
        (asks("a", Operator.IN, "x", "y"), {"a": "z"}, False),
        (asks("a", Operator.INCLUDES, "x"), {"a": ("w", "x")}, True),
        (asks("a", Operator.INCLUDES, "x"), {"a": ("w",)}, False),
        (asks("a", Operator.INCLUDES, "x"), {"a": "xyz"}, False),  # text is no list of codes
        (asks("a", Operator.INCLUDES, "x"), {}, False),
    ],
)
def test_a_single_test(condition, answers, holds):
    assert applies(condition, answers, NOBODY) is holds


@pytest.mark.parametrize(("b", "every", "some"), [("yes", True, True), ("no", False, True)])
def test_combined(b, every, some):
    parts = (asks("a", Operator.EQUALS, "yes"), asks("b", Operator.EQUALS, "yes"))
    answers = {"a": "yes", "b": b}
    assert applies(Condition(Operator.ALL, parts=parts), answers, NOBODY) is every
    assert applies(Condition(Operator.ANY, parts=parts), answers, NOBODY) is some


@pytest.mark.parametrize(
    ("chosen", "asked"),
    [
        (set(), False),
        ({"bacs"}, False),
        ({"bacs", "faster_payments"}, False),  # both in pounds
        ({"bacs", "sepa_core"}, True),
        ({"no_such_scheme", "bacs"}, False),
    ],
)
def test_more_than_one_currency_in_my_account(chosen, asked):
    account = AccountFacts(schemes=frozenset(chosen))
    assert ("fx_handled" in applicable(CATALOG, {}, account)) is asked


def test_a_scheme_in_my_account():
    condition = Condition(Operator.INCLUDES, account="schemes", values=("bacs",))
    assert applies(condition, {}, AccountFacts(schemes=frozenset({"bacs"})))
    assert not applies(condition, {}, NOBODY)


def test_without_answers_only_the_unconditional_questions_are_asked():
    assert applicable(CATALOG, {}, NOBODY) == ALWAYS


def test_conditions_reach_into_other_sections():
    asked = applicable(CATALOG, {"monetisation": "app_fees"}, NOBODY)
    assert asked - ALWAYS == {"account_verified", "app_fee_transparency"}


def test_everything_can_be_asked_but_the_other_way_to_refund():
    answers = {
        "monetisation": "app_fees",
        "payment_pages": "custom",
        "notifications_owner": "product",
        "endpoints_used": ("instalments", "one_off", "subscriptions"),
        **dict.fromkeys(["open_banking", "success_plus", "protect_plus", "refunds", "outbound", "payout_events"], "yes"),
    }
    account = AccountFacts(schemes=frozenset(scheme.id for scheme in schemes()))
    everything = {question.key for question in CATALOG.questions}
    assert everything - applicable(CATALOG, answers, account) == {"refund_alternative"}


def test_the_answer_of_a_hidden_question_counts_as_absent(tmp_path):
    catalog = _with_chain(tmp_path)
    answers = {"monetisation": "app_fees", "account_verified": "verified"}
    assert "bank_checked" in applicable(catalog, answers, NOBODY)
    hidden = {**answers, "monetisation": "neither"}
    assert not {"account_verified", "bank_checked"} & applicable(catalog, hidden, NOBODY)


def test_a_chain_may_point_backwards(tmp_path):
    """The question asked about may stand after the one that asks."""
    catalog = _with_chain(tmp_path)
    keys = [question.key for question in catalog.questions]
    assert keys.index("bank_checked") < keys.index("account_verified")


def _with_chain(folder):
    text = (Path(__file__).with_name("versions") / "2026-11.toml").read_text("utf-8")
    chain = """[[section.question]]
key = "bank_checked"
text = "Has your bank account been checked?"
help = "Earnings are paid there."
type = "yes_no"
level = "recommended"
inferred = true
answer_required = false
passing = { equals = "yes", words = "Checked." }
screenshot = "none"
why_asked = "Your account is verified."
condition = { question = "account_verified", equals = "verified" }
guides = []

"""
    place = text.index("[[section.question]]")
    (folder / "2026-11.toml").write_text(text[:place] + chain + text[place:], "utf-8")
    return certification(folder=folder)


@st.composite
def some_answers(draw):
    chosen = draw(st.lists(st.sampled_from([q for q in CATALOG.questions if q.options]), unique_by=lambda q: q.key))
    return {
        q.key: draw(st.sampled_from(q.codes))
        if q.type != "multi_choice"
        else tuple(sorted(draw(st.sets(st.sampled_from(q.codes), min_size=1))))
        for q in chosen
    }


@given(some_answers(), st.sets(st.sampled_from([scheme.id for scheme in schemes()])))
def test_what_is_hidden_has_no_influence(answers, chosen):
    account = AccountFacts(schemes=frozenset(chosen))
    asked = applicable(CATALOG, answers, account)
    visible = {key: value for key, value in answers.items() if key in asked}
    assert asked == applicable(CATALOG, visible, account)
    assert asked >= ALWAYS

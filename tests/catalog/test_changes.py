from dataclasses import replace
from pathlib import Path

import pytest

from portal.catalog import Moved, Option, QuestionType, Screenshot, carry_over, certification, compare
from portal.catalog.changes import _change

FOLDER = Path(__file__).with_name("versions")
OLD, NEW = certification("2026-11", FOLDER), certification("2027-03", FOLDER)
CHANGES = compare(OLD, NEW)


def change(key):
    return next(change for change in CHANGES.changed if change.key == key)


def test_added_removed_and_moved():
    assert CHANGES.added == ("webhook_secret_rotation",)
    assert CHANGES.removed == ("success_plus_enable",)
    assert CHANGES.moved == (Moved("disconnect_button", "readiness", "oauth"),)


def test_only_what_differs_is_named():
    assert {change.key for change in CHANGES.changed} == {
        "app_public_name",
        "prefill_fields",
        "payment_pages",
        "cancel_payment",
        "refunds",
        "fx_handled",
    }


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("prefill_fields", "“Phone number” is offered now."),
        ("payment_pages", "“The Javascript drop-in” is no longer offered."),
        ("cancel_payment", "It is mandatory now; it was recommended."),
        ("cancel_payment", "An answer is required now."),
        ("cancel_payment", "A screenshot is required now."),
        ("refunds", "The answer is one of several answers now; it was yes or no."),
        ("fx_handled", "It is asked in other cases than before."),
        ("app_public_name", "The question is worded differently."),
    ],
)
def test_changes_are_said_in_words(key, words):
    assert words in change(key).what


def test_new_words_alone_change_no_requirement():
    assert [change.key for change in CHANGES.changed if not change.requirement] == ["app_public_name"]


def test_a_version_does_not_differ_from_itself():
    same = compare(OLD, OLD)
    assert not any([same.added, same.removed, same.changed, same.moved])


def test_the_way_back_is_the_mirror():
    back = compare(NEW, OLD)
    assert (back.added, back.removed) == (CHANGES.removed, CHANGES.added)
    assert {change.key for change in back.changed} == {change.key for change in CHANGES.changed}


@pytest.mark.parametrize(
    "difference",
    [
        {"text": "Another text?"},
        {"help": "Another help."},
        {"type": QuestionType.TEXT},
        {"options": (Option("yes", "Yes"), Option("no", "Not yet"))},
        {"options": (Option("no", "No"), Option("yes", "Yes"))},
        {"options": (Option("yes", "Yes"),)},
        {"answer_required": False},
        {"inferred": True},
        {"screenshot": Screenshot.OPTIONAL},
        {"screenshot_of": "Something else."},
        {"why_asked": "Because."},
        {"guides": ()},
        {"checks": ("links",)},
        {"proof_replaces_screenshot": True},
        {"condition": OLD.question("fx_handled").condition},
        {"limits": OLD.question("app_public_name").limits},
        {"passing": OLD.question("refund_types").passing},
        {"passing": replace(OLD.question("oauth_only").passing, words="Other words.")},
    ],
    ids=lambda difference: next(iter(difference)),
)
def test_no_difference_goes_unnamed(difference):
    question = OLD.question("oauth_only")
    assert _change(question, replace(question, **difference)).what


def test_answers_carry_over_by_key():
    answers = {
        "app_public_name": "Rosewood Books",
        "prefill_fields": ("email", "language"),
        "payment_pages": "hosted",
        "disconnect_button": "yes",
        "cancel_payment": "no",
    }
    carried = carry_over(OLD, NEW, answers)
    assert carried.kept == answers
    assert not carried.dropped


@pytest.mark.parametrize(
    ("key", "value", "why"),
    [
        ("payment_pages", "drop_in", "No longer offered: The Javascript drop-in."),
        ("refunds", "yes", "The question takes another kind of answer now."),
    ],
)
def test_an_answer_that_no_longer_fits_is_dropped_with_its_reason(key, value, why):
    carried = carry_over(OLD, NEW, {key: value})
    assert carried.dropped == {key: why}
    assert not carried.kept


def test_one_missing_option_drops_the_whole_choice():
    carried = carry_over(NEW, OLD, {"prefill_fields": ("email", "phone")})
    assert carried.dropped == {"prefill_fields": "No longer offered: Phone number."}


def test_answers_to_retired_questions_are_left_behind():
    carried = carry_over(OLD, NEW, {"success_plus_enable": "In the settings, with a link.", "unheard_of": "yes"})
    assert not carried.kept
    assert not carried.dropped

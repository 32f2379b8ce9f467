"""Section forms: what can be stored, what cannot, and what was not there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from portal.build.forms import read
from portal.build.typed import NOTE, Stored
from portal.catalog import certification

SECTION = certification().section("app-setup")
MULTI = certification().section("oauth")


def posted(*pairs):
    return MultiDict(pairs)


def test_a_posted_question_carries_answer_comment_and_version():
    form = read(
        SECTION,
        posted(("answer-monetisation", "app_fees"), ("comment-monetisation", "Hm"), ("version-monetisation", "2.x")),
        {},
    )
    typed = form.typed["monetisation"]
    assert (typed.value, typed.comment, typed.base) == ("app_fees", "Hm", "2.x")
    assert not form.problems


def test_what_the_form_did_not_carry_is_not_touched():
    assert read(SECTION, posted(("answer-monetisation", "neither")), {}).typed.keys() == {"monetisation"}


def test_a_part_that_is_missing_stays_as_it_is_stored():
    shown = {"app_public_name": Stored("Acme", "why", 3)}
    form = read(SECTION, posted(("version-app_public_name", "3.x")), shown)
    assert (form.typed["app_public_name"].value, form.typed["app_public_name"].comment) == ("Acme", "why")


def test_a_choice_of_many_with_nothing_ticked_is_empty_only_where_it_was_on_the_form():
    shown = {"initial_views": Stored(("signup",), "", 1)}
    assert read(MULTI, posted(("version-initial_views", "1.x")), shown).typed["initial_views"].value is None
    assert read(MULTI, posted(("comment-initial_views", "x")), shown).typed["initial_views"].value == ("signup",)


def test_choices_are_sorted_and_each_once():
    codes = MULTI.questions[2].codes
    pairs = [("answer-initial_views", code) for code in (*reversed(codes), codes[0])]
    assert read(MULTI, posted(*pairs), {}).typed["initial_views"].value == tuple(sorted(codes))


def test_line_breaks_count_once():
    form = read(SECTION, posted(("answer-redirect_urls_live", "https://a.example\r\nhttps://b.example\r")), {})
    assert form.typed["redirect_urls_live"].value == "https://a.example\nhttps://b.example\n"


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("answer-app_public_name", "x" * 81, "Use at most 80 characters; this has 81."),
        ("answer-post_onboarding_url", "x" * 2001, "Use at most 2,000 characters"),
        ("comment-app_public_name", "x" * 5001, "Use at most 5,000 characters"),
        (f"comment-{NOTE}", "x" * 10_001, "Use at most 10,000 characters"),
        ("answer-app_public_name", "a\x00b", "invisible control characters"),
        ("answer-app_public_name", "a\x1bb", "invisible control characters"),
        ("answer-monetisation", "stolen", "Choose only answers that are offered."),
        ("answer-app_profile_complete", "YES", "Choose only answers that are offered."),
    ],
)
def test_what_cannot_be_stored_is_named_and_kept_apart(name, value, words):
    form = read(SECTION, posted((name, value), ("answer-contact_details_current", "yes")), {})
    assert words in form.problems[name]
    assert form.typed.keys() == {"contact_details_current"}
    assert value in (form.refused[name.partition("-")[2]].value, form.refused[name.partition("-")[2]].comment)


def test_theirs_was_chosen():
    assert read(SECTION, posted(("answer-monetisation", "neither"), ("choose-monetisation", "theirs")), {}).typed == {}


@pytest.mark.parametrize("name", ["answer-oauth_only", "comment-nothing", "version-", "choose-x"])
def test_questions_of_other_places_are_refused(name):
    assert "" in read(SECTION, posted((name, "yes")), {}).problems


names = st.builds(
    lambda part, key: f"{part}-{key}",
    st.sampled_from(["answer", "comment", "version", "choose"]),
    st.sampled_from([*(question.key for question in SECTION.questions), NOTE, "unknown", ""]),
)


@given(st.lists(st.tuples(names, st.text(max_size=100)), max_size=30))
def test_any_post_becomes_values_or_words(pairs):
    form = read(SECTION, posted(*pairs), {})
    known = {question.key for question in SECTION.questions} | {NOTE}
    assert form.typed.keys() | form.refused.keys() <= known
    assert not form.typed.keys() & form.refused.keys()
    assert all(form.problems.values())

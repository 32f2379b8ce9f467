import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.catalog import Need, Parsed, QuestionType, certification, need, parse, passes

CATALOG = certification("2026-11")


def parsed(key, *raw):
    return parse(CATALOG.question(key), list(raw))


def problem(key, *raw):
    outcome = parsed(key, *raw)
    assert outcome.value is None
    return " ".join(outcome.problems)


@pytest.mark.parametrize(
    ("key", "raw", "value"),
    [
        ("oauth_only", ["yes"], "yes"),
        ("oauth_only", [], None),
        ("oauth_only", ["", "  "], None),
        ("monetisation", ["app_fees"], "app_fees"),
        ("initial_views", ["signup", "login"], ("login", "signup")),
        ("initial_views", ["login", "login"], ("login",)),
        ("prefill_fields", ["none"], ("none",)),
        ("app_public_name", ["  Rosewood Books \r\n"], "Rosewood Books"),
        ("app_public_name", ["محاسبة 📚"], "محاسبة 📚"),
        (
            "oauth_denied_handled",
            ["A page says what\r\nhappened, with a button."],
            "A page says what\nhappened, with a button.",
        ),
        ("post_onboarding_url", [" https://example.com/done?a=1#b "], "https://example.com/done?a=1#b"),
        ("post_onboarding_url", ["http://example.com"], "http://example.com"),
        (
            "redirect_urls_live",
            ["https://a.example.com/back\r\n\r\n  https://b.example.com/back "],
            "https://a.example.com/back\nhttps://b.example.com/back",
        ),
    ],
)
def test_what_was_typed_becomes_a_value(key, raw, value):
    assert parsed(key, *raw) == Parsed(value)


@pytest.mark.parametrize(
    ("key", "raw", "words"),
    [
        ("oauth_only", ["maybe"], "Choose one of the answers offered."),
        ("oauth_only", ["yes", "no"], "Give one answer only."),
        ("monetisation", ["App fees"], "Choose one of the answers offered."),
        ("initial_views", ["signup", "x"], "Choose only answers that are offered."),
        ("prefill_fields", ["none", "email"], "“Nothing” cannot be ticked with another answer."),
        ("app_public_name", ["A"], "Write at least 2 characters."),
        ("app_public_name", ["A" * 81], "Use at most 80 characters; this has 81."),
        ("oauth_denied_handled", ["x" * 1_000_000], "Use at most 2,000 characters; this has 1,000,000."),
        ("oauth_denied_handled", ["a page that tells them\x00 why"], "Remove the invisible control characters."),
        ("oauth_denied_handled", ["a page that tells them\ud800 why"], "Remove the invisible control characters."),
        ("post_onboarding_url", ["example.com/done"], "Begin the address with https:// or http://."),
        ("post_onboarding_url", ["javascript:alert(1)"], "Begin the address with https:// or http://."),
        ("post_onboarding_url", ["https://"], "This is not a complete web address."),
        ("post_onboarding_url", ["https://example.com/a b"], "This is not a complete web address."),
        ("post_onboarding_url", ["https://example.com/\u202egnp"], "This is not a complete web address."),
        ("post_onboarding_url", ["https://example.com:port/"], "This is not a complete web address."),
        ("post_onboarding_url", ["https://[::1"], "This is not a complete web address."),
        ("post_onboarding_url", ["https://me:secret@example.com/"], "Leave user name and password out of the address."),
        ("post_onboarding_url", ["https://example.com/" + "a" * 2000], "An address has at most 2,000 characters."),
        ("webhook_url", ["http://example.com/hooks"], "Begin the address with https://."),
        ("redirect_urls_live", ["https://a.example.com\nhttp://b.example.com"], "Line 2: Begin the address with https://."),
        ("redirect_urls_live", ["https://a.example.com\nhttps://a.example.com"], "An address is there twice."),
        ("redirect_urls_live", ["\n".join(f"https://a.example.com/{n}" for n in range(21))], "Give 1 to 20 addresses"),
    ],
)
def test_what_cannot_be_a_value_is_refused_in_words(key, raw, words):
    assert words in problem(key, *raw)


def test_twenty_redirect_urls_are_fine():
    lines = "\n".join(f"https://a.example.com/{n}" for n in range(20))
    assert parsed("redirect_urls_live", lines) == Parsed(lines)


@given(st.sampled_from(CATALOG.questions), st.lists(st.text(max_size=200), max_size=3))
def test_anything_typed_gets_a_clear_answer(question, raw):
    outcome = parse(question, raw)
    assert outcome.value is None or not outcome.problems
    assert all(words.endswith(".") for words in outcome.problems)


@given(st.sampled_from(CATALOG.questions), st.data())
def test_a_value_that_is_typed_again_stays_the_same(question, data):
    codes = st.sampled_from(question.codes or ("https://example.com/page",))
    many = question.type is QuestionType.MULTI_CHOICE
    first = parse(question, data.draw(st.lists(codes, min_size=1, max_size=6 if many else 1)))
    if first.value is not None:
        again = first.value if isinstance(first.value, tuple) else [first.value]
        assert parse(question, list(again)) == first


@pytest.mark.parametrize(
    ("key", "value", "good"),
    [
        ("oauth_only", "yes", True),
        ("oauth_only", "no", False),
        ("oauth_only", None, False),
        ("oauth_only", "", False),
        ("oauth_scope", "read_only", False),
        ("verify_level", "minimum", False),
        ("verify_level", "always", True),
        ("initial_views", ("login",), False),
        ("initial_views", ("login", "signup"), True),
        ("mandate_events", ("cancelled", "expired", "failed", "replaced", "transferred"), True),
        ("mandate_events", ("active", "cancelled", "expired", "failed"), False),
        ("discovery_points", ("settings_only",), False),
        ("discovery_points", ("home", "pricing"), True),
        ("discovery_points", (), False),
        ("ordering", "not_handled", False),
        ("ordering", "fetch", True),
        ("webhook_url", "https://example.com/hooks", True),
        ("webhook_url", "http://example.com/hooks", False),
        ("redirect_urls_live", "https://a.example.com\nhttps://b.example.com", True),
        ("redirect_urls_live", "https://a.example.com\nhttp://b.example.com", False),
        ("outbound", "no", True),
        ("demo_video_url", "http://example.com", True),
    ],
)
def test_passes(key, value, good):
    assert passes(CATALOG.question(key), value) is good


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("oauth_only", "yes", Need.FILE),
        ("oauth_only", "no", Need.COMMENT),
        ("oauth_only", None, Need.NOTHING),
        ("initial_views", ("login",), Need.COMMENT),
        ("outbound", "yes", Need.FILE),
        ("outbound", "no", Need.COMMENT),  # passes, but there is nothing to show
        ("cancel_payment", "yes", Need.NOTHING),  # optional
        ("oauth_scope", "read_write", Need.NOTHING),
    ],
)
def test_what_an_answer_has_to_be_shown_with(key, value, expected):
    assert need(CATALOG.question(key), value) is expected

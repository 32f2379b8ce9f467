"""Each mistake in a version file is refused by its name and its place."""

from pathlib import Path

import pytest

from portal.catalog import CatalogError, certification
from portal.catalog.guides import guides
from portal.catalog.loading import load

VERSIONS = Path(__file__).with_name("versions")
GOOD = (VERSIONS / "2026-11.toml").read_text("utf-8")
OAUTH_ONLY = "section oauth, question oauth_only"
PREFILL = "section oauth, question prefill_fields"
APPROVAL = "section mandates, question custom_pages_approval"
FX = "section reconciliation, question fx_handled"
NAME = "section app-setup, question app_public_name"
URL = "section webhooks, question webhook_url"
VERIFIED = "section app-setup, question account_verified"
UNPROVEN = 'unproven = "No check does this yet."'
REPLACES = "proof_replaces_screenshot = true"
BY_PAGES = '{ question = "payment_pages", equals = "custom" }'
BY_ACCOUNT = '{ account = "currencies", more_than = 1 }'


def loaded(folder, text, name="2026-11.toml"):
    (folder / name).write_text(text, "utf-8")
    return load(folder / name, guides())


def within(key, before, after):
    """The good file with one piece replaced inside the question of this key."""
    start = GOOD.index(f'key = "{key}"')
    assert before in GOOD[start:], f"{before!r} is not in {key}"
    return GOOD[:start] + GOOD[start:].replace(before, after, 1)


def refusal(folder, text):
    with pytest.raises(CatalogError) as caught:
        loaded(folder, text)
    assert str(caught.value).startswith("2026-11.toml")
    return str(caught.value)


def test_the_good_file_loads(tmp_path):
    assert len(loaded(tmp_path, GOOD).sections) == 10


@pytest.mark.parametrize(
    ("key", "before", "after", "place", "problem"),
    [
        ("oauth_only", "text =", "txet =", OAUTH_ONLY, "unknown key 'txet'; allowed are answer_required, checks"),
        ("oauth_only", 'type = "yes_no"\n', "", OAUTH_ONLY, "missing key 'type'"),
        ("oauth_only", "inferred = false\n", "", OAUTH_ONLY, "missing key 'inferred'"),
        ("oauth_only", "inferred = false", 'inferred = "no"', OAUTH_ONLY, "'inferred' is 'no'; it should be true or false"),
        ("oauth_only", "inferred = false", "inferred = 0", OAUTH_ONLY, "'inferred' is 0; it should be true or false"),
        ("oauth_only", 'level = "mandatory"', 'level = "must"', OAUTH_ONLY, "'must'; allowed are mandatory, recommended"),
        ("oauth_only", 'type = "yes_no"', 'type = "yesno"', OAUTH_ONLY, "'yesno'; allowed are yes_no, single_choice"),
        ("oauth_only", 'guides = ["connect"]', 'guides = ["conect"]', OAUTH_ONLY, "unknown guide 'conect'"),
        ("oauth_only", 'guides = ["connect"]', 'guides = ["connect", "connect"]', OAUTH_ONLY, "duplicate entry in 'guides'"),
        ("oauth_only", 'guides = ["connect"]', "guides = [1]", OAUTH_ONLY, "'guides' has 1; it should hold text only"),
        ("oauth_only", 'guides = ["connect"]', 'guides = "connect"', OAUTH_ONLY, "it should be a list"),
        ("oauth_only", "answer_required = true", "answer_required = false", OAUTH_ONLY, "needs answer_required = true"),
        ("oauth_only", 'equals = "yes"', 'equals = "ja"', f"{OAUTH_ONLY}, passing", "'ja' is no option"),
        ("oauth_only", 'equals = "yes"', 'all_of = ["yes"]', f"{OAUTH_ONLY}, passing", "all_of does not fit the type yes_no"),
        ("oauth_only", 'equals = "yes"', 'equals = "yes", any = true', f"{OAUTH_ONLY}, passing", "exactly one rule"),
        ("oauth_only", 'equals = "yes", ', "", f"{OAUTH_ONLY}, passing", "exactly one rule"),
        ("oauth_only", 'equals = "yes"', 'is = "yes"', f"{OAUTH_ONLY}, passing", "unknown key 'is'"),
        ("oauth_only", "passing =", "passign =", OAUTH_ONLY, "unknown key 'passign'"),
        ("oauth_only", 'screenshot = "required"', 'screenshot = "none"', OAUTH_ONLY, "although screenshot is none"),
        ("oauth_only", UNPROVEN, "", OAUTH_ONLY, "has one of 'checks', 'unproven' and 'unjudged'; it has none"),
        ("oauth_only", UNPROVEN, "unproven = ''", OAUTH_ONLY, "it has none"),
        ("oauth_only", UNPROVEN, 'unjudged = "Why."\nunproven = "Why."', OAUTH_ONLY, "it has unproven and unjudged"),
        ("oauth_only", UNPROVEN, f'checks = ["links.a"]\n{UNPROVEN}', OAUTH_ONLY, "it has checks and unproven"),
        ("oauth_only", UNPROVEN, 'checks = ["links"]', OAUTH_ONLY, "'links' is no id of a check; it should be family.name"),
        ("oauth_only", UNPROVEN, 'checks = ["links.A"]', OAUTH_ONLY, "'links.A' is no id of a check"),
        ("oauth_only", UNPROVEN, 'checks = ["links.a", "links.a"]', OAUTH_ONLY, "duplicate entry in 'checks'"),
        ("oauth_only", UNPROVEN, f"{REPLACES}\n{UNPROVEN}", OAUTH_ONLY, "'proof_replaces_screenshot' needs checks and"),
        (
            "refund_types",
            UNPROVEN,
            f'checks = ["links.a"]\n{REPLACES}',
            "question refund_types",
            "a screenshot that is required",
        ),
        (
            "prefill_fields",
            "answer_required = false",
            'answer_required = false\nunjudged = "Why."',
            PREFILL,
            "'unjudged' is for mandatory",
        ),
        (
            "prefill_fields",
            "answer_required = false",
            'answer_required = false\nunproven = "Why."',
            PREFILL,
            "'unproven' is for mandatory",
        ),
        ("oauth_only", 'screenshot = "required"', 'options = []\nscreenshot = "required"', OAUTH_ONLY, "for choices only"),
        ("oauth_only", 'key = "oauth_only"', 'key = "OAuth only"', "section oauth, question OAuth only", "lower-case letters"),
        (
            "oauth_only",
            'guides = ["connect"]',
            "guides = []\nlimits = { max_length = 3 }",
            OAUTH_ONLY,
            "unknown key 'max_length'",
        ),
        ("prefill_fields", 'code = "email"', 'code = "country"', PREFILL, "'email' is no option of this question"),
        ("prefill_fields", 'code = "language"', 'code = "country"', PREFILL, "duplicate option 'country'"),
        ("prefill_fields", 'code = "language"', 'kode = "language"', f"{PREFILL}, options number 6", "unknown key 'kode'"),
        ("prefill_fields", 'all_of = ["email"]', "all_of = []", f"{PREFILL}, passing", "'all_of' is an empty list"),
        (
            "prefill_fields",
            'all_of = ["email"]',
            'any_of = ["email"]',
            f"{PREFILL}, passing",
            "does not fit the type multi_choice",
        ),
        ("monetisation", "any = true", "any = false", "question monetisation, passing", "any can only be true"),
        (
            "monetisation",
            'code = "neither"',
            'code = "neither", exclusive = true',
            "question monetisation",
            "multi_choice only",
        ),
        ("app_public_name", "min_length = 2", "min_length = 90", f"{NAME}, limits", "the smallest is more than the largest"),
        ("app_public_name", "min_length = 2", "min_length = -2", f"{NAME}, limits", "cannot be negative"),
        ("app_public_name", "min_length = 2", "min_length = 2.5", f"{NAME}, limits", "it should be a whole number"),
        (
            "app_public_name",
            "min_length = 2",
            "min_length = true",
            f"{NAME}, limits",
            "'min_length' is True; it should be a whole",
        ),
        ("app_public_name", "min_length = 2", "minimum = 2", f"{NAME}, limits", "unknown key 'minimum'"),
        ("app_public_name", "min_length = 2", "https_only = true", f"{NAME}, limits", "https_only needs max_lines"),
        (
            "webhook_url",
            "https_only = true",
            "max_length = 9",
            f"{URL}, limits",
            "unknown key 'max_length'; allowed are https_only",
        ),
        ("custom_pages_approval", '"payment_pages"', '"payment_page"', APPROVAL, "'payment_page', which is no question"),
        ("custom_pages_approval", '"custom"', '"own"', APPROVAL, "'own', which is no option of 'payment_pages'"),
        (
            "custom_pages_approval",
            'equals = "custom"',
            'includes = "custom"',
            APPROVAL,
            "includes on 'payment_pages' does not fit its type",
        ),
        ("custom_pages_approval", 'equals = "custom"', 'is = "custom"', f"{APPROVAL}, condition", "unknown key 'is'"),
        ("custom_pages_approval", "why_asked =", "#", APPROVAL, "missing key 'why_asked'"),
        ("custom_pages_approval", BY_PAGES, "{ question = 'payment_pages' }", f"{APPROVAL}, condition", "found none"),
        ("custom_pages_approval", BY_PAGES, "{ all = [] }", f"{APPROVAL}, condition", "needs at least two conditions"),
        ("custom_pages_approval", BY_PAGES, "{ equals = 'x' }", f"{APPROVAL}, condition", "exactly one test of all, any"),
        (
            "custom_pages_approval",
            BY_PAGES,
            f"{{ any = [{BY_PAGES}, {{}}] }}",
            f"{APPROVAL}, condition, any number 2",
            "found none",
        ),
        (
            "account_verified",
            'in = ["app_fees", "revenue_share"]',
            "in = []",
            f"{VERIFIED}, condition",
            "'in' is an empty list",
        ),
        ("account_verified", '"revenue_share"]', '"shares"]', VERIFIED, "'shares', which is no option of 'monetisation'"),
        (
            "account_verified",
            '"monetisation"',
            '"app_public_name"',
            VERIFIED,
            "in on 'app_public_name' does not fit its type text",
        ),
        ("fx_handled", '"currencies"', '"currency"', FX, "condition on account 'currency'; allowed are schemes, currencies"),
        ("fx_handled", "more_than = 1", 'includes = "XYZ"', FX, "'XYZ', which is no code of currencies"),
        ("fx_handled", "more_than = 1", 'equals = "GBP"', f"{FX}, condition", "exactly one test of includes, more_than"),
        ("fx_handled", BY_ACCOUNT, f'{BY_ACCOUNT[:-1]}, question = "refunds" }}', f"{FX}, condition", "use all or any"),
    ],
)
def test_a_mistake_in_a_question(tmp_path, key, before, after, place, problem):
    message = refusal(tmp_path, within(key, before, after))
    assert place in message
    assert problem in message


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        ('version = "2026-11"', 'version = "2026-12"', "should be year-month and the file's name"),
        ("published = 2026-11-20", 'published = "soon"', "'published' is 'soon'; it should be a date"),
        ("published = 2026-11-20", "published = 2026-11-20T09:00:00", "it should be a date"),
        ("retired = []", "", "missing key 'retired'"),
        ("retired = []", "retired = []\nowner = 1", "unknown key 'owner'; allowed are published, retired, section, version"),
        ("retired = []", 'retired = ["oauth_only"]', "question oauth_only: this key is retired"),
        ("retired = []", "retired = [", "this is not TOML"),
        ('key = "oauth"\n', 'key = "webhooks"\n', "duplicate section 'webhooks'"),
        ('key = "oauth_only"', 'key = "webhook_url"', "duplicate question 'webhook_url'"),
        ('title = "Connecting merchants with OAuth"', "title = ''", "section oauth: 'title' is empty"),
        ('title = "Connecting merchants with OAuth"', 'name = "OAuth"', "section oauth: unknown key 'name'"),
        ('key = "oauth"\n', "", "section number 2: missing key 'key'"),
    ],
)
def test_a_mistake_around_the_questions(tmp_path, before, after, problem):
    assert before in GOOD
    assert problem in refusal(tmp_path, GOOD.replace(before, after, 1))


def test_not_ten_sections(tmp_path):
    nine = GOOD[: GOOD.rindex("[[section]]")]
    assert "9 sections; a version has 10" in refusal(tmp_path, nine)


def test_a_section_without_a_question(tmp_path):
    empty = GOOD + '\n[[section]]\nkey = "more"\ntitle = "More"\npurpose = "More."\nshows = "More."\nguides = []\n'
    assert "section more: no question" in refusal(tmp_path, empty)


def test_the_same_key_twice_in_one_table(tmp_path):
    assert "this is not TOML" in refusal(tmp_path, within("oauth_only", "inferred =", 'key = "x"\ninferred ='))


def test_conditions_in_a_circle(tmp_path):
    text = within(
        "refunds",
        'type = "yes_no"',
        'why_asked = "x"\ncondition = { question = "refund_types", includes = "full" }\n\
type = "yes_no"',
    )
    assert "conditions go round in a circle: refunds -> refund_types -> refunds" in refusal(tmp_path, text)


def test_a_question_that_asks_about_itself(tmp_path):
    asks = 'why_asked = "x"\ncondition = { question = "refunds", equals = "yes" }\ntype = "yes_no"'
    text = within("refunds", 'type = "yes_no"', asks)
    assert "in a circle: refunds -> refunds" in refusal(tmp_path, text)


def test_bytes_that_are_no_text(tmp_path):
    (tmp_path / "2026-11.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(CatalogError, match="this is not TOML"):
        certification(folder=tmp_path)

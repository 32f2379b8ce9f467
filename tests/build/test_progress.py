"""How far a section is, from its questions and answers alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.build.progress import Draft, may_edit_question, section_progress, status_of
from portal.build.typed import Fate, Stored, TypedAnswer, fate
from portal.catalog import AccountFacts, QuestionType, certification
from portal.status import SectionStatus
from tests.build.acts import good

S = SectionStatus
CATALOG = certification()
SECTIONS = list(CATALOG)
DRAFTS = (S.NOT_STARTED, S.IN_PROGRESS, S.COMPLETE)
SENT = (S.UNDER_REVIEW, S.ATTENTION_NEEDED, S.APPROVED)


def draft(answers=None, comments=None, evidence=None, **more):
    return Draft(answers or {}, comments or {}, evidence or {}, more.pop("account", AccountFacts()), **more)


def full():
    """Every question answered well, explained, and shown."""
    keys = [question.key for question in CATALOG.questions]
    return draft({q.key: good(q) for q in CATALOG.questions}, dict.fromkeys(keys, "Why."), dict.fromkeys(keys, 1))


values = {
    QuestionType.TEXT: st.text(max_size=60),
    QuestionType.URL: st.sampled_from(["https://example.com", "http://x", "no address", "javascript:alert(1)", ""]),
}


def value_for(question):
    if question.type in values:
        return values[question.type]
    if question.type is QuestionType.MULTI_CHOICE:
        return st.sets(st.sampled_from(question.codes)).map(lambda codes: tuple(sorted(codes)))
    return st.sampled_from(question.codes)


@st.composite
def drafts(draw):
    """Any state in which a draft can be, valid or not."""
    some = draw(st.sets(st.sampled_from(CATALOG.questions)))
    keys = st.sampled_from([question.key for question in CATALOG.questions])
    return draft(
        answers={question.key: draw(value_for(question)) for question in sorted(some, key=lambda q: q.key)},
        comments=draw(st.dictionaries(keys, st.text(max_size=20), max_size=20)),
        evidence=draw(st.dictionaries(keys, st.integers(0, 3), max_size=20)),
        account=AccountFacts(schemes=draw(st.frozensets(st.sampled_from(["bacs", "sepa_core", "ach"])))),
    )


@given(drafts())
def test_counts_are_always_within_bounds_and_missing_leads_somewhere(now):
    for section in SECTIONS:
        progress = section_progress(CATALOG, section, now)
        keys = {question.key for question in section.questions}
        assert 0 <= progress.answered <= progress.total <= len(keys)
        for reason in progress.missing:
            place, _, key = reason.anchor.partition("-")
            assert place in ("answer", "comment", "files")
            assert key in keys
            assert reason.words
            assert reason.section_key == section.key


@given(drafts(), st.data())
def test_a_hidden_answer_changes_nothing(now, data):
    """Whatever stands in a question that is not asked, the section counts and lacks the same."""
    before = {section.key: section_progress(CATALOG, section, now) for section in SECTIONS}
    from portal.build.progress import asked_in

    hidden = [question for question in CATALOG.questions if question.key not in asked_in(CATALOG, now)]
    if not hidden:
        return
    question = data.draw(st.sampled_from(hidden))
    changed = draft(
        {**now.answers, question.key: data.draw(value_for(question))}, now.comments, now.evidence, account=now.account
    )
    for section in SECTIONS:
        after = section_progress(CATALOG, section, changed)
        assert (after.answered, after.total, after.missing) == (
            before[section.key].answered,
            before[section.key].total,
            before[section.key].missing,
        )


@given(drafts(), st.booleans(), st.booleans())
def test_complete_is_marked_and_still_valid(now, marked, noted):
    for section in SECTIONS:
        progress = section_progress(CATALOG, section, now)
        for stored in DRAFTS:
            status = status_of(progress, marked=marked, stored=stored, noted=noted)
            assert (status is S.COMPLETE) == (marked and not progress.missing)
            assert status in DRAFTS
        for stored in SENT:
            assert status_of(progress, marked=marked, stored=stored) is stored


def test_nothing_typed_is_not_started_and_every_required_question_is_missing():
    for section in SECTIONS:
        progress = section_progress(CATALOG, section, draft())
        assert status_of(progress, marked=False, stored=S.NOT_STARTED) is S.NOT_STARTED
        asked = [q for q in section.questions if q.answer_required and q.condition is None]
        assert [reason.anchor for reason in progress.missing] == [f"answer-{q.key}" for q in asked]


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.key)
def test_a_section_answered_well_lacks_nothing(section):
    progress = section_progress(CATALOG, section, full())
    assert progress.missing == ()
    assert progress.answered == progress.total > 0


@pytest.mark.parametrize(
    ("answer", "comment", "files", "checking", "missing"),
    [
        (None, "", 0, 0, ["answer"]),
        ("yes", "", 0, 0, ["files"]),
        ("yes", "a comment is no screenshot", 0, 0, ["files"]),
        ("yes", "", 0, 1, ["files"]),
        ("yes", "", 1, 0, []),
        ("no", "", 0, 0, ["comment"]),
        ("no", "   ", 0, 0, ["comment"]),
        ("no", "", 1, 0, ["comment"]),
        ("no", "because", 0, 0, []),
        ("maybe", "because", 1, 0, ["answer"]),
    ],
)
def test_a_passing_answer_is_shown_and_any_other_explained(answer, comment, files, checking, missing):
    key = "oauth_only"
    now = draft(
        {key: answer} if answer else {},
        {key: comment},
        {key: files},
        checking={key: checking},
    )
    section = CATALOG.section_of(key)
    found = [reason.anchor for reason in section_progress(CATALOG, section, now).missing if reason.anchor.endswith(f"-{key}")]
    assert found == [f"{place}-{key}" for place in missing]


def test_a_file_that_is_being_checked_says_so():
    now = draft({"oauth_only": "yes"}, checking={"oauth_only": 1})
    words = [
        one.words for one in section_progress(CATALOG, CATALOG.section("oauth"), now).missing if "oauth_only" in one.anchor
    ]
    assert words == ["Question 1: The file is still being checked. Try again in a moment."]


@pytest.mark.parametrize("status", SectionStatus)
@pytest.mark.parametrize("key", ["flagged", "other", None])
def test_who_may_edit_what(status, key):
    allowed = may_edit_question(status, ["flagged"], key)
    if status in DRAFTS:
        assert allowed
    elif status is S.ATTENTION_NEEDED:
        assert allowed == (key in ("flagged", None))
    else:
        assert not allowed


texts = st.one_of(st.none(), st.text(min_size=1, max_size=5), st.lists(st.sampled_from("abc"), min_size=1).map(tuple))
answers = st.builds(Stored, value=texts, comment=st.text(max_size=3), version=st.integers(0, 3))


@given(answers, answers, texts, st.text(max_size=3), st.booleans())
def test_nothing_is_overwritten_that_the_form_did_not_show(shown, stored, value, comment, may_edit):
    typed = TypedAnswer(value, comment, shown.token)
    outcome = fate(typed, stored, may_edit=may_edit)
    changed_by_me = (value, comment) != (shown.value, shown.comment)
    if outcome is Fate.TAKEN:
        assert changed_by_me
        assert may_edit
        assert shown.version == stored.version
    if outcome is Fate.SAME:
        assert not changed_by_me or (value, comment) == (stored.value, stored.comment)
    if outcome is Fate.CONFLICT:
        assert changed_by_me
        assert shown.version != stored.version


@pytest.mark.parametrize("base", ["", "x", ".", "-1.abc", "1e5.abc", "٣.abc", "99999999999.abc", "1" * 5000])
def test_a_strange_version_is_no_version(base):
    assert TypedAnswer("a", "", base).base_version == 0

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.extensions import db
from portal.models.event import Audience, Event
from portal.models.review import Remark
from portal.refusals import Invalid
from portal.reviews import service
from portal.reviews.refusals import Decided
from portal.reviews.remarks import live
from portal.status import RemarkKind
from tests.reviews.sent import SIMPLE

QUESTION = SIMPLE["webhooks"]
BLOCKING, SUGGESTION, INTERNAL = RemarkKind.BLOCKING, RemarkKind.SUGGESTION, RemarkKind.INTERNAL


def write(review, by, kind, text="Show the check.", question_key=QUESTION, section="webhooks"):
    return service.write_remark(review, section, by=by, kind=kind, text=text, question_key=question_key)


def last_event():
    db.session.flush()
    return db.session.query(Event).order_by(Event.id.desc()).first()


@pytest.mark.parametrize("kind", [BLOCKING, SUGGESTION])
def test_a_remark_is_a_draft_until_the_feedback_is_sent(review, se, kind):
    remark = write(review, se, kind)
    assert remark.sent_at is None
    assert last_event().audience is Audience.STAFF
    assert list(live(review)) == [remark]


def test_an_internal_note_stays_with_the_staff(review, se):
    note = write(review, se, INTERNAL, text="Ask sales first.")
    event = last_event()
    assert (event.kind, event.audience, event.payload) == (
        "internal_note_written",
        Audience.STAFF,
        {"text": "Ask sales first."},
    )
    assert note.sent_at is None
    assert list(live(review)) == []


def test_a_correction_must_name_a_question(review, se):
    with pytest.raises(Invalid) as refused:
        write(review, se, BLOCKING, question_key=None)
    assert list(refused.value.problems) == ["question"]


@pytest.mark.parametrize("kind", [SUGGESTION, INTERNAL])
def test_the_others_may_be_about_the_whole_section(review, se, kind):
    assert write(review, se, kind, question_key=None).question_key is None


@pytest.mark.parametrize("kind", list(RemarkKind))
@pytest.mark.parametrize("question", [SIMPLE["app-setup"], "no_such_question"])
def test_a_question_of_another_section_is_refused(review, se, kind, question):
    with pytest.raises(Invalid):
        write(review, se, kind, question_key=question)


def test_a_question_that_was_not_asked_cannot_be_corrected(review, se):
    with pytest.raises(Invalid) as refused:
        write(review, se, BLOCKING, section="payment-intelligence", question_key=hidden_question(review))
    assert "not asked" in refused.value.problems["question"]


def hidden_question(review):
    part = next(one for one in review.sections if one.section_key == "payment-intelligence")
    from portal.catalog import certification

    keys = [question.key for question in certification().section("payment-intelligence").questions]
    return next(key for key in keys if key not in part.snapshot["asked"])


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "Write something"),
        (" \n ", "Write something"),
        ("x" * 5001, "at most 5,000"),
        ("a\x00b", "control"),
        ("\ud800", "control"),
    ],
)
def test_bad_words_are_refused_by_name(review, se, text, problem):
    with pytest.raises(Invalid) as refused:
        write(review, se, SUGGESTION, text=text)
    assert problem in refused.value.problems["text"]
    assert db.session.query(Remark).count() == 0


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=80).filter(str.strip))
def test_any_script_and_emoji_is_kept(review, se, text):
    remark = write(review, se, SUGGESTION, text=text)
    assert remark.text
    db.session.flush()
    db.session.rollback()


def test_a_double_click_writes_one_remark(review, se, other_se):
    first = write(review, se, BLOCKING)
    assert write(review, se, BLOCKING) is first
    assert write(review, other_se, BLOCKING) is not first
    assert write(review, se, SUGGESTION) is not first


def test_withdrawing_twice_is_withdrawing_once(review, se):
    remark = write(review, se, SUGGESTION)
    service.withdraw_remark(remark, review, by=se)
    at = remark.withdrawn_at
    service.withdraw_remark(remark, review, by=se)
    assert remark.withdrawn_at == at
    assert list(live(review)) == []


def test_a_decided_section_takes_notes_only(review, se):
    remark = write(review, se, BLOCKING)
    service.send_feedback(review, by=se)
    for kind in (BLOCKING, SUGGESTION):
        with pytest.raises(Decided):
            write(review, se, kind, text="One more thing.")
    with pytest.raises(Decided):
        service.withdraw_remark(remark, review, by=se)
    assert write(review, se, INTERNAL, text="They called.")


def test_what_was_sent_is_withdrawn_in_the_open_after_an_undo(review, se):
    remark = write(review, se, BLOCKING)
    service.send_feedback(review, by=se)
    service.undo_verdict(review, "webhooks", by=se)
    service.withdraw_remark(remark, review, by=se)
    event = last_event()
    assert (event.kind, event.audience, event.question_key) == ("remark_withdrawn", Audience.PARTNER, QUESTION)

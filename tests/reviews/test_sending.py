import json

import pytest

from portal.extensions import db
from portal.models.event import Audience, Event
from portal.models.outbox import Outbox
from portal.models.review import Remark, Verdict
from portal.reviews import service
from portal.reviews.refusals import NothingToSend
from portal.reviews.rounds import part_of
from portal.reviews.verdicts import without_remarks
from portal.status import IntegrationStatus, RemarkKind, RoundStatus, SectionStatus
from tests.reviews.sent import SIMPLE, status_of

QUESTION = SIMPLE["webhooks"]


def ask(review, by, section="webhooks", kind=RemarkKind.BLOCKING, text="Show the check.", question=QUESTION):
    return service.write_remark(review, section, by=by, kind=kind, text=text, question_key=question)


def events(kind=None):
    db.session.flush()
    query = db.session.query(Event).order_by(Event.id)
    return [event for event in query if kind in (None, event.kind)]


def mails():
    db.session.flush()
    return [json.loads(row.payload) for row in db.session.query(Outbox).order_by(Outbox.id)]


def row_of(review, key):
    return next(section for section in review.integration.sections if section.key == key)


def test_nothing_decided_is_nothing_to_send(review, se):
    with pytest.raises(NothingToSend):
        service.send_feedback(review, by=se)
    ask(review, se, kind=RemarkKind.SUGGESTION)
    ask(review, se, kind=RemarkKind.INTERNAL)
    with pytest.raises(NothingToSend):
        service.send_feedback(review, by=se)
    assert mails() == []


def test_a_correction_opens_the_flagged_questions_only(review, se):
    ask(review, se)
    ask(review, se, text="And the log.")
    ask(review, se, question="duplicates")
    service.send_feedback(review, by=se)
    section = row_of(review, "webhooks")
    assert section.status is SectionStatus.ATTENTION_NEEDED
    assert sorted(section.open_questions) == sorted([QUESTION, "duplicates"])
    assert part_of(review, "webhooks").status is SectionStatus.ATTENTION_NEEDED
    assert status_of(review.integration, "oauth") is SectionStatus.UNDER_REVIEW
    assert review.integration.status is IntegrationStatus.CHANGES_REQUESTED
    assert review.status is RoundStatus.OPEN


def test_the_feed_gets_each_remark_at_its_question_and_the_verdict(review, se):
    ask(review, se)
    ask(review, se, kind=RemarkKind.SUGGESTION, question=None, text="Log them too.")
    ask(review, se, kind=RemarkKind.INTERNAL, text="Secret.")
    before = len(events())
    service.send_feedback(review, by=se)
    new = [(event.kind, event.section_key, event.question_key) for event in events()[before:]]
    assert new == [
        ("remark_sent", "webhooks", QUESTION),
        ("remark_sent", "webhooks", None),
        ("attention_needed", "webhooks", None),
    ]
    assert all(event.audience is Audience.PARTNER for event in events()[before:])


def test_one_mail_a_person_says_everything_and_leads_to_each_question(review, se):
    ask(review, se)
    ask(review, se, kind=RemarkKind.SUGGESTION, section="oauth", question=None, text="Use PKCE.")
    ask(review, se, kind=RemarkKind.INTERNAL, text="Secret.")
    service.approve_section(review, "oauth", by=se)
    service.send_feedback(review, by=se)
    sent = mails()
    assert sorted(mail["to"] for mail in sent) == ["alice@example.com", "bob@example.com"]
    for mail in sent:
        assert mail["subject"] == "1 section approved, 1 needs your attention"
        for body in (mail["text"], mail["html"]):
            assert f"/build/webhooks#q-{QUESTION}" in body
            assert "Show the check." in body
            assert "Use PKCE." in body
            assert "Secret." not in body


def test_markup_in_a_remark_is_only_text_in_the_mail(review, se):
    ask(review, se, text="<script>alert(1)</script>")
    service.send_feedback(review, by=se)
    assert "<script>" not in mails()[0]["html"]
    assert "&lt;script&gt;" in mails()[0]["html"]


def test_suggestions_wait_with_their_section(review, se):
    waiting = ask(review, se, kind=RemarkKind.SUGGESTION, section="oauth", question=None)
    ask(review, se)
    service.send_feedback(review, by=se)
    assert waiting.sent_at is None
    service.approve_section(review, "oauth", by=se)
    service.send_feedback(review, by=se)
    assert waiting.sent_at is not None


def test_sending_twice_sends_once(review, se):
    ask(review, se)
    service.send_feedback(review, by=se)
    count = len(mails())
    with pytest.raises(NothingToSend):
        service.send_feedback(review, by=se)
    assert len(mails()) == count
    assert db.session.query(Verdict).count() == 1


def test_the_round_closes_with_its_last_section(review, se):
    ask(review, se)
    service.send_feedback(review, by=se)
    service.approve_remaining(review, without_remarks(review), by=se)
    assert review.status is RoundStatus.OPEN
    service.send_feedback(review, by=se)
    assert review.status is RoundStatus.CLOSED
    assert review.stopped_at
    assert review.minutes_left is not None
    assert review.days_taken is not None


def test_after_an_undo_the_same_remark_is_not_said_twice(review, se):
    remark = ask(review, se)
    service.send_feedback(review, by=se)
    at = remark.sent_at
    service.undo_verdict(review, "webhooks", by=se)
    service.send_feedback(review, by=se)
    assert remark.sent_at == at
    assert len(events("remark_sent")) == 1
    assert len(events("attention_needed")) == 2
    assert status_of(review.integration, "webhooks") is SectionStatus.ATTENTION_NEEDED


def test_an_approval_resolves_what_was_asked_before(world, review, se):
    from portal.build import submission

    remark = ask(review, se)
    service.send_feedback(review, by=se)
    later = submission.resubmit(review.integration, ["webhooks"], by=world.user("alice"))
    db.session.refresh(remark)
    assert remark.resolved_at is not None
    service.approve_section(later, "webhooks", by=se)
    service.send_feedback(later, by=se)
    assert db.session.query(Remark).filter(Remark.resolved_at.is_(None)).count() == 0
    assert status_of(review.integration, "webhooks") is SectionStatus.APPROVED

import pytest

from portal.build import submission
from portal.extensions import db
from portal.models.event import Event
from portal.models.review import Verdict
from portal.refusals import Invalid, StaleDraft
from portal.reviews import service
from portal.reviews.refusals import Decided, NothingToUndo, PartnerHasBegun, StillBlocked, WithThePartner
from portal.reviews.rounds import part_of
from portal.reviews.verdicts import standing, without_remarks
from portal.status import IntegrationStatus, RemarkKind, RoundStatus, SectionStatus
from tests.reviews.sent import SIMPLE, answer, status_of

QUESTION = SIMPLE["webhooks"]


def ask(review, by, section="webhooks", question=QUESTION, text="Show the check."):
    return service.write_remark(review, section, by=by, kind=RemarkKind.BLOCKING, text=text, question_key=question)


def kinds(review):
    db.session.flush()
    return [event.kind for event in db.session.query(Event).filter_by(integration_id=review.integration_id).order_by(Event.id)]


def test_an_approval_is_a_draft_that_the_partner_does_not_see(review, se):
    service.approve_section(review, "webhooks", by=se)
    assert status_of(review.integration, "webhooks") is SectionStatus.UNDER_REVIEW
    assert part_of(review, "webhooks").status is SectionStatus.UNDER_REVIEW
    assert "section_approved" not in kinds(review)


def test_approving_twice_is_one_verdict(review, se, other_se):
    first = service.approve_section(review, "webhooks", by=se)
    assert service.approve_section(review, "webhooks", by=other_se) is first
    assert db.session.query(Verdict).count() == 1


def test_a_section_that_asks_for_a_correction_is_not_approved(review, se):
    remark = ask(review, se)
    with pytest.raises(StillBlocked) as refused:
        service.approve_section(review, "webhooks", by=se)
    assert "asks for a correction" in refused.value.words
    service.withdraw_remark(remark, review, by=se)
    assert service.approve_section(review, "webhooks", by=se).status is SectionStatus.APPROVED


@pytest.mark.parametrize("kind", [RemarkKind.SUGGESTION, RemarkKind.INTERNAL])
def test_suggestions_and_notes_do_not_stand_in_the_way(review, se, kind):
    service.write_remark(review, "webhooks", by=se, kind=kind, text="Nice.", question_key=None)
    assert service.approve_section(review, "webhooks", by=se)


def test_a_section_of_another_round_cannot_be_approved(review, se):
    with pytest.raises(Invalid):
        service.approve_section(review, "no-such-section", by=se)


def test_a_drafted_approval_is_taken_back_quietly(review, se):
    service.approve_section(review, "webhooks", by=se)
    service.undo_verdict(review, "webhooks", by=se)
    assert standing(review, "webhooks") is None
    assert "verdict_undone" not in kinds(review)
    with pytest.raises(NothingToUndo):
        service.undo_verdict(review, "webhooks", by=se)


def test_a_correction_takes_a_colleagues_drafted_approval_back(review, se, other_se):
    verdict = service.approve_section(review, "webhooks", by=se)
    ask(review, other_se)
    assert verdict.undone_by_id == other_se.id
    assert standing(review, "webhooks") is None


def test_a_sent_approval_is_undone_with_its_history(review, se, other_se):
    service.approve_section(review, "webhooks", by=se)
    service.send_feedback(review, by=se)
    assert status_of(review.integration, "webhooks") is SectionStatus.APPROVED
    with pytest.raises(Decided):
        service.approve_section(review, "webhooks", by=other_se)
    verdict = service.undo_verdict(review, "webhooks", by=other_se)
    assert (verdict.by_id, verdict.undone_by_id) == (se.id, other_se.id)
    assert status_of(review.integration, "webhooks") is SectionStatus.UNDER_REVIEW
    assert kinds(review)[-1] == "verdict_undone"
    assert review.integration.status is IntegrationStatus.SUBMITTED


def test_undoing_the_last_correction_makes_the_integration_submitted_again(review, se):
    ask(review, se)
    service.send_feedback(review, by=se)
    assert review.integration.status is IntegrationStatus.CHANGES_REQUESTED
    service.undo_verdict(review, "webhooks", by=se)
    assert review.integration.status is IntegrationStatus.SUBMITTED
    section = next(one for one in review.integration.sections if one.key == "webhooks")
    assert section.open_questions == []


def test_a_correction_that_the_partner_has_begun_cannot_be_undone(world, review, se):
    ask(review, se)
    service.send_feedback(review, by=se)
    answer(review.integration, QUESTION, "no", by=world.user("bob"))
    with pytest.raises(PartnerHasBegun):
        service.undo_verdict(review, "webhooks", by=se)


def test_a_changed_section_comment_counts_as_begun(review, se):
    ask(review, se)
    service.send_feedback(review, by=se)
    next(one for one in review.integration.sections if one.key == "webhooks").comment = "We are on it"
    with pytest.raises(PartnerHasBegun):
        service.undo_verdict(review, "webhooks", by=se)


def test_a_section_that_was_sent_again_is_decided_in_its_new_round_only(world, review, se):
    ask(review, se)
    service.send_feedback(review, by=se)
    later = submission.resubmit(review.integration, ["webhooks"], by=world.user("bob"))
    with pytest.raises(WithThePartner):
        service.undo_verdict(review, "webhooks", by=se)
    service.approve_section(later, "webhooks", by=se)
    service.send_feedback(later, by=se)
    assert later.status is RoundStatus.CLOSED
    assert review.status is RoundStatus.OPEN


def test_a_certified_integration_that_loses_an_approval_is_submitted_again(review, se):
    service.approve_remaining(review, without_remarks(review), by=se)
    service.send_feedback(review, by=se)
    review.integration.status = IntegrationStatus.LIVE
    review.integration.certified_at = review.submitted_at
    service.undo_verdict(review, "oauth", by=se)
    assert review.integration.status is IntegrationStatus.SUBMITTED
    assert review.integration.certified_at is None
    assert review.status is RoundStatus.OPEN


def test_all_the_rest_is_approved_without_those_that_have_remarks(review, se):
    ask(review, se)
    service.write_remark(review, "oauth", by=se, kind=RemarkKind.SUGGESTION, text="Use state too.")
    remaining = without_remarks(review)
    assert len(remaining) == 8
    assert not {"webhooks", "oauth"} & set(remaining)
    service.approve_remaining(review, remaining, by=se)
    assert without_remarks(review) == []


def test_a_remark_that_came_in_between_stops_the_approval_of_the_rest(review, se, other_se):
    confirmed = without_remarks(review)
    ask(review, other_se)
    with pytest.raises(StaleDraft):
        service.approve_remaining(review, confirmed, by=se)
    assert db.session.query(Verdict).count() == 0


def test_approving_nothing_is_refused(review, se):
    with pytest.raises(Invalid):
        service.approve_remaining(review, [], by=se)

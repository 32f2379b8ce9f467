"""Decisions on sections: drafted by a reviewer, sent with the feedback, and undone with everything kept on record."""

from collections.abc import Sequence

from sqlalchemy import exists, func, or_, select

from portal import clock, timeline
from portal.extensions import db
from portal.models.evidence import File
from portal.models.integration import Answer
from portal.models.people import User
from portal.models.review import Remark, Round, RoundSection, Verdict
from portal.refusals import Invalid, StaleDraft
from portal.reviews.clock import start
from portal.reviews.refusals import NothingToUndo, PartnerHasBegun, StillBlocked, WithThePartner
from portal.reviews.rounds import UNDER_REVIEW, decide, has_moved_on, lock, part_of, section_of, undecided
from portal.status import RemarkKind, RoundStatus, SectionStatus
from portal.timeline.build import ReviewDrafted, VerdictUndone


def approve_section(review: Round, section_key: str, *, by: User) -> Verdict:
    """Drafted until the feedback is sent; approving twice is one verdict. Raises StillBlocked, Decided, WithThePartner."""
    lock(review)
    undecided(review, section_key)
    if drafted := standing(review, section_key):
        return drafted
    if corrections := _corrections(review, section_key):
        raise StillBlocked(corrections)
    verdict = Verdict(round_id=review.id, section_key=section_key, status=SectionStatus.APPROVED, by_id=by.id)
    db.session.add(verdict)
    _note(review, section_key, "approved this section, not sent yet", by)
    return verdict


def approve_remaining(review: Round, section_keys: Sequence[str], *, by: User) -> None:
    """Approve the sections that a confirmation page listed.

    Raises StaleDraft when one of them is no longer free of remarks, Invalid without any.
    """
    if not section_keys:
        raise Invalid({"section": "There is no section to approve."})
    lock(review)
    if not set(section_keys) <= set(without_remarks(review)):
        raise StaleDraft("A colleague worked on one of these sections in the meantime. Nothing was approved; look again.")
    for key in section_keys:
        approve_section(review, key, by=by)


def without_remarks(review: Round) -> list[str]:
    """The sections that wait for a decision and have neither a verdict nor a remark for the partner, in catalog order."""
    db.session.flush()
    said = exists().where(
        Remark.round_id == review.id,
        Remark.section_key == RoundSection.section_key,
        Remark.kind != RemarkKind.INTERNAL,
        Remark.withdrawn_at.is_(None),
    )
    decided = exists().where(
        Verdict.round_id == review.id, Verdict.section_key == RoundSection.section_key, Verdict.undone_at.is_(None)
    )
    waiting = select(RoundSection.section_key).where(
        RoundSection.round_id == review.id, RoundSection.status == UNDER_REVIEW, ~said, ~decided
    )
    return list(db.session.scalars(waiting.order_by(RoundSection.id)))


def undo_verdict(review: Round, section_key: str, *, by: User) -> Verdict:
    """Take back the latest decision. One that was sent puts the section Under Review again, with the clock as it stood.

    Raises NothingToUndo, WithThePartner, PartnerHasBegun.
    """
    lock(review)
    verdict = standing(review, section_key)
    if verdict is None:
        raise NothingToUndo
    if verdict.sent_at is None:
        _undo(verdict, by)
        _note(review, section_key, "took the approval back before it was sent", by)
        return verdict
    _check_untouched(review, verdict)
    _undo(verdict, by)
    decide(review, section_key, UNDER_REVIEW)
    if review.status is RoundStatus.CLOSED:
        start(review, at=clock.now())
    timeline.record(VerdictUndone(verdict.status), by=by, integration=review.integration, section_key=section_key)
    return verdict


def take_back(review: Round, section_key: str, *, by: User) -> None:
    """A drafted approval gives way to a correction."""
    verdict = standing(review, section_key)
    if verdict is not None and verdict.sent_at is None:
        _undo(verdict, by)
        _note(review, section_key, "took the approval back to ask for a correction", by)


def standing(review: Round, section_key: str) -> Verdict | None:
    """The decision on a section that holds, sent or not."""
    db.session.flush()
    wanted = select(Verdict).where(
        Verdict.round_id == review.id, Verdict.section_key == section_key, Verdict.undone_at.is_(None)
    )
    return db.session.scalars(wanted.order_by(Verdict.id.desc())).first()


def _undo(verdict: Verdict, by: User) -> None:
    verdict.undone_at, verdict.undone_by_id = clock.now(), by.id


def _corrections(review: Round, section_key: str) -> int:
    """How many corrections of this round stand in a section."""
    return (
        db.session.scalar(
            select(func.count(Remark.id)).where(
                Remark.round_id == review.id,
                Remark.section_key == section_key,
                Remark.kind == RemarkKind.BLOCKING,
                Remark.withdrawn_at.is_(None),
                Remark.resolved_at.is_(None),
            )
        )
        or 0
    )


def _check_untouched(review: Round, verdict: Verdict) -> None:
    """What the reviewer saw must still be what stands there, since it will be judged again."""
    if has_moved_on(review, verdict.section_key):
        raise WithThePartner
    if _asked_more(review, verdict.section_key):
        raise WithThePartner
    if verdict.status is SectionStatus.ATTENTION_NEEDED and _touched(review, verdict):
        raise PartnerHasBegun


def _asked_more(review: Round, section_key: str) -> bool:
    """Whether another answer opened questions that this round has never seen."""
    asked = part_of(review, section_key).snapshot["asked"]
    return not set(section_of(review, section_key).open_questions) <= set(asked)


def _touched(review: Round, verdict: Verdict) -> bool:
    place = {"integration_id": review.integration_id, "section_key": verdict.section_key}
    answered = select(Answer.id).filter_by(**place).where(Answer.updated_at > verdict.sent_at)
    files = select(File.id).filter_by(**place)
    files = files.where(or_(File.uploaded_at > verdict.sent_at, File.removed_at > verdict.sent_at))
    section = section_of(review, verdict.section_key)
    commented = section.comment != part_of(review, verdict.section_key).snapshot["comment"]
    return commented or bool(db.session.scalar(select(or_(exists(answered), exists(files)))))


def _note(review: Round, section_key: str, what: str, by: User) -> None:
    timeline.record(ReviewDrafted(what), by=by, integration=review.integration, section_key=section_key)

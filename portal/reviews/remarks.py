"""Remarks: corrections that block, suggestions, and notes that stay with the staff."""

from collections.abc import Sequence

from sqlalchemy import select

from portal import clock, timeline
from portal.catalog import certification
from portal.extensions import db
from portal.models.people import User
from portal.models.review import Remark, Round, RoundSection
from portal.refusals import Invalid
from portal.reviews.refusals import Decided
from portal.reviews.rounds import UNDER_REVIEW, lock, part_of, undecided
from portal.reviews.typed import clean
from portal.reviews.verdicts import take_back
from portal.status import REMARK, RemarkKind
from portal.timeline.build import InternalNoteWritten, RemarkWithdrawn, ReviewDrafted

MOST = 5000
"""Characters."""


def write_remark(
    review: Round, section_key: str, *, by: User, kind: RemarkKind, text: str, question_key: str | None = None
) -> Remark:
    """A draft until the feedback is sent; an internal note is final at once. The same remark twice is one.

    A correction takes a drafted approval of its section back. Raises Invalid, Decided, WithThePartner.
    """
    words = clean(text, field="text", most=MOST)
    lock(review)
    part = part_of(review, section_key)
    _check_place(review, part, kind, question_key)
    if kind is not RemarkKind.INTERNAL:
        undecided(review, section_key)
    if same := _same(review, section_key, kind=kind, text=words, question_key=question_key, by=by):
        return same
    if kind is RemarkKind.BLOCKING:
        take_back(review, section_key, by=by)
    return _store(review, section_key, by=by, kind=kind, text=words, question_key=question_key)


def withdraw_remark(remark: Remark, review: Round, *, by: User) -> None:
    """Nothing happens when it is withdrawn already. Raises Decided while the partner is acting on it."""
    lock(review)
    db.session.refresh(remark)
    if remark.withdrawn_at is not None:
        return
    if remark.sent_at and part_of(review, remark.section_key).status is not UNDER_REVIEW:
        raise Decided
    remark.withdrawn_at = clock.now()
    what = f"withdrew a remark ({REMARK[remark.kind].words.lower()})"
    timeline.record(
        RemarkWithdrawn(remark.text) if remark.sent_at else ReviewDrafted(what, remark.text),
        by=by,
        integration=review.integration,
        section_key=remark.section_key,
        question_key=remark.question_key,
    )


def find(review: Round, remark_key: str) -> Remark | None:
    wanted = select(Remark).where(Remark.round_id == review.id, Remark.key == remark_key)
    return db.session.execute(wanted).scalar_one_or_none()


def _check_place(review: Round, part: RoundSection, kind: RemarkKind, question_key: str | None) -> None:
    """A correction names a question that was asked; nothing names a question of another section."""
    if question_key is None:
        if kind is RemarkKind.BLOCKING:
            raise Invalid({"question": "Choose the question that must be corrected."})
        return
    catalog = certification(review.catalog_version)
    if question_key not in {question.key for question in catalog.section(part.section_key).questions}:
        raise Invalid({"question": "This question is not part of this section."})
    if kind is RemarkKind.BLOCKING and question_key not in asked(part):
        raise Invalid({"question": "This question was not asked, so nothing can be corrected there."})


def asked(part: RoundSection) -> set[str]:
    """The questions of a part that applied when it was sent."""
    return set(part.snapshot["asked"])


def _same(review: Round, section_key: str, *, kind: RemarkKind, text: str, question_key: str | None, by: User) -> Remark | None:
    return db.session.scalars(
        select(Remark).where(
            Remark.round_id == review.id,
            Remark.section_key == section_key,
            Remark.question_key.is_(None) if question_key is None else Remark.question_key == question_key,
            Remark.kind == kind,
            Remark.text == text,
            Remark.author_id == by.id,
            Remark.withdrawn_at.is_(None),
        )
    ).first()


def _store(review: Round, section_key: str, *, by: User, kind: RemarkKind, text: str, question_key: str | None) -> Remark:
    remark = Remark(
        integration_id=review.integration_id,
        round_id=review.id,
        section_key=section_key,
        question_key=question_key,
        kind=kind,
        text=text,
        author=by,
    )
    db.session.add(remark)
    note = InternalNoteWritten(text)
    drafted = ReviewDrafted(f"drafted a remark ({REMARK[kind].words.lower()})", text)
    timeline.record(
        note if kind is RemarkKind.INTERNAL else drafted,
        by=by,
        integration=review.integration,
        section_key=section_key,
        question_key=question_key,
    )
    return remark


def live(review: Round) -> Sequence[Remark]:
    """What was said in this round and still stands, internal notes left out, in the order of writing."""
    db.session.flush()
    return db.session.scalars(
        select(Remark)
        .where(
            Remark.round_id == review.id,
            Remark.kind != RemarkKind.INTERNAL,
            Remark.withdrawn_at.is_(None),
            Remark.resolved_at.is_(None),
        )
        .order_by(Remark.id)
    ).all()
